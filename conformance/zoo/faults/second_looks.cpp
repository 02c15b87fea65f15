// What looks right until somebody looks a second time: another request, another event, the name
// once more.

#include <algorithm>
#include <mutex>
#include <vector>

#include "conformance/zoo/condition_layer.hpp"
#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using Room = std::span<const ws2::MutableByteView>;
using Octets = std::span<const ws2::ByteView>;

class AnswerOfTheCallerBefore : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict != kAccept || offer.callee_capacity == 0) return decision;
    if (decision.callee_data.empty() && !last_.empty()) {
      reached();
      decision.callee_data = last_;
    } else if (!decision.callee_data.empty() && decision.callee_data_valid) {
      last_ = decision.callee_data;
    }
    return decision;
  }
  ws2::Bytes last_;
};

class QualityOfTheCallerBefore : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Offer shown = offer;
    if (!offer.qos && last_) {
      reached();
      shown.qos = last_;
    }
    if (offer.qos) last_ = offer.qos;
    ws2::Decision decision = condition(shown);
    if (!offer.qos) decision.qos.reset();
    return decision;
  }
  std::optional<ws2::Qos> last_;
};

// A request behind one that was rejected is told of only once something was accepted.
class RejectingEnablesNothing : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = EventLayer::accept(call, accepted);
    is_muted_ = error == WSAECONNREFUSED;
    return error;
  }

 private:
  void change(ws2::NetworkEvents& events) override {
    if (!is_muted_ || (events.bits & ws2::fd::kAccept) == 0) return;
    reached();
    events.bits &= ~ws2::fd::kAccept;
  }
  bool is_muted_ = false;
};

// What an accepted socket was sent before it was accepted is not recorded for it.
class InheritedSelectionForgets : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;

 private:
  void on_accepted(LayeredSocket& made) override {
    ws2::NetworkEvents past;
    if (made.event_mask() == 0 || made.enumerate_events(nullptr, past) != 0) return;
    if ((past.bits & ws2::fd::kRead) != 0) reached();
  }
};

// The connect is done for the event as soon as the transport is.
class ConnectedBeforeTheVerdict : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int connect(const ws2::ConnectCall& call) override {
    const int error = EventLayer::connect(call);
    if (error == WSAEWOULDBLOCK && limits().delayed_accept && add(ws2::fd::kConnect)) reached();
    return error;
  }
};

class EmptySendEndsAStream : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(Octets buffers, bool end_of_message, std::size_t& sent) override {
    const int error = inner().send(buffers, end_of_message, sent);
    if (error != 0 || limits().message_boundaries || sent != 0) return error;
    reached();
    (void)inner().shutdown(ws2::ShutdownHow::kSend);
    return 0;
  }
};

// A disconnect that finds the way full does not wait for room, nor for its turn.
class FullWayAbortsTheEnd : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    return gives_up() ? 0 : inner().send_disconnect(data);
  }
  int shutdown(ws2::ShutdownHow how) override {
    return how != ws2::ShutdownHow::kReceive && gives_up() ? 0 : inner().shutdown(how);
  }

 private:
  bool gives_up() {
    ws2::Readiness now;
    if (inner().readiness(now) != 0 || now.writable || now.ended || !is_sending_) return false;
    reached();
    inner().set_linger({.on = true, .seconds = 0});
    inner().close();
    return true;
  }
  int send(Octets buffers, bool end_of_message, std::size_t& sent) override {
    const int error = inner().send(buffers, end_of_message, sent);
    is_sending_ = is_sending_ || error == WSAEWOULDBLOCK;
    return error;
  }
  bool is_sending_ = false;
};

class SevenBits : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const auto limit = limits().disconnect_data;
    if (!limit || !data || data->size() > *limit) return inner().send_disconnect(data);
    ws2::Bytes narrow(data->begin(), data->end());
    for (std::uint8_t& octet : narrow) {
      constexpr std::uint8_t kHighest = 0x80;
      if ((octet & kHighest) != 0) reached();
      octet = static_cast<std::uint8_t>(octet & ~kHighest);
    }
    return inner().send_disconnect(ws2::ByteView(narrow));
  }
};

// Once somebody has ended the connection has no other end any more.
template <bool kOwn>
class NameIsLost : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const int error = inner().send_disconnect(data);
    if (error == 0) has_ended_ = true;
    return error;
  }
  int peer_name(ws2::Endpoint& name) override {
    ws2::Readiness now;
    const int error = inner().peer_name(name);
    if (error != 0 || inner().readiness(now) != 0) return error;
    if (kOwn ? !has_ended_ : !(now.ended && *now.ended == 0)) return error;
    reached();
    return WSAENOTCONN;
  }

 private:
  bool has_ended_ = false;
};

// What comes is given to the receive that was begun last.
class LastReceiveComesFirst : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int start_receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received,
                    ws2::OverlappedDone done) override {
    const auto own = std::make_shared<ws2::Bytes>(buffers.empty() ? 0 : buffers.front().size());
    const ws2::MutableByteView room(*own);
    {
      const std::lock_guard lock(pending_->mutex);
      pending_->waiting.push_back({{buffers.begin(), buffers.end()}, std::move(done)});
    }
    // The layer may be gone when it is over.
    const auto over = [pending = pending_, own](const ws2::OverlappedOutcome& outcome) {
      pending->complete(*own, outcome);
    };
    const int error = inner().start_receive({&room, 1}, call, received, over);
    if (error == WSA_IO_PENDING) return error;
    const std::lock_guard lock(pending_->mutex);
    if (error == 0 && !buffers.empty()) {
      std::copy_n(own->begin(), received.bytes, buffers.front().begin());
    }
    pending_->waiting.pop_back();
    return error;
  }

 private:
  struct Waiting {
    std::vector<ws2::MutableByteView> buffers;
    ws2::OverlappedDone done;
  };
  struct Pending {
    std::mutex mutex;
    std::vector<Waiting> waiting;

    void complete(const ws2::Bytes& octets, const ws2::OverlappedOutcome& outcome) {
      Waiting last;
      {
        const std::lock_guard lock(mutex);
        if (waiting.size() > 1 && outcome.bytes > 0) reached();
        last = std::move(waiting.back());
        waiting.pop_back();
      }
      if (!last.buffers.empty()) {
        const std::size_t count = std::min(outcome.bytes, last.buffers.front().size());
        std::copy_n(octets.begin(), count, last.buffers.front().begin());
      }
      last.done(outcome);
    }
  };
  std::shared_ptr<Pending> pending_ = std::make_shared<Pending>();
};

// Whoever waits for a receive that the end or a reset completes waits for ever.
template <bool kReset>
class EndForgetsTheReceive : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int start_receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received,
                    ws2::OverlappedDone done) override {
    return inner().start_receive(
        buffers, call, received, [done = std::move(done)](const ws2::OverlappedOutcome& outcome) {
          const bool is_end =
              outcome.error == WSAEDISCON || (outcome.error == 0 && outcome.bytes == 0);
          if (kReset ? outcome.error != WSAECONNRESET : !is_end) return done(outcome);
          reached();
        });
  }
};

}  // namespace

Faults second_look_faults() {
  constexpr const char* kOverlapped =
      "WSAWaitForMultipleEvents_returns WSAWaitForMultipleEvents_hang "
      "WSAGetOverlappedResult_error WSAGetOverlappedResult_hang";
  return {
      {"answer-of-the-caller-before", "Who is answered without data gets the last answer's.",
       "UDATA-08 ACC-25", "condition",
       "connect_callee_data connect_callee_len WSAConnect_callee_data WSAConnect_callee_len "
       "WSAConnect_error INV-CALLEE-DATA",
       "", in_sockets<AnswerOfTheCallerBefore>()},
      {"quality-of-the-caller-before", "A request without a quality shows the one of the last.",
       "ACC-19 QOS-13", "condition", "condition_sqos", "", in_sockets<QualityOfTheCallerBefore>()},
      {"rejecting-enables-nothing", "A WSAAccept that rejects does not enable FD_ACCEPT.",
       "ACC-16 EVT-04 EVT-18", "WSAAccept",
       "FD_ACCEPT_error FD_ACCEPT_event FD_ACCEPT_hang WSAEnumNetworkEvents_network_events "
       "WSAWaitForMultipleEvents_returns",
       "defer-does-not-enable-the-event", in_sockets<RejectingEnablesNothing>()},
      {"inherited-selection-forgets",
       "FD_READ is not recorded for what an accepted socket was sent before it was accepted.",
       "EVT-08 EVT-11", "accept WSAAccept", "FD_READ_hang WSAEnumNetworkEvents_network_events", "",
       in_sockets<InheritedSelectionForgets>()},
      {"connected-before-the-verdict", "FD_CONNECT tells of success before the server has decided.",
       "EVT-16 ACC-38 EVT-27", "WSAEventSelect FD_CONNECT",
       "FD_CONNECT_error FD_CONNECT_event WSAEnumNetworkEvents_*",
       "no-connect-event-before-the-verdict", in_sockets<ConnectedBeforeTheVerdict>()},
      {"empty-send-ends-a-stream", "A send of no octets ends the sending of a byte stream.",
       "TEAR-27 TEAR-31", "send WSASend",
       "INV-AFTER-END INV-GRACEFUL WSARecv_* WSASend_error WSASend_reading WSASend_returns "
       "receive_* recv_* recv_hang send_error send_reading send_returns",
       "", in_sockets<EmptySendEndsAStream>()},
      {"full-way-aborts-the-end", "A disconnect that finds the way full is abortive.",
       "TEAR-04 TEAR-07 CLOSE-02", "fill",
       "WSAEDISCON_error WSAEDISCON_reading WSAEDISCON_returns WSARecv_error WSARecv_reading "
       "WSARecv_returns closesocket_error closesocket_reading closesocket_returns drain_* "
       "receive_* recv-zero_error recv-zero_reading recv-zero_returns recv_error recv_reading "
       "recv_returns",
       "", in_sockets<FullWayAbortsTheEnd>()},
      {"disconnect-data-has-seven-bits", "Disconnect data loses the highest bit of its octets.",
       "UDATA-24 TEAR-05", "WSASendDisconnect",
       "WSARecvDisconnect_data INV-DISCONNECT-DATA getsockopt_data",
       "disconnect-data-of-every-size", in_sockets<SevenBits>()},
      {"own-end-loses-the-name", "After WSASendDisconnect getpeername fails with WSAENOTCONN.",
       "TEAR-07 SEED-A17", "getpeername",
       "getpeername_error getpeername_reading getpeername_returns", "",
       in_sockets<NameIsLost<true>>()},
      {"peers-end-loses-the-name", "After the peer's end getpeername fails with WSAENOTCONN.",
       "SEED-A17 TEAR-24", "getpeername",
       "getpeername_error getpeername_reading getpeername_returns", "",
       in_sockets<NameIsLost<false>>()},
      {"last-receive-comes-first", "What comes completes the receive that was begun last.",
       "TEAR-04", "WSARecv", "WSAGetOverlappedResult_data WSAGetOverlappedResult_transferred",
       "pending-receives-complete-in-order", in_sockets<LastReceiveComesFirst>()},
      {"reset-forgets-the-receive", "A reset does not end a pending receive.", "TEAR-31 CLOSE-06",
       "WSARecv", kOverlapped, "reset-completes-a-pending-receive",
       in_sockets<EndForgetsTheReceive<true>>()},
      {"end-forgets-the-receive", "The graceful end does not end a pending receive.",
       "TEAR-27 SEED-A15", "WSARecv", kOverlapped, "end-completes-a-pending-receive",
       in_sockets<EndForgetsTheReceive<false>>()},
  };
}

}  // namespace ws2conform::zoo
