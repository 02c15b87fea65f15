// SRT: messages over UDP, acknowledged and in order. The caller data travels with the request as
// its stream ID, and the listener's callback decides; what comes back, and the ends, are messages.

#include <netinet/in.h>
#include <srt/srt.h>

#include <cstring>
#include <string_view>

#include "contenders/all.hpp"
#include "octets.hpp"

namespace bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(port);
  return name;
}

class SrtSocket {
 public:
  explicit SrtSocket(SRTSOCKET s) : s_(s) {
    if (s == SRT_INVALID_SOCK) fail(srt_getlasterror_str());
  }
  ~SrtSocket() { srt_close(s_); }
  SrtSocket(const SrtSocket&) = delete;
  SrtSocket& operator=(const SrtSocket&) = delete;
  SRTSOCKET get() const { return s_; }

 private:
  SRTSOCKET s_;
};

void check(int result) {
  if (result == SRT_ERROR) fail(srt_getlasterror_str());
}

SRTSOCKET make_socket() {
  static const int started = srt_startup();
  check(started);
  // It warns of what is none of our doing.
  srt_setloglevel(LOG_CRIT);
  const SRTSOCKET s = srt_create_socket();
  // No pacing by time stamps, whole messages.
  const SRT_TRANSTYPE type = SRTT_FILE;
  const bool messages = true;
  check(srt_setsockflag(s, SRTO_TRANSTYPE, &type, sizeof type));
  check(srt_setsockflag(s, SRTO_MESSAGEAPI, &messages, sizeof messages));
  return s;
}

void send_part(SRTSOCKET s, Part part) {
  check(srt_sendmsg(s, piece(part).data(), kPiece, -1, 1));
}

void receive_part(SRTSOCKET s, Part part) {
  char octets[2 * kPiece];
  const int count = srt_recvmsg(s, octets, sizeof octets);
  check(count);
  verify(part, {octets, static_cast<std::size_t>(count)});
}

int on_request(void*, SRTSOCKET, int, const sockaddr*, const char* stream_id) {
  const Piece& expected = piece(Part::kCaller);
  return std::string_view(stream_id) == std::string_view(expected.data(), kPiece) ? 0 : -1;
}

class SrtServer final : public Server {
 public:
  SrtServer() : s_(make_socket()) {
    sockaddr_in name = loopback(0);
    int size = sizeof name;
    check(srt_listen_callback(s_.get(), on_request, nullptr));
    check(srt_bind(s_.get(), reinterpret_cast<sockaddr*>(&name), size));
    check(srt_listen(s_.get(), 64));
    check(srt_getsockname(s_.get(), reinterpret_cast<sockaddr*>(&name), &size));
    port_ = ntohs(name.sin_port);
  }

  std::uint16_t port() const override { return port_; }

  void serve_exchange() override {
    const SrtSocket s(srt_accept(s_.get(), nullptr, nullptr));
    send_part(s.get(), Part::kCallee);
    receive_part(s.get(), Part::kRequest);
    send_part(s.get(), Part::kReply);
    receive_part(s.get(), Part::kClientEnd);
    send_part(s.get(), Part::kServerEnd);
    char octet;
    if (srt_recvmsg(s.get(), &octet, 1) != SRT_ERROR) fail("no end");
  }

 private:
  SrtSocket s_;
  std::uint16_t port_;
};

class SrtClient final : public Client {
 public:
  explicit SrtClient(std::uint16_t port) : name_(loopback(port)) {}

  void exchange() override {
    const SrtSocket s(make_socket());
    check(srt_setsockflag(s.get(), SRTO_STREAMID, piece(Part::kCaller).data(), kPiece));
    check(srt_connect(s.get(), reinterpret_cast<const sockaddr*>(&name_), sizeof name_));
    receive_part(s.get(), Part::kCallee);
    send_part(s.get(), Part::kRequest);
    receive_part(s.get(), Part::kReply);
    send_part(s.get(), Part::kClientEnd);
    receive_part(s.get(), Part::kServerEnd);
  }

 private:
  const sockaddr_in name_;
};

}  // namespace

Contender srt() {
  return {.name = "SRT",
          .can = Contender::kExchange,
          .serve = [] { return std::unique_ptr<Server>(new SrtServer); },
          .call = [](std::uint16_t port) { return std::unique_ptr<Client>(new SrtClient(port)); },
          .package = {},
          .remark = "caller data and condition; callee and disconnect data as messages"};
}

}  // namespace bench
