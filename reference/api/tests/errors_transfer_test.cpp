// The errors of send, recv, WSASend and WSARecv.

#include <array>

#include "api/tests/errors.hpp"

namespace ws2 {
namespace {

using E = Errors;

/// send or WSASend, recv or WSARecv: of `size` octets at `octets`.
using Transfer = std::function<int(SOCKET, char* octets, int size, int flags)>;

std::array<char, 70'000> room;

int by_send(SOCKET s, char* octets, int size, int flags) {
  return send(s, octets, size, flags) < 0 ? WSAGetLastError() : 0;
}
int by_recv(SOCKET s, char* octets, int size, int flags) {
  return recv(s, octets, size, flags) < 0 ? WSAGetLastError() : 0;
}
int by_wsa_send(SOCKET s, char* octets, int size, int flags) {
  WSABUF buffer{static_cast<ULONG>(size), octets};
  DWORD sent = 0;
  return E::last(WSASend(s, &buffer, 1, &sent, static_cast<DWORD>(flags), nullptr, nullptr));
}
int by_wsa_recv(SOCKET s, char* octets, int size, int flags) {
  WSABUF buffer{static_cast<ULONG>(size), octets};
  DWORD received = 0;
  auto given = static_cast<DWORD>(flags);
  return E::last(WSARecv(s, &buffer, 1, &received, &given, nullptr, nullptr));
}

SOCKET with_timeout(SOCKET s, int option) {
  const int milliseconds = 10;
  EXPECT_EQ(setsockopt(s, SOL_SOCKET, option, reinterpret_cast<const char*>(&milliseconds),
                       sizeof milliseconds),
            0);
  return s;
}

SOCKET blocking(SOCKET s) {
  u_long off = 0;
  EXPECT_EQ(ioctlsocket(s, FIONBIO, &off), 0);
  return s;
}

void add_errors_of_both(const char* function, const Transfer& transfer,
                        std::vector<ErrorCase>& cases) {
  const auto add = [&](int code, std::function<int()> make) {
    cases.push_back({function, code, std::move(make)});
  };
  add(WSAEFAULT, [=] { return transfer(E::connected("stream").client, nullptr, 1, 0); });
  add(WSAENOTCONN, [=] { return transfer(E::open("stream"), room.data(), 1, 0); });
  add(WSAEOPNOTSUPP,
      [=] { return transfer(E::connected("stream").client, room.data(), 1, MSG_OOB); });
  add(WSAESHUTDOWN, [=] {
    const SOCKET s = E::connected("stream").client;
    EXPECT_EQ(shutdown(s, SD_BOTH), 0);
    return transfer(s, room.data(), 1, 0);
  });
  add(WSAECONNABORTED, [=] { return transfer(E::aborted_end(), room.data(), 1, 0); });
  add(WSAECONNRESET, [=] { return transfer(E::reset_end(), room.data(), 1, 0); });
}

void add_send_errors(const char* function, const Transfer& transfer,
                     std::vector<ErrorCase>& cases) {
  const auto add = [&](int code, std::function<int()> make) {
    cases.push_back({function, code, std::move(make)});
  };
  add_errors_of_both(function, transfer, cases);
  add(WSAEINTR, [=] {
    return E::closed_during([] { return blocking(E::full_end()); },
                            [=](SOCKET s) { return transfer(s, room.data(), 1, 0); });
  });
  add(WSAEWOULDBLOCK, [=] { return transfer(E::full_end(), room.data(), 1, 0); });
  add(WSAEMSGSIZE, [=] {
    return transfer(E::connected("message").client, room.data(), static_cast<int>(room.size()), 0);
  });
}

void add_recv_errors(const char* function, const Transfer& transfer,
                     std::vector<ErrorCase>& cases) {
  const auto add = [&](int code, std::function<int()> make) {
    cases.push_back({function, code, std::move(make)});
  };
  add_errors_of_both(function, transfer, cases);
  add(WSAEINTR, [=] {
    return E::closed_during([] { return E::connected("stream").client; },
                            [=](SOCKET s) { return transfer(s, room.data(), 1, 0); });
  });
  add(WSAEWOULDBLOCK, [=] {
    const SOCKET s = E::connected("stream").client;
    E::set_nonblocking(s);
    return transfer(s, room.data(), 1, 0);
  });
  add(WSAEMSGSIZE, [=] {
    const Pair pair = E::connected("message");
    EXPECT_EQ(E::send_text(pair.client, "long"), 4);
    return transfer(pair.server, room.data(), 1, 0);
  });
  add(WSAETIMEDOUT, [=] {
    return transfer(with_timeout(E::connected("stream").client, SO_RCVTIMEO), room.data(), 1, 0);
  });
}

int graceful_end_of_messages() {
  const Pair pair = E::connected("message");
  EXPECT_EQ(shutdown(pair.client, SD_SEND), 0);
  return by_wsa_recv(pair.server, room.data(), 1, 0);
}

/// An overlapped operation, and what became of it when the socket was closed.
struct Started {
  int error;
  int aborted;
};
Started start_and_close(SOCKET s, bool is_send) {
  WSAOVERLAPPED overlapped{};
  WSABUF buffer{static_cast<ULONG>(room.size()), room.data()};
  DWORD flags = 0;
  Started started{};
  started.error = E::last(is_send ? WSASend(s, &buffer, 1, nullptr, 0, &overlapped, nullptr)
                                  : WSARecv(s, &buffer, 1, nullptr, &flags, &overlapped, nullptr));
  E::set_linger(s, 1, 0);
  EXPECT_EQ(closesocket(s), 0);
  DWORD moved = 0;
  started.aborted = E::last(WSAGetOverlappedResult(s, &overlapped, &moved, FALSE, &flags), true);
  return started;
}

int on_a_socket_that_is_not_overlapped() {
  const SOCKET s = WSASocket(AF_INET, SOCK_STREAM, 0, nullptr, 0, 0);
  WSAOVERLAPPED overlapped{};
  WSABUF buffer{1, room.data()};
  return E::last(WSASend(s, &buffer, 1, nullptr, 0, &overlapped, nullptr));
}

}  // namespace

std::vector<ErrorCase> transfer_errors() {
  std::vector<ErrorCase> cases = {
      {"send", WSAETIMEDOUT,
       [] {
         return by_send(with_timeout(blocking(E::full_end()), SO_SNDTIMEO), room.data(), 1, 0);
       }},
      {"WSARecv", WSAEDISCON, graceful_end_of_messages},
      {"WSARecv", WSA_IO_PENDING,
       [] { return start_and_close(E::connected("stream").client, false).error; }},
      {"WSARecv", WSA_OPERATION_ABORTED,
       [] { return start_and_close(E::connected("stream").client, false).aborted; }},
      {"WSASend", WSA_IO_PENDING, [] { return start_and_close(E::full_end(), true).error; }},
      {"WSASend", WSA_OPERATION_ABORTED,
       [] { return start_and_close(E::full_end(), true).aborted; }},
      {"WSASend", WSAEINVAL, on_a_socket_that_is_not_overlapped},
  };
  add_send_errors("send", by_send, cases);
  add_send_errors("WSASend", by_wsa_send, cases);
  add_recv_errors("recv", by_recv, cases);
  add_recv_errors("WSARecv", by_wsa_recv, cases);
  return cases;
}

}  // namespace ws2
