#include "transport.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ws2adapter {
namespace {

struct Socket {
  std::string family;
  std::string bound;
  std::unique_ptr<Listener> listener;
  std::shared_ptr<Link> link;
  bool nonblocking = false;
  bool hard = false;  // closing is abortive
  bool closed = false;
};

// A link is made by connecting or accepting, and a listener by listening: until then there is
// nothing to call anything on.
json what_there_is() {
  const json connected = {{"state", {"connected"}}};
  const json none = json::array();
  const json accept = {
      {"state", {"listening"}}, {"no_addr", none}, {"no_addrlen", none}, {"addr_capacity", none}};
  json wsa_accept = accept;
  wsa_accept["callback_data"] = none;
  const json transfer = {
      {"state", {"connected"}}, {"flags", none}, {"overlapped", none}, {"event", none}};
  return {
      {"bind", {{"state", {"fresh"}}}},
      {"listen", {{"state", {"bound"}}}},
      {"connect", {{"state", {"fresh"}}, {"addr_length", none}}},
      {"WSAConnect", {{"state", {"fresh"}}, {"addr_length", none}, {"sqos", none}, {"gqos", none}}},
      {"accept", accept},
      {"WSAAccept", wsa_accept},
      {"condition",
       {{"verdict", {"CF_ACCEPT", "CF_REJECT", "CF_DEFER"}},
        {"altered_sqos", none},
        {"group", none}}},
      {"send", {{"state", {"connected"}}, {"flags", none}}},
      {"recv", {{"state", {"connected"}}, {"flags", none}}},
      {"WSASend", transfer},
      {"WSARecv", transfer},
      {"shutdown", {{"state", {"connected"}}, {"how", {"SD_SEND"}}}},
      {"WSASendDisconnect", {{"state", {"connected", "receiving-ended"}}}},
      {"WSARecvDisconnect", connected},
      {"closesocket", {{"state", {"fresh", "bound", "listening", "connected", "receiving-ended"}}}},
      {"setsockopt",
       {{"state", {"connected"}},
        {"level", none},
        {"data", none},
        {"option", {"SO_LINGER"}},
        {"value", {{{"onoff", 1}, {"linger", 0}}}}}},
      {"ioctlsocket", {{"command", {"FIONBIO", "FIONREAD"}}}},
      {"getsockname", {{"state", {"listening", "connected"}}}},
      {"getpeername", connected},
  };
}

class Operations {
 public:
  explicit Operations(Transport& transport)
      : transport_(transport),
        adapter_(transport.implementation, transport.version, [this] { reset(); }) {
    json only = what_there_is();
    only.update(transport.only);
    for (const std::string& name : transport.without) only.erase(name);
    adapter_.only(only);
    adapter_.provider(transport.provider);
    offer();
  }

  int serve() {
    const int status = adapter_.serve();
    reset();
    return status;
  }

 private:
  void add(const char* name, const char* fields, Adapter::Call call) {
    if (transport_.without.count(name) == 0) adapter_.operation(name, fields, std::move(call));
  }

  void offer() {
    add("socket", "as provider family?", [this](Request& r) { return socket(r); });
    add("bind", "socket addr", [this](Request& r) {
      parse_address(r.text("addr"));
      sockets_[r].bound = r.text("addr");
      return 0;
    });
    add("listen", "socket backlog", [this](Request& r) { return listen(r); });
    add("connect", "socket addr", [this](Request& r) -> json { return connect(r)["returns"]; });
    add("WSAConnect", "socket addr caller_data? callee_capacity?",
        [this](Request& r) { return connect(r); });
    add("accept", "socket as", [this](Request& r) { return accept(r); });
    add("WSAAccept", "socket as condition?", [this](Request& r) { return accept(r); });
    for (const char* name : {"send", "WSASend"}) {
      add(name, "socket data", [this](Request& r) { return send(r); });
    }
    add("recv", "socket length", [this](Request& r) { return recv(r); });
    add("WSARecv", "socket length", [this](Request& r) {
      json reply = recv(r);
      reply["left_flags"] = json::array();
      return reply;
    });
    add("shutdown", "socket how", [this](Request& r) {
      if (r["how"] != "SD_SEND") throw Unsupported(r["how"].dump());
      return end(r);
    });
    add("WSASendDisconnect", "socket data?", [this](Request& r) { return end(r); });
    add("WSARecvDisconnect", "socket capacity?", [this](Request& r) { return fetch(r); });
    add("closesocket", "socket", [this](Request& r) { return close(r); });
    add("setsockopt", "socket option value", [this](Request& r) {
      const json hard = {{"onoff", 1}, {"linger", 0}};
      if (r["option"] != "SO_LINGER" || r["value"] != hard) throw Unsupported(r.text("option"));
      sockets_[r].hard = true;
      return 0;
    });
    add("ioctlsocket", "socket command argument?", [this](Request& r) { return control(r); });
    add("getsockname", "socket", [this](Request& r) -> json {
      Socket& own = alive(r);
      return {{"returns", 0}, {"addr", own.listener ? own.listener->local : link(own).local}};
    });
    add("getpeername", "socket", [this](Request& r) -> json {
      return {{"returns", 0}, {"addr", link(alive(r)).remote}};
    });
  }

  // Waits, with the lock held.
  template <typename Holds>
  static void wait(const Socket& own, Lock& lock, Holds holds) {
    if (own.nonblocking && !holds()) throw CallFailed("WSAEWOULDBLOCK");
    changes().happened.wait(lock, holds);
  }

  Socket& alive(const Request& request) {
    Socket& own = sockets_[request];
    if (own.closed) throw CallFailed("WSAENOTSOCK");
    return own;
  }

  static Link& link(const Socket& own) {
    if (!own.link) throw Unsupported("a call on a socket without a connection");
    return *own.link;
  }

  // The limits that the hello tells, where the library knows none of its own.
  void limit(const char* name, const Octets& data) const {
    if (data && data->size() > transport_.provider.value(name, std::size_t{0})) {
      throw CallFailed("WSAEFAULT");
    }
  }

  static json into(const Octets& data, const Request& request, const char* capacity,
                   const char* length, const char* field) {
    if (!request.has(capacity)) return {{"returns", 0}, {length, 0}, {field, nullptr}};
    const std::size_t room = request.size(capacity);
    const std::string all = data.value_or("");
    if (all.size() <= room) return {{"returns", 0}, {length, all.size()}, {field, octets(all)}};
    throw CallFailed("WSAEFAULT", {{length, room}, {field, octets(std::string(room, kFiller))}});
  }

  json socket(Request& request) {
    if (request["provider"] != transport_.provider["name"]) {
      throw AdapterError("no provider is called " + request["provider"].dump());
    }
    auto made = std::make_unique<Socket>();
    made->family = request.has("family") ? request.text("family") : "AF_INET";
    return sockets_.add(request, std::move(made));
  }

  json listen(Request& request) {
    Socket& own = alive(request);
    if (own.bound.empty()) throw Unsupported("listen on a socket without an address");
    own.listener = transport_.listen(own.bound, own.family, request.backlog());
    return 0;
  }

  json connect(Request& request) {
    Socket& own = alive(request);
    const Octets data = request.octets("caller_data");
    limit("caller_data_max", data);
    const auto made = transport_.connect(request.text("addr"), data);
    Lock lock(changes().mutex);
    if (own.nonblocking) {
      own.link = made;
      throw CallFailed("WSAEWOULDBLOCK");
    }
    changes().happened.wait(lock, [&] { return made->connected || made->rejected || made->lost; });
    if (!made->connected) {
      made->abort();
      throw CallFailed(made->rejected ? "WSAECONNREFUSED" : "WSAECONNRESET");
    }
    own.link = made;
    return into(made->callee_data, request, "callee_capacity", "callee_len", "callee_data");
  }

  json accept(Request& request) {
    Socket& own = alive(request);
    if (!own.listener) throw Unsupported("accept on a socket that does not listen");
    const std::string name = sockets_.free(request);
    Listener& listener = *own.listener;
    Lock lock(changes().mutex);
    const auto asking = [&] {
      return std::find_if(listener.waiting.begin(), listener.waiting.end(),
                          [](const auto& one) { return one->requested; });
    };
    wait(own, lock, [&] { return asking() != listener.waiting.end(); });
    const std::shared_ptr<Link> made = *asking();
    const auto forget = [&] {
      const auto found = std::find(listener.waiting.begin(), listener.waiting.end(), made);
      if (found != listener.waiting.end()) listener.waiting.erase(found);
    };
    Octets data;
    if (request.has("condition") && request["condition"] == true) {
      std::string verdict = "CF_REJECT";
      const json asked = {
          {"caller_id", made->remote},
          {"caller_data", made->caller_data ? json(octets(*made->caller_data)) : json()},
          {"sqos", nullptr},
          {"gqos", nullptr},
          {"callee_id", made->local},
          {"callee_capacity", transport_.provider.value("callee_data_max", 0)},
          {"same_thread", true}};
      lock.unlock();
      try {
        const Request decision(adapter_.upcall({{"condition", asked}}));
        verdict = decision.text("verdict");
        data = decision.octets("callee_data");
      } catch (...) {
        lock.lock();
        forget();
        made->reject();
        throw;
      }
      lock.lock();
      if (verdict == "CF_DEFER") throw CallFailed("WSATRY_AGAIN");
      if (verdict != "CF_ACCEPT") {
        forget();
        made->reject();
        throw CallFailed("WSAECONNREFUSED");
      }
    }
    forget();
    made->accept(data);
    changes().happened.wait(lock, [&] { return made->connected || made->lost; });
    if (!made->connected) throw CallFailed("WSAECONNRESET");
    auto accepted = std::make_unique<Socket>();
    accepted->family = own.family;
    accepted->link = made;
    sockets_.add(request, std::move(accepted));
    return {{"returns", name}, {"addr", made->remote}};
  }

  json send(Request& request) {
    Socket& own = alive(request);
    const std::string data = request.data();
    Lock lock(changes().mutex);
    Link& peer = link(own);
    wait(own, lock, [&] { return peer.writable() || peer.lost; });
    if (peer.lost) throw CallFailed("WSAECONNRESET");
    peer.send(data);
    return data.size();
  }

  json recv(Request& request) {
    Socket& own = alive(request);
    const std::size_t length = request.size("length");
    Lock lock(changes().mutex);
    Link& peer = link(own);
    wait(own, lock, [&] { return !peer.messages.empty() || peer.ended || peer.lost; });
    const bool stream = transport_.provider["type"] == "SOCK_STREAM";
    if (peer.messages.empty()) {
      if (!peer.ended) throw CallFailed("WSAECONNRESET");
      if (!stream) throw CallFailed("WSAEDISCON");
      return {{"returns", 0}, {"data", ""}};
    }
    std::string message = std::move(peer.messages.front());
    peer.messages.pop_front();
    if (message.size() > length) {
      const std::string rest = message.substr(length);
      message.resize(length);
      if (!stream) throw CallFailed("WSAEMSGSIZE", {{"data", octets(message)}});
      peer.messages.push_front(rest);
    }
    peer.taken();
    return {{"returns", message.size()}, {"data", octets(message)}};
  }

  json end(Request& request) {
    Socket& own = alive(request);
    const Octets data = request.octets("data");
    limit("disconnect_data_max", data);
    Lock lock(changes().mutex);
    Link& peer = link(own);
    if (peer.lost) throw CallFailed("WSAECONNRESET");
    peer.end(data);
    return 0;
  }

  json fetch(Request& request) {
    Socket& own = alive(request);
    Lock lock(changes().mutex);
    Link& peer = link(own);
    if (peer.lost && !peer.ended) throw CallFailed("WSAECONNRESET");
    return into(peer.disconnect_data, request, "capacity", "len", "data");
  }

  json close(Request& request) {
    Socket& own = alive(request);
    own.closed = true;
    own.listener.reset();
    Lock lock(changes().mutex);
    if (own.link && own.hard) {
      own.link->abort();
    } else if (own.link && !own.link->lost) {
      own.link->end(std::nullopt);
    }
    return 0;
  }

  json control(Request& request) {
    Socket& own = alive(request);
    if (request["command"] == "FIONREAD") {
      Lock lock(changes().mutex);
      const Link& peer = link(own);
      return {{"returns", 0}, {"value", peer.messages.empty() ? 0 : peer.messages.front().size()}};
    }
    if (request["command"] != "FIONBIO") throw Unsupported(request.text("command"));
    own.nonblocking = request.number("argument") != 0;
    return {{"returns", 0}, {"value", request.number("argument")}};
  }

  void reset() {
    for (auto& [name, own] : sockets_.all()) {
      {
        const Lock lock(changes().mutex);
        if (own->listener) own->listener->abort();
        if (own->link) own->link->abort();
      }
      own->listener.reset();
    }
    sockets_.all().clear();
  }

  Transport& transport_;
  Adapter adapter_;
  Names<Socket> sockets_;
};

}  // namespace

Changes& changes() {
  static Changes& all = *new Changes;  // outlives the transports' threads
  return all;
}

int serve(Transport& transport) {
  return Operations(transport).serve();
}

std::string to_text(std::string_view data) {
  std::string text = octets(data);
  text.resize(text.find_last_not_of('=') + 1);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string from_text(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return from_octets(text);
}

std::string address_of(const void* address) {
  const auto* const end = static_cast<const sockaddr*>(address);
  char text[INET6_ADDRSTRLEN] = "";
  if (end->sa_family == AF_INET) {
    const auto& own = *static_cast<const sockaddr_in*>(address);
    ::inet_ntop(AF_INET, &own.sin_addr, text, sizeof text);
    return format_address(text, ntohs(own.sin_port));
  }
  if (end->sa_family != AF_INET6) return "";
  const auto& own = *static_cast<const sockaddr_in6*>(address);
  ::inet_ntop(AF_INET6, &own.sin6_addr, text, sizeof text);
  return format_address(text, ntohs(own.sin6_port));
}

std::string local_address(int descriptor) {
  sockaddr_storage end{};
  socklen_t length = sizeof end;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&end), &length);
  return address_of(&end);
}

std::string remote_address(int descriptor) {
  sockaddr_storage end{};
  socklen_t length = sizeof end;
  ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&end), &length);
  return address_of(&end);
}

int listening_socket(const std::string& addr, const std::string& family, int backlog) {
  const auto [host, port] = parse_address(addr);
  sockaddr_storage end{};
  socklen_t length = sizeof(sockaddr_in);
  if (family == "AF_INET") {
    auto& own = reinterpret_cast<sockaddr_in&>(end);
    own.sin_family = AF_INET;
    own.sin_port = htons(port);
    ::inet_pton(AF_INET, host.c_str(), &own.sin_addr);
  } else {
    auto& own = reinterpret_cast<sockaddr_in6&>(end);
    own.sin6_family = AF_INET6;
    own.sin6_port = htons(port);
    ::inet_pton(AF_INET6, host.c_str(), &own.sin6_addr);
    length = sizeof own;
  }
  const int made = ::socket(end.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0 || ::bind(made, reinterpret_cast<const sockaddr*>(&end), length) != 0 ||
      ::listen(made, backlog) != 0) {
    const int error = errno;
    if (made >= 0) ::close(made);
    throw CallFailed(error_name(error));
  }
  return made;
}

}  // namespace ws2adapter
