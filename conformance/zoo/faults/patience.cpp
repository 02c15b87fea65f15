// What time alone brings about: time-outs, and connections that are kept waiting. And messages in
// parts.

#include <chrono>
#include <optional>

#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using Room = std::span<const ws2::MutableByteView>;
using Octets = std::span<const ws2::ByteView>;

int told_as(int error, int from, int to) {
  if (error != from) return error;
  reached();
  return to;
}

class KeepAliveIsAReset : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(Octets buffers, bool end_of_message, std::size_t& sent) override {
    return told(inner().send(buffers, end_of_message, sent));
  }
  int receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received) override {
    return told(inner().receive(buffers, call, received));
  }

 private:
  static int told(int error) { return told_as(error, WSAENETRESET, WSAECONNRESET); }
};

// The number of a receive is put where FD_CLOSE has numbers of its own.
class KeepAliveClosesAsItReceives : public EventLayer {
 public:
  using EventLayer::EventLayer;

 private:
  void change(ws2::NetworkEvents& events) override {
    int& error = events.errors[slot_of(ws2::fd::kClose)];
    if ((events.bits & ws2::fd::kClose) != 0) error = told_as(error, WSAECONNABORTED, WSAENETRESET);
  }
};

class TimeLimitIsNotHeeded : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int set_option(ws2::Option option, int value) override {
    if (option != ws2::Option::kMaxRetransmission) return inner().set_option(option, value);
    reached();
    return 0;
  }
};

class TimedOutIsRefused : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int connect(const ws2::ConnectCall& call) override { return told(inner().connect(call)); }

 private:
  static int told(int error) { return told_as(error, WSAETIMEDOUT, WSAECONNREFUSED); }
  void change(ws2::NetworkEvents& events) override {
    int& error = events.errors[slot_of(ws2::fd::kConnect)];
    if ((events.bits & ws2::fd::kConnect) != 0) error = told(error);
  }
};

class TimedOutIsSpent : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int connect(const ws2::ConnectCall& call) override {
    if (!is_spent_) return inner().connect(call);
    reached();
    return WSAEINVAL;
  }

 private:
  void change(ws2::NetworkEvents& events) override {
    if (events.errors[slot_of(ws2::fd::kConnect)] == WSAETIMEDOUT) is_spent_ = true;
  }
  bool is_spent_ = false;
};

// Who was told of the peer's disconnect has a second to answer it.
class HalfClosedIsGivenUp : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const bool late = told_ && std::chrono::steady_clock::now() - *told_ > std::chrono::seconds(1);
    if (!late) return inner().send_disconnect(data);
    reached();
    return WSAECONNABORTED;
  }

 private:
  void change(ws2::NetworkEvents& events) override {
    if ((events.bits & ws2::fd::kClose) != 0) told_ = std::chrono::steady_clock::now();
  }
  std::optional<std::chrono::steady_clock::time_point> told_;
};

class PartsAreMessages : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(Octets buffers, bool end_of_message, std::size_t& sent) override {
    if (!end_of_message) reached();
    return inner().send(buffers, true, sent);
  }
};

class PartialEndIsOfMessages : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    std::size_t room = 0;
    for (const ws2::MutableByteView& buffer : buffers) room += buffer.size();
    if (error != 0 || !call.partial || received.bytes != 0 || room == 0) return error;
    reached();
    return WSAEDISCON;
  }
};

}  // namespace

Faults patience_faults() {
  return {
      {"keep-alive-is-a-reset", "A connection that keep-alive found broken is told as reset.",
       "TEAR-33", "setsockopt", "recv_error send_error", "silence-found-by-keep-alive",
       in_sockets<KeepAliveIsAReset>()},
      {"keep-alive-closes-as-it-receives",
       "FD_CLOSE of a connection that timed out carries WSAENETRESET.", "EVT-20", "setsockopt",
       "FD_CLOSE_error", "silence-found-by-keep-alive sent-into-silence",
       in_sockets<KeepAliveClosesAsItReceives>()},
      {"time-limit-is-not-heeded", "TCP_MAXRT is taken, and heeded by nothing.",
       "CONN-07 ACC-40 EVT-16 TEAR-32", "setsockopt",
       "FD_CONNECT_error connect_hang WSAConnect_hang FD_CLOSE_error",
       "request-that-nobody-decides blocking-connect-times-out sent-into-silence",
       in_sockets<TimeLimitIsNotHeeded>()},
      {"timed-out-is-refused", "A request that timed out is told as refused.", "EVT-16 ACC-40",
       "setsockopt", "FD_CONNECT_error connect_error WSAConnect_error",
       "request-that-nobody-decides blocking-connect-times-out", in_sockets<TimedOutIsRefused>()},
      {"timed-out-is-spent", "A socket whose request timed out takes no second one.", "CONN-12",
       "setsockopt", "WSAConnect_error", "request-that-nobody-decides",
       in_sockets<TimedOutIsSpent>()},
      {"half-closed-is-given-up",
       "A second after the peer's disconnect the connection is lost to WSASendDisconnect.",
       "SEED-A17 SEED-A18", "WSASendDisconnect", "WSASendDisconnect_returns",
       "step-four-takes-its-time", in_sockets<HalfClosedIsGivenUp>()},
      {"parts-are-messages", "What is sent with MSG_PARTIAL is a message of its own.",
       "FLAG-04 FLAG-05", "WSASend", "WSARecv_data recv_data", "message-in-parts",
       in_sockets<PartsAreMessages>()},
      {"partial-end-is-of-messages",
       "The end is WSAEDISCON also to a receive that takes parts of messages.", "TEAR-29",
       "WSARecv", "WSARecv_returns", "partial-receive-ends-as-a-stream",
       in_sockets<PartialEndIsOfMessages>()},
  };
}

}  // namespace ws2conform::zoo
