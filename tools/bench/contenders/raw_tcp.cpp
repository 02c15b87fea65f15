// The operating system's TCP with blocking calls, as one would write it by hand for this exchange:
// no header is looked at, every part has its known size, framing included in the exchange. For
// requests and bulk there are two: without framing, and with it, which tells what the octets of a
// header cost in the system before any code has looked at them.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "contenders/all.hpp"
#include "octets.hpp"

namespace bench {
namespace {

/// What the frames of `stream` add: 8 octets of header, and in the set-up frames 10 more.
constexpr std::size_t kSetUpHeader = 18;
constexpr std::size_t kHeader = 8;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {
    if (fd < 0) fail("no socket");
  }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(port);
  return name;
}

void send_all(int fd, const char* octets, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(fd, octets, size, MSG_NOSIGNAL);
    if (sent <= 0) fail("send");
    octets += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

template <std::size_t kHeaderSize>
void send_part(int fd, Part part) {
  char frame[kHeaderSize + kPiece] = {};
  std::memcpy(frame + kHeaderSize, piece(part).data(), kPiece);
  send_all(fd, frame, sizeof frame);
}

template <std::size_t kHeaderSize>
void receive_part(int fd, Part part) {
  char frame[kHeaderSize + kPiece];
  std::size_t have = 0;
  while (have < sizeof frame) {
    const ssize_t count = ::recv(fd, frame + have, sizeof frame - have, 0);
    if (count <= 0) fail("recv");
    have += static_cast<std::size_t>(count);
  }
  verify(part, {frame + kHeaderSize, kPiece});
}

void receive_end(int fd) {
  char octet;
  if (::recv(fd, &octet, 1, 0) != 0) fail("no end of the octets");
}

Fd connect_to(std::uint16_t port) {
  Fd fd(::socket(AF_INET, SOCK_STREAM, 0));
  const sockaddr_in name = loopback(port);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    fail("connect");
  }
  return fd;
}

class RawServer : public Server {
 public:
  RawServer() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in name = loopback(0);
    socklen_t size = sizeof name;
    if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 ||
        ::listen(fd_.get(), 1024) != 0 ||
        ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
      fail("listen");
    }
    port_ = ntohs(name.sin_port);
  }

  std::uint16_t port() const override { return port_; }
  std::intptr_t accept() override { return accepted().release(); }

  void serve_accepted(std::intptr_t connection) override {
    const Fd fd(static_cast<int>(connection));
    receive_part<kSetUpHeader>(fd.get(), Part::kCaller);
    send_part<kSetUpHeader>(fd.get(), Part::kCallee);
    receive_part<kHeader>(fd.get(), Part::kRequest);
    send_part<kHeader>(fd.get(), Part::kReply);
    receive_part<kHeader>(fd.get(), Part::kClientEnd);
    receive_end(fd.get());
    // The close that follows ends this direction.
    send_part<kHeader>(fd.get(), Part::kServerEnd);
  }

  void answer_requests() override {
    const Fd fd = accepted();
    Piece octets;
    while (::recv(fd.get(), octets.data(), octets.size(), MSG_WAITALL) > 0) {
      verify(Part::kRequest, octets);
      send_all(fd.get(), piece(Part::kReply).data(), kPiece);
    }
  }

  void take_bulk(std::uint64_t octets) override {
    const Fd fd = accepted();
    static char buffer[kBulkSend];
    for (std::uint64_t position = 0; position < octets;) {
      const ssize_t count = ::recv(fd.get(), buffer, sizeof buffer, 0);
      if (count <= 0) fail("recv");
      verify_pattern(position, {buffer, static_cast<std::size_t>(count)});
      position += static_cast<std::uint64_t>(count);
    }
    send_all(fd.get(), "!", 1);
  }

 protected:
  Fd accepted() { return Fd(::accept(fd_.get(), nullptr, nullptr)); }

 private:
  Fd fd_;
  std::uint16_t port_;
};

class RawClient : public Client {
 public:
  explicit RawClient(std::uint16_t port) : port_(port) {}

  void exchange() override {
    const Fd fd = connect_to(port_);
    send_part<kSetUpHeader>(fd.get(), Part::kCaller);
    receive_part<kSetUpHeader>(fd.get(), Part::kCallee);
    send_part<kHeader>(fd.get(), Part::kRequest);
    receive_part<kHeader>(fd.get(), Part::kReply);
    send_part<kHeader>(fd.get(), Part::kClientEnd);
    ::shutdown(fd.get(), SHUT_WR);
    receive_part<kHeader>(fd.get(), Part::kServerEnd);
    receive_end(fd.get());
  }

  void request_often(int count) override {
    const Fd fd = connect_to(port_);
    Piece octets;
    for (int i = 0; i < count; ++i) {
      send_all(fd.get(), piece(Part::kRequest).data(), kPiece);
      if (::recv(fd.get(), octets.data(), octets.size(), MSG_WAITALL) != kPiece) fail("recv");
      verify(Part::kReply, octets);
    }
  }

  void send_bulk(std::uint64_t octets) override {
    const Fd fd = connect_to(port_);
    for (std::uint64_t position = 0; position < octets; position += kBulkSend) {
      send_all(fd.get(), pattern(position, kBulkSend).data(), kBulkSend);
    }
    char octet;
    if (::recv(fd.get(), &octet, 1, 0) != 1) fail("no confirmation");
  }

 protected:
  Fd connected() const { return connect_to(port_); }

 private:
  std::uint16_t port_;
};

iovec vec(const char* octets, std::size_t size) {
  return {.iov_base = const_cast<char*>(octets), .iov_len = size};
}

class FramedServer final : public RawServer {
 public:
  void answer_requests() override {
    const Fd fd = accepted();
    char frame[kHeader + kPiece];
    while (::recv(fd.get(), frame, sizeof frame, MSG_WAITALL) > 0) {
      verify(Part::kRequest, {frame + kHeader, kPiece});
      send_part<kHeader>(fd.get(), Part::kReply);
    }
  }

  /// Every receive asks for the rest of a frame and the next one's header.
  void take_bulk(std::uint64_t octets) override {
    const Fd fd = accepted();
    static char buffer[kBulkSend];
    char header[kHeader];
    std::size_t missing_header = kHeader;
    std::size_t left = 0;  // of the frame's body
    for (std::uint64_t position = 0; position < octets;) {
      const iovec first[] = {vec(header, missing_header)};
      const iovec rest[] = {vec(buffer, left), vec(header, kHeader)};
      const bool inside = left > 0;
      const ssize_t count = inside ? ::readv(fd.get(), rest, 2) : ::readv(fd.get(), first, 1);
      if (count <= 0) fail("readv");
      const std::size_t body = std::min(left, static_cast<std::size_t>(count));
      verify_pattern(position, {buffer, body});
      position += body;
      left -= body;
      if (inside && left == 0) missing_header = kHeader;
      if (left == 0) missing_header -= static_cast<std::size_t>(count) - body;
      if (left == 0 && missing_header == 0) left = kBulkSend;
    }
    send_all(fd.get(), "!", 1);
  }
};

class FramedClient final : public RawClient {
 public:
  using RawClient::RawClient;

  void request_often(int count) override {
    const Fd fd = connected();
    for (int i = 0; i < count; ++i) {
      send_part<kHeader>(fd.get(), Part::kRequest);
      receive_part<kHeader>(fd.get(), Part::kReply);
    }
  }

  void send_bulk(std::uint64_t octets) override {
    const Fd fd = connected();
    const char header[kHeader] = {};
    for (std::uint64_t position = 0; position < octets; position += kBulkSend) {
      const iovec frame[] = {vec(header, kHeader),
                             vec(pattern(position, kBulkSend).data(), kBulkSend)};
      if (::writev(fd.get(), frame, 2) != static_cast<ssize_t>(kHeader + kBulkSend)) fail("writev");
    }
    char octet;
    if (::recv(fd.get(), &octet, 1, 0) != 1) fail("no confirmation");
  }
};

}  // namespace

Contender raw_tcp() {
  return {.name = "raw TCP",
          .can = Contender::kExchange | Contender::kThreads | Contender::kConnections,
          .serve = [] { return std::unique_ptr<Server>(new RawServer); },
          .call = [](std::uint16_t port) { return std::unique_ptr<Client>(new RawClient(port)); },
          .package = {},
          .remark = "the measure: the same octets and turns"};
}

Contender framed_tcp() {
  return {
      .name = "raw TCP, framed",
      .can = Contender::kConnections,
      .serve = [] { return std::unique_ptr<Server>(new FramedServer); },
      .call = [](std::uint16_t port) { return std::unique_ptr<Client>(new FramedClient(port)); },
      .package = {},
      .remark = "eight octets of header before every send, not looked at"};
}

}  // namespace bench
