// The reference implementation, used as any Winsock program would.

#include <winsock2.h>
// After winsock2.h.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "contenders/all.hpp"
#include "octets.hpp"

namespace bench {
namespace {

[[noreturn]] void fail_with_number(const char* what) {
  const std::string text = std::string(what) + ": " + std::to_string(WSAGetLastError());
  fail(text.c_str());
}

WSABUF buffer(const Piece& octets) {
  return {static_cast<ULONG>(octets.size()), const_cast<CHAR*>(octets.data())};
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(port);
  return name;
}

class Socket {
 public:
  explicit Socket(SOCKET s) : s_(s) {
    if (s == INVALID_SOCKET) fail_with_number("no socket");
  }
  Socket(Socket&& other) noexcept : s_(other.release()) {}
  ~Socket() {
    if (s_ != INVALID_SOCKET) closesocket(s_);
  }
  SOCKET get() const { return s_; }
  SOCKET release() {
    const SOCKET released = s_;
    s_ = INVALID_SOCKET;
    return released;
  }

 private:
  SOCKET s_;
};

class Winsock {
 public:
  Winsock() {
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) fail("WSAStartup");
  }
};

Socket make_socket(int type) {
  // The first provider of the type: stream, message.
  return Socket(socket(AF_INET, type, 0));
}

Socket connect_to(int type, std::uint16_t port) {
  Socket s = make_socket(type);
  const sockaddr_in name = loopback(port);
  WSABUF caller_data = buffer(piece(Part::kCaller));
  Piece octets;
  WSABUF callee_data = buffer(octets);
  if (WSAConnect(s.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name, &caller_data,
                 &callee_data, nullptr, nullptr) != 0) {
    fail_with_number("WSAConnect");
  }
  verify(Part::kCallee, {octets.data(), callee_data.len});
  return s;
}

void send_all(SOCKET s, const char* octets, std::size_t size) {
  while (size > 0) {
    const int sent = send(s, octets, static_cast<int>(size), 0);
    if (sent <= 0) fail_with_number("send");
    octets += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

void receive_part(SOCKET s, Part part) {
  Piece octets;
  std::size_t have = 0;
  while (have < kPiece) {
    const int count = recv(s, octets.data() + have, static_cast<int>(kPiece - have), 0);
    if (count <= 0) fail_with_number("recv");
    have += static_cast<std::size_t>(count);
  }
  verify(part, octets);
}

/// The graceful end, which a message-oriented provider tells as an error.
bool is_end(int received) {
  return received == 0 || (received == SOCKET_ERROR && WSAGetLastError() == WSAEDISCON);
}

void receive_end(SOCKET s, Part part) {
  char octet;
  if (!is_end(recv(s, &octet, 1, 0))) fail_with_number("no graceful end");
  Piece octets;
  WSABUF data = buffer(octets);
  if (WSARecvDisconnect(s, &data) != 0) fail_with_number("WSARecvDisconnect");
  verify(part, {octets.data(), data.len});
}

void send_end(SOCKET s, Part part) {
  WSABUF data = buffer(piece(part));
  if (WSASendDisconnect(s, &data) != 0) fail_with_number("WSASendDisconnect");
}

int CALLBACK accept_all(LPWSABUF, LPWSABUF caller_data, LPQOS, LPQOS, LPWSABUF,
                        LPWSABUF callee_data, GROUP*, DWORD_PTR) {
  const Piece& expected = piece(Part::kCaller);
  const Piece& answer = piece(Part::kCallee);
  if (caller_data == nullptr || caller_data->len != kPiece ||
      !std::equal(expected.begin(), expected.end(), caller_data->buf)) {
    return CF_REJECT;
  }
  std::copy(answer.begin(), answer.end(), callee_data->buf);
  callee_data->len = kPiece;
  return CF_ACCEPT;
}

Socket listen_at_any_port(int type, std::uint16_t& port) {
  Socket s = make_socket(type);
  sockaddr_in name = loopback(0);
  int size = sizeof name;
  if (bind(s.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 || listen(s.get(), 1024) != 0 ||
      getsockname(s.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    fail_with_number("listen");
  }
  port = ntohs(name.sin_port);
  return s;
}

int CALLBACK defer_all(LPWSABUF, LPWSABUF, LPQOS, LPQOS, LPWSABUF, LPWSABUF, GROUP*, DWORD_PTR) {
  return CF_DEFER;
}

class WinsockServer final : public Server {
 public:
  explicit WinsockServer(int type) : type_(type), s_(listen_at_any_port(type, port_)) {}

  std::uint16_t port() const override { return port_; }
  std::intptr_t accept() override { return static_cast<std::intptr_t>(accepted().release()); }

  void serve_accepted(std::intptr_t connection) override {
    const Socket s(static_cast<SOCKET>(connection));
    receive_part(s.get(), Part::kRequest);
    send_all(s.get(), piece(Part::kReply).data(), kPiece);
    receive_end(s.get(), Part::kClientEnd);
    send_end(s.get(), Part::kServerEnd);
  }

  void answer_requests() override {
    const Socket s = accepted();
    Piece octets;
    int count;
    while ((count = recv(s.get(), octets.data(), kPiece, 0)) == kPiece) {
      verify(Part::kRequest, octets);
      send_all(s.get(), piece(Part::kReply).data(), kPiece);
    }
    if (!is_end(count)) fail_with_number("recv");
  }

  void take_bulk(std::uint64_t octets) override {
    const Socket s = accepted();
    static char received[kBulkSend];
    for (std::uint64_t position = 0; position < octets;) {
      const int count = recv(s.get(), received, sizeof received, 0);
      if (count <= 0) fail_with_number("recv");
      verify_pattern(position, {received, static_cast<std::size_t>(count)});
      position += static_cast<std::uint64_t>(count);
    }
    send_all(s.get(), "!", 1);
  }

  void hold_idle(int count) override {
    const WSAEVENT event = WSACreateEvent();
    for (int i = 0; i < count; ++i) {
      held_.push_back(accepted());
      if (WSAEventSelect(held_.back().get(), event, FD_READ | FD_CLOSE) != 0) {
        fail_with_number("WSAEventSelect");
      }
    }
  }

  std::uint16_t defer_port() override {
    std::uint16_t port;
    held_.push_back(listen_at_any_port(type_, port));
    return port;
  }

  void defer() override {
    if (WSAAccept(held_.back().get(), nullptr, nullptr, defer_all, 0) != INVALID_SOCKET ||
        WSAGetLastError() != WSATRY_AGAIN) {
      fail_with_number("WSAAccept, deferring");
    }
  }

 private:
  Socket accepted() { return Socket(WSAAccept(s_.get(), nullptr, nullptr, accept_all, 0)); }

  const Winsock winsock_;
  int type_;
  std::uint16_t port_;
  Socket s_;
  std::vector<Socket> held_;
};

class WinsockClient final : public Client {
 public:
  WinsockClient(int type, std::uint16_t port) : type_(type), port_(port) {}

  void exchange() override {
    const Socket s = connect_to(type_, port_);
    send_all(s.get(), piece(Part::kRequest).data(), kPiece);
    receive_part(s.get(), Part::kReply);
    send_end(s.get(), Part::kClientEnd);
    receive_end(s.get(), Part::kServerEnd);
  }

  void request_often(int count) override {
    const Socket s = connect_to(type_, port_);
    for (int i = 0; i < count; ++i) {
      send_all(s.get(), piece(Part::kRequest).data(), kPiece);
      receive_part(s.get(), Part::kReply);
    }
  }

  void send_bulk(std::uint64_t octets) override {
    const Socket s = connect_to(type_, port_);
    for (std::uint64_t position = 0; position < octets; position += kBulkSend) {
      send_all(s.get(), pattern(position, kBulkSend).data(), kBulkSend);
    }
    char octet;
    if (recv(s.get(), &octet, 1, 0) != 1) fail_with_number("no confirmation");
  }

  void hold_idle(int count) override {
    for (int i = 0; i < count; ++i) held_.push_back(connect_to(type_, port_));
  }

  void hold_deferred(int count, std::uint16_t defer_port) override {
    const sockaddr_in name = loopback(defer_port);
    for (int i = 0; i < count; ++i) {
      Socket s = make_socket(type_);
      u_long nonblocking = 1;
      WSABUF caller_data = buffer(piece(Part::kCaller));
      if (ioctlsocket(s.get(), FIONBIO, &nonblocking) != 0 ||
          WSAConnect(s.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name, &caller_data,
                     nullptr, nullptr, nullptr) == 0 ||
          WSAGetLastError() != WSAEWOULDBLOCK) {
        fail_with_number("a request that is to be deferred");
      }
      held_.push_back(std::move(s));
    }
  }

 private:
  const Winsock winsock_;
  int type_;
  std::uint16_t port_;
  std::vector<Socket> held_;
};

template <int kType>
Contender made(std::string_view name, std::string_view remark) {
  return {.name = name,
          .can = Contender::kExchange | Contender::kThreads | Contender::kConnections |
                 Contender::kHolds,
          .serve = [] { return std::unique_ptr<Server>(new WinsockServer(kType)); },
          .call =
              [](std::uint16_t port) {
                return std::unique_ptr<Client>(new WinsockClient(kType, port));
              },
          .package = {},
          .remark = remark};
}

}  // namespace

Contender ws2_stream() {
  return made<SOCK_STREAM>("ws2 stream", "all of it");
}

Contender ws2_message() {
  return made<SOCK_SEQPACKET>("ws2 message", "all of it");
}

}  // namespace bench
