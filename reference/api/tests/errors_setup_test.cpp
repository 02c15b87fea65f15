// The errors of listen, accept, WSAAccept, connect and WSAConnect.

#include "api/tests/errors.hpp"
#include "api/tests/impatient.hpp"
#include "api/tests/shortage.hpp"

namespace ws2 {
namespace {

using E = Errors;

/// WSAAccept and accept are asked for the same things.
using Accept = std::function<SOCKET(SOCKET)>;

SOCKET plain(SOCKET listener) {
  return accept(listener, nullptr, nullptr);
}
SOCKET conditional(SOCKET listener) {
  Condition condition;
  return condition.accept(listener);
}

PendingCaller call(SOCKET listener) {
  return PendingCaller(E::open("stream"), [&](SOCKET s) { return E::connect_to(s, listener); });
}

int decided(int verdict) {
  const SOCKET listener = E::open_listener("stream");
  [[maybe_unused]] const PendingCaller caller = call(listener);
  Condition condition;
  condition.verdict = verdict;
  return E::last(condition.accept(listener));
}

// Seen by a condition function, and gone before it was decided about. Until the listener has
// noticed, it can still be accepted: then again, with more going on between the two.
int withdrawn(const Accept& accept) {
  for (int tries = 0;; ++tries) {
    const SOCKET listener = E::open_listener("stream");
    const PendingCaller caller = call(listener);
    Condition condition;
    condition.verdict = CF_DEFER;
    EXPECT_EQ(E::last(condition.accept(listener)), WSATRY_AGAIN);
    EXPECT_EQ(closesocket(caller.socket()), 0);
    for (int i = 0; i < tries; ++i) E::connected("stream");
    if (accept(listener) == INVALID_SOCKET) return WSAGetLastError();
  }
}

int timed_out_offer() {
  const Impatient impatient({.offer = std::chrono::milliseconds(20)});
  const SOCKET listener = E::open_listener("stream");
  [[maybe_unused]] const PendingCaller caller = call(listener);
  Condition condition;
  condition.verdict = CF_DEFER;
  int error;
  do {
    error = E::last(condition.accept(listener));
  } while (error == WSATRY_AGAIN);
  return error;
}

int little_room(const std::function<SOCKET(SOCKET, sockaddr*, int*)>& accept) {
  const SOCKET listener = E::open_listener("stream");
  [[maybe_unused]] const PendingCaller caller = call(listener);
  sockaddr_in name;
  int size = sizeof name - 1;
  return E::last(accept(listener, reinterpret_cast<sockaddr*>(&name), &size));
}

int within_condition(const Accept& accept) {
  const SOCKET listener = E::open_listener("stream");
  [[maybe_unused]] const PendingCaller caller = call(listener);
  Condition condition;
  int error = 0;
  condition.meanwhile = [&] { error = E::last(accept(listener)); };
  EXPECT_NE(condition.accept(listener), INVALID_SOCKET);
  return error;
}

int without_descriptors(const Accept& accept) {
  const SOCKET listener = E::idle_listener("tcp");
  const SOCKET caller = E::open("tcp");
  EXPECT_EQ(E::connect_to(caller, listener), 0);
  const Shortage shortage;
  return E::last(accept(listener));
}

int listen_twice_on_a_name() {
  const auto bound = [](const sockaddr_storage& name) {
    const SOCKET s = E::open("stream");
    const int on = 1;
    EXPECT_EQ(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, reinterpret_cast<const char*>(&on), 4), 0);
    EXPECT_EQ(bind(s, reinterpret_cast<const sockaddr*>(&name), E::size_of(name)), 0);
    return s;
  };
  const sockaddr_storage name = E::closed_name();
  const SOCKET first = bound(name);
  const SOCKET second = bound(name);
  EXPECT_EQ(listen(first, 1), 0);
  return E::last(listen(second, 1));
}

// A failed attempt has used up the descriptor, and the name is kept.
int listen_without_descriptors() {
  const SOCKET s = E::open("stream");
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(s, reinterpret_cast<sockaddr*>(&own), sizeof own), 0);
  const sockaddr_storage name = E::closed_name();
  EXPECT_EQ(connect(s, reinterpret_cast<const sockaddr*>(&name), E::size_of(name)), SOCKET_ERROR);
  const Shortage shortage;
  return E::last(listen(s, 1));
}

// connect and WSAConnect.
using Connect = std::function<int(SOCKET, const sockaddr*, int)>;

int by_connect(SOCKET s, const sockaddr* name, int size) {
  return E::last(connect(s, name, size));
}
int by_wsa_connect(SOCKET s, const sockaddr* name, int size) {
  return E::last(WSAConnect(s, name, size, nullptr, nullptr, nullptr, nullptr));
}

int connect_to_name(const Connect& connect, SOCKET s, const sockaddr_storage& name) {
  return connect(s, reinterpret_cast<const sockaddr*>(&name), E::size_of(name));
}

sockaddr_storage address(ULONG host, std::uint16_t port) {
  sockaddr_storage name{};
  auto& in = reinterpret_cast<sockaddr_in&>(name);
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  in.sin_addr.s_addr = htonl(host);
  return name;
}

constexpr ULONG kMulticast = 0xe0000001;

int timed_out_request(const Connect& connect) {
  const Impatient impatient({.request = std::chrono::milliseconds(20)});
  return connect_to_name(connect, E::open("stream"), E::name_of(E::open_listener("stream")));
}

int nonblocking(const Connect& connect, int times) {
  const SOCKET s = E::open("stream");
  E::set_nonblocking(s);
  const sockaddr_storage name = E::name_of(E::open_listener("stream"));
  int error = 0;
  for (int i = 0; i < times; ++i) error = connect_to_name(connect, s, name);
  return error;
}

int interrupted(const Connect& connect) {
  const sockaddr_storage name = E::name_of(E::open_listener("stream"));
  return E::closed_during([] { return E::open("stream"); },
                          [&](SOCKET s) { return connect_to_name(connect, s, name); });
}

void add_connect_errors(const char* function, const Connect& connect,
                        std::vector<ErrorCase>& cases) {
  const auto add = [&](int code, std::function<int()> make) {
    cases.push_back({function, code, std::move(make)});
  };
  add(WSAEINTR, [=] { return interrupted(connect); });
  add(WSAEALREADY, [=] { return nonblocking(connect, 2); });
  add(WSAEADDRNOTAVAIL,
      [=] { return connect_to_name(connect, E::open("stream"), address(INADDR_ANY, 80)); });
  add(WSAEAFNOSUPPORT, [=] {
    return connect_to_name(connect, E::open("stream"),
                           E::name_of(E::open_listener("stream", 1, AF_INET6)));
  });
  add(WSAECONNREFUSED,
      [=] { return connect_to_name(connect, E::open("stream"), E::closed_name()); });
  add(WSAEFAULT, [=] {
    const sockaddr_storage name = E::closed_name();
    return connect(E::open("stream"), reinterpret_cast<const sockaddr*>(&name), 15);
  });
  add(WSAEINVAL,
      [=] { return connect_to_name(connect, E::open_listener("stream"), E::closed_name()); });
  add(WSAEISCONN, [=] {
    const Pair pair = E::connected("stream");
    return connect_to_name(connect, pair.client, E::name_of(pair.listener));
  });
  add(WSAENETUNREACH,
      [=] { return connect_to_name(connect, E::open("stream"), address(kMulticast, 80)); });
  add(WSAETIMEDOUT, [=] { return timed_out_request(connect); });
  add(WSAEWOULDBLOCK, [=] { return nonblocking(connect, 1); });
}

void add_accept_errors(const char* function, const Accept& accept, std::vector<ErrorCase>& cases) {
  const auto add = [&](int code, std::function<int()> make) {
    cases.push_back({function, code, std::move(make)});
  };
  add(WSAECONNRESET, [=] { return withdrawn(accept); });
  add(WSAEINTR, [=] {
    return E::closed_during([] { return E::open_listener("stream"); },
                            [&](SOCKET s) { return E::last(accept(s)); });
  });
  add(WSAEINPROGRESS, [=] { return within_condition(accept); });
  add(WSAEINVAL, [=] { return E::last(accept(E::open("stream"))); });
  add(WSAEMFILE, [=] { return without_descriptors(accept); });
  add(WSAEWOULDBLOCK, [=] { return E::last(accept(E::idle_listener())); });
}

}  // namespace

std::vector<ErrorCase> setup_errors() {
  std::vector<ErrorCase> cases = {
      {"WSAAccept", WSAEACCES, timed_out_offer},
      {"WSAAccept", WSAECONNREFUSED, [] { return decided(CF_REJECT); }},
      {"WSAAccept", WSATRY_AGAIN, [] { return decided(CF_DEFER); }},
      {"WSAAccept", WSAEFAULT,
       [] {
         return little_room([](SOCKET s, sockaddr* name, int* size) {
           return WSAAccept(s, name, size, nullptr, 0);
         });
       }},
      {"accept", WSAEFAULT, [] { return little_room(accept); }},
      {"listen", WSAEADDRINUSE, listen_twice_on_a_name},
      {"listen", WSAEINVAL, [] { return E::last(listen(E::open("stream"), 1)); }},
      {"listen", WSAEISCONN, [] { return E::last(listen(E::connected("stream").client, 1)); }},
      {"listen", WSAEMFILE, listen_without_descriptors},
      {"WSAConnect", WSAEOPNOTSUPP,
       [] {
         QOS qos{};
         const sockaddr_storage name = E::name_of(E::open_listener("tcp"));
         return E::last(WSAConnect(E::open("tcp"), reinterpret_cast<const sockaddr*>(&name),
                                   E::size_of(name), nullptr, nullptr, &qos, nullptr));
       }},
      {"WSAConnect", WSAEPROTONOSUPPORT,
       [] { return E::last(E::connect_to(E::open("tcp"), E::open_listener("tcp"), "x")); }},
  };
  add_accept_errors("WSAAccept", conditional, cases);
  add_accept_errors("accept", plain, cases);
  add_connect_errors("WSAConnect", by_wsa_connect, cases);
  add_connect_errors("connect", by_connect, cases);
  return cases;
}

}  // namespace ws2
