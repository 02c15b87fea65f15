// What a call leaves behind: for the same call again, for the next connection, for what comes
// later.

#include <chrono>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/condition_layer.hpp"
#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using Room = std::span<const ws2::MutableByteView>;

class PeekingTakes : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received) override {
    ws2::ReceiveCall changed = call;
    changed.peek = false;
    const int error = inner().receive(buffers, changed, received);
    if (call.peek && error == 0 && received.bytes > 0) reached();
    return error;
  }
};

class NoRoomTakes : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received) override {
    std::size_t room = 0;
    for (const ws2::MutableByteView& buffer : buffers) room += buffer.size();
    std::size_t waiting = 0;
    if (room > 0 || limits().message_boundaries || inner().available(waiting) != 0 ||
        waiting == 0) {
      return inner().receive(buffers, call, received);
    }
    reached();
    ws2::Bytes dropped(waiting);
    const ws2::MutableByteView all(dropped);
    const int error = inner().receive({&all, 1}, call, received);
    received.bytes = 0;
    return error;
  }
};

// Requests are told apart by the caller's address.
class DeferringTwiceRefuses : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict != kDefer) return decision;
    if (deferred_ == offer.caller) {
      reached();
      decision.verdict = kReject;
    }
    deferred_ = offer.caller;
    return decision;
  }
  std::optional<ws2::Endpoint> deferred_;
};

class DeferredLosesItsData : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Offer shown = offer;
    if (deferred_ == offer.caller && !offer.caller_data.empty()) {
      reached();
      shown.caller_data = {};
    }
    ws2::Decision decision = condition(shown);
    if (decision.verdict == kDefer) deferred_ = offer.caller;
    return decision;
  }
  std::optional<ws2::Endpoint> deferred_;
};

class RejectedDataLeaks : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict == kReject) {
      left_ = decision.callee_data;
    } else if (decision.verdict == kAccept && decision.callee_data.empty() && !left_.empty()) {
      reached();
      decision.callee_data = std::exchange(left_, {});
    }
    return decision;
  }
  ws2::Bytes left_;
};

class FailedDisconnectEnds : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const int error = inner().send_disconnect(data);
    if ((error == WSAEFAULT || error == WSAENOPROTOOPT) && inner().send_disconnect({}) == 0) {
      reached();
    }
    return error;
  }
};

// Who was accepted counts against the backlog for ever.
class AcceptedStayInTheQueue : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    const int error = inner().listen(backlog);
    if (error == 0 && backlog > 0) room_ = backlog;
    return error;
  }
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    ws2::AcceptCall changed = call;
    if (served_ >= room_) {
      changed.condition = [](const ws2::Offer&) {
        reached();
        ws2::Decision full;
        full.verdict = kReject;
        return full;
      };
    }
    const int error = LayeredSocket::accept(changed, accepted);
    if (error == 0) ++served_;
    return error;
  }

 private:
  int room_ = 1 << 20;
  int served_ = 0;
};

class OverlappedOneShort : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int start_receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received,
                    ws2::OverlappedDone done) override {
    return inner().start_receive(buffers, call, received,
                                 [done = std::move(done)](const ws2::OverlappedOutcome& outcome) {
                                   ws2::OverlappedOutcome changed = outcome;
                                   if (outcome.error == 0 && outcome.bytes > 1) {
                                     reached();
                                     --changed.bytes;
                                   }
                                   done(changed);
                                 });
  }
};

// The end of a byte stream as that of messages, in WSARecv alone.
void raw_end_is_of_messages(Api& api) {
  api.WSARecv = [](SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                   LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    const int result =
        reference_api().WSARecv(s, buffers, count, received, flags, overlapped, routine);
    int type = 0;
    int size = sizeof type;
    const bool is_end = result == 0 && overlapped == nullptr && count > 0 && buffers[0].len > 0 &&
                        received != nullptr && *received == 0;
    if (!is_end || reference_api().getsockopt(s, SOL_SOCKET, SO_TYPE,
                                              reinterpret_cast<char*>(&type), &size) != 0) {
      return result;
    }
    if (type != SOCK_STREAM) return result;
    reached();
    WSASetLastError(WSAEDISCON);
    return SOCKET_ERROR;
  };
}

class NoDescriptorIsAnotherError : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = LayeredSocket::accept(call, accepted);
    if (error != WSAEMFILE) return error;
    reached();
    return WSAENOBUFS;
  }
};

class NoDescriptorLosesTheRequest : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    if (std::exchange(has_failed_, false)) {
      reached();
      ws2::Accepted lost;
      if (LayeredSocket::accept({}, lost) == 0) lost.socket->close();
    }
    const int error = LayeredSocket::accept(call, accepted);
    has_failed_ = error == WSAEMFILE;
    return error;
  }

 private:
  bool has_failed_ = false;
};

// closesocket waits for the peer's end although nothing asked it to linger; as long as it takes
// for that to be noticed, as adapters close what a schedule has left.
class ClosingWaits : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(std::span<const ws2::ByteView> buffers, bool end_of_message,
           std::size_t& sent) override {
    has_sent_ = true;
    return inner().send(buffers, end_of_message, sent);
  }
  int close() override {
    constexpr std::chrono::seconds kNoticed{2};
    ws2::Linger linger;
    if (has_sent_ && is_blocking() && inner().get_linger(linger) == 0 && !linger.on &&
        inner().send_disconnect({}) == 0) {
      const auto changed = std::make_shared<ws2::EventObject>();
      ws2::Readiness now;
      if (inner().readiness(now) == 0 && !now.ended && inner().observe(changed) == 0) {
        reached();
        const auto until = std::chrono::steady_clock::now() + kNoticed;
        while (inner().readiness(now) == 0 && !now.ended &&
               std::chrono::steady_clock::now() < until) {
          ws2::EventObject::wait(std::span(&changed, 1), false, kNoticed);
          changed->reset();
        }
        inner().unobserve(changed.get());
      }
    }
    return inner().close();
  }

 private:
  bool has_sent_ = false;
};

class TimeOutIsAReset : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int send(std::span<const ws2::ByteView> buffers, bool end_of_message,
           std::size_t& sent) override {
    return told(inner().send(buffers, end_of_message, sent));
  }
  int receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received) override {
    return told(inner().receive(buffers, call, received));
  }

 private:
  static int told(int error) {
    if (error != WSAECONNABORTED) return error;
    reached();
    return WSAECONNRESET;
  }
  void change(ws2::NetworkEvents& events) override {
    int& error = events.errors[slot_of(ws2::fd::kClose)];
    if ((events.bits & ws2::fd::kClose) != 0) error = told(error);
  }
};

// The first closesocket behind a disconnect with data does nothing.
class DisconnectingForbidsClosing : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const int error = inner().send_disconnect(data);
    is_sending_ = error == 0 && data && !data->empty();
    return error;
  }
  int close() override {
    if (!std::exchange(is_sending_, false)) return inner().close();
    reached();
    return WSAEINPROGRESS;
  }

 private:
  bool is_sending_ = false;
};

}  // namespace

Faults aftermath_faults() {
  return {
      {"peeking-takes", "A receive with MSG_PEEK takes what it shows.", "TEAR-04", "recv WSARecv",
       "WSARecv_data", "looking-takes-nothing", in_sockets<PeekingTakes>()},
      {"no-room-takes", "A receive without room drops what a byte stream has waiting.", "TEAR-04",
       "recv WSARecv", "WSARecv_hang", "no-room-takes-nothing", in_sockets<NoRoomTakes>()},
      {"deferring-twice-refuses", "CF_DEFER for a request that was deferred already refuses it.",
       "ACC-06 ACC-14", "WSAAccept", "WSAAccept_error WSAAccept_reading WSAAccept_returns",
       "deferred-request-blocks-the-queue", in_sockets<DeferringTwiceRefuses>()},
      {"deferred-request-loses-its-data", "A deferred request is shown again without its data.",
       "ACC-06 ACC-18", "WSAAccept", "condition_caller_data INV-CALLER-DATA",
       "deferred-then-accepted", in_sockets<DeferredLosesItsData>()},
      {"rejected-data-leaks", "Callee data of a rejection goes to the next who is accepted.",
       "ACC-25 UDATA-08", "WSAAccept",
       "connect_callee* WSAConnect_callee* WSAConnect_error INV-CALLEE-DATA",
       "callee-data-with-a-rejection", in_sockets<RejectedDataLeaks>()},
      {"failed-disconnect-ends-sending",
       "A WSASendDisconnect that fails for its data ends sending all the same.", "ERR-03 TEAR-06",
       "WSASendDisconnect", "send_error send_reading send_returns", "disconnect-data-too-long",
       in_sockets<FailedDisconnectEnds>()},
      {"accepted-stay-in-the-queue", "Accepted connections count against the backlog for ever.",
       "CONN-03 SEED-B11", "listen", "accept_error accept_reading accept_returns",
       "accepted-leave-the-queue", in_sockets<AcceptedStayInTheQueue>()},
      {"overlapped-receive-one-short",
       "An overlapped receive that had to wait tells of one octet too few.", "TEAR-04", "WSARecv",
       "WSAGetOverlappedResult_*", "overlapped-receive-gets-what-comes",
       in_sockets<OverlappedOneShort>()},
      {"raw-end-is-of-messages", "WSARecv tells of a byte stream's end as WSAEDISCON.",
       "TEAR-27 TEAR-29", "WSARecv", "WSARecv_*", "end-of-a-stream-in-wsarecv",
       in_api(raw_end_is_of_messages)},
      {"no-descriptor-is-another-error", "Without a descriptor accept fails with WSAENOBUFS.",
       "ACC-32", "descriptors", "accept_error WSAAccept_error", "listener-without-descriptors",
       in_sockets<NoDescriptorIsAnotherError>()},
      {"no-descriptor-loses-the-request",
       "The request that found no descriptor is gone afterwards.", "ACC-32 CONN-04", "descriptors",
       "accept_* WSAAccept_* connect_* send_* receive_*", "listener-without-descriptors",
       in_sockets<NoDescriptorLosesTheRequest>()},
      {"closing-waits-for-the-peer", "closesocket waits until the peer has everything.",
       "CLOSE-09 CLOSE-05", "closesocket", "closesocket_*", "closed-is-not-delivered",
       in_sockets<ClosingWaits>()},
      {"time-out-is-a-reset", "A time-out is told as WSAECONNRESET.", "TEAR-32", "send fill",
       "FD_CLOSE_* recv_error WSARecv_error send_error WSASend_error WSAEnumNetworkEvents_*",
       "sending-that-nobody-answers", in_sockets<TimeOutIsAReset>()},
      {"disconnecting-forbids-closing",
       "The first closesocket behind a WSASendDisconnect with data fails with WSAEINPROGRESS.",
       "SEED-A23 CLOSE-04 SEED-A19 SEED-A22", "WSASendDisconnect", "closesocket_*",
       "totals-answered-by-grand-total", in_sockets<DisconnectingForbidsClosing>()},
  };
}

}  // namespace ws2conform::zoo
