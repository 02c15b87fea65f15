// The condition function, its arguments and its verdict.

#include <algorithm>
#include <thread>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/condition_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

template <Verdict other>
class DeferBecomes : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict == kDefer) {
      reached();
      decision.verdict = other;
    }
    return decision;
  }
};

// What the function put out when it deferred goes with the answer that comes later.
class DeferredDataLeaks : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict == kDefer) {
      left_ = decision.callee_data;
    } else if (decision.verdict == kAccept && !left_.empty()) {
      reached();
      decision.callee_data = std::exchange(left_, {});
    }
    return decision;
  }
  ws2::Bytes left_;
};

class RejectedIsOfferedAgain : public ConditionLayer {
 public:
  using ConditionLayer::ConditionLayer;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    is_rejected_ = false;
    const int error = ConditionLayer::accept(call, accepted);
    return error == WSATRY_AGAIN && is_rejected_ ? WSAECONNREFUSED : error;
  }

 private:
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    is_rejected_ = decision.verdict == kReject;
    if (is_rejected_) {
      reached();
      decision.verdict = kDefer;
    }
    return decision;
  }
  bool is_rejected_ = false;
};

class RejectSaysTryAgain : public ConditionLayer {
 public:
  using ConditionLayer::ConditionLayer;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = ConditionLayer::accept(call, accepted);
    if (error != WSAECONNREFUSED) return error;
    reached();
    return WSATRY_AGAIN;
  }

 private:
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    return condition(offer);
  }
};

// On a provider that delays nothing, where a rejected caller is connected already, he stays so.
class RejectedStaysConnected : public ConditionLayer {
 public:
  using ConditionLayer::ConditionLayer;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    is_rejected_ = false;
    const int error = ConditionLayer::accept(call, accepted);
    if (error != 0 || !is_rejected_) return error;
    kept_.push_back(accepted.socket);
    accepted = {};
    return WSAECONNREFUSED;
  }

 private:
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict == kReject && !limits().delayed_accept) {
      reached();
      is_rejected_ = true;
      decision.verdict = kAccept;
    }
    return decision;
  }
  bool is_rejected_ = false;
  std::vector<std::shared_ptr<ws2::ServiceSocket>> kept_;
};

// The verdict's caller is connected first and thrown out, or kept, afterwards.
template <bool kOnReject>
class ConnectsAllTheSame : public ConditionLayer {
 public:
  using ConditionLayer::ConditionLayer;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    refused_with_ = 0;
    const int error = ConditionLayer::accept(call, accepted);
    if (error != 0 || refused_with_ == 0) return error;
    if (kOnReject) {
      accepted.socket->set_linger({.on = true, .seconds = 0});
      accepted.socket->close();
    } else {
      kept_.push_back(accepted.socket);
    }
    accepted = {};
    return refused_with_;
  }

 private:
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    const bool is_unknown = decision.verdict < kAccept || decision.verdict > kDefer;
    if (kOnReject ? decision.verdict == kReject : is_unknown) {
      reached();
      refused_with_ = kOnReject ? WSAECONNREFUSED : WSAEINVAL;
      decision.verdict = kAccept;
    }
    return decision;
  }
  int refused_with_ = 0;
  std::vector<std::shared_ptr<ws2::ServiceSocket>> kept_;
};

class UnknownVerdictAccepts : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict < kAccept || decision.verdict > kDefer) {
      reached();
      decision.verdict = kAccept;
    }
    return decision;
  }
};

class CalledTwice : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    reached();
    condition(offer);
    return condition(offer);
  }
};

class AnotherThread : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    reached();
    ws2::Decision decision;
    std::thread([&] { decision = condition(offer); }).join();
    return decision;
  }
};

// The caller is accepted, and only then is the function asked.
class AskedTooLate : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    if (!call.condition) return LayeredSocket::accept(call, accepted);
    ws2::AcceptCall unconditional = call;
    ws2::Offer offer;
    ws2::Bytes caller_data;
    unconditional.condition = [&](const ws2::Offer& shown) {
      reached();
      offer = shown;
      caller_data.assign(shown.caller_data.begin(), shown.caller_data.end());
      ws2::Decision accepts;
      accepts.qos = shown.qos;
      return accepts;
    };
    const int error = LayeredSocket::accept(unconditional, accepted);
    if (error != 0) return error;
    offer.caller_data = caller_data;
    const ws2::Decision decision = call.condition(offer);
    if (decision.verdict == kAccept) return 0;
    accepted.socket->close();
    accepted = {};
    return decision.verdict == kDefer ? WSATRY_AGAIN : WSAECONNREFUSED;
  }
};

// The withdrawn request stays at the head for ever.
class WithdrawnBlocksTheQueue : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    if (blocked_with_ != 0) {
      reached();
      return blocked_with_;
    }
    const int error = LayeredSocket::accept(call, accepted);
    if (error == WSAECONNRESET || error == WSAEACCES) blocked_with_ = error;
    return error;
  }

 private:
  int blocked_with_ = 0;
};

class NobodyIsShown : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = LayeredSocket::accept(call, accepted);
    if (error == WSAEWOULDBLOCK && call.condition) {
      reached();
      call.condition(ws2::Offer{});
    }
    return error;
  }
};

class ListenerDies : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = LayeredSocket::accept(call, accepted);
    if (error == WSAECONNREFUSED) {
      reached();
      inner().close();
    }
    return error;
  }
};

template <typename Change>
class ShownOtherwise : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Offer changed = offer;
    if (Change::apply(changed)) reached();
    return condition(changed);
  }
};

struct AddressesSwapped {
  static bool apply(ws2::Offer& offer) {
    std::swap(offer.caller, offer.callee);
    return true;
  }
};
struct CallerWithoutPort {
  static bool apply(ws2::Offer& offer) {
    offer.caller.port = 0;
    return true;
  }
};
struct CalleeUnknown {
  static bool apply(ws2::Offer& offer) {
    offer.callee.address = {};
    return true;
  }
};
struct NoRoom {
  static bool apply(ws2::Offer& offer) { return std::exchange(offer.callee_capacity, 0) != 0; }
};
struct RoomForNothing {
  static bool apply(ws2::Offer& offer) {
    if (offer.callee_capacity != 0) return false;
    offer.callee_capacity = 64;
    return true;
  }
};
struct RoomOneMore {
  static bool apply(ws2::Offer& offer) {
    if (offer.callee_capacity == 0) return false;
    ++offer.callee_capacity;
    return true;
  }
};

class CalleeDataCutAtZero : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    const auto zero = std::ranges::find(decision.callee_data, 0);
    if (decision.verdict == kAccept && zero != decision.callee_data.end()) reached();
    decision.callee_data.erase(zero, decision.callee_data.end());
    return decision;
  }
};

// As if the function had filled a buffer that nobody had initialised.
class CalleeDataOfNobody : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict == kAccept && decision.callee_data.empty() && offer.callee_capacity > 0) {
      reached();
      decision.callee_data.assign(offer.callee_capacity, 0xcd);
    }
    return decision;
  }
};

class TooMuchCalleeDataIsAnotherError : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = LayeredSocket::accept(call, accepted);
    if (error != WSAEFAULT || !call.condition) return error;
    reached();
    return WSAECONNREFUSED;
  }
};

// One for each WSAAccept of the calling thread.
thread_local LPCONDITIONPROC application = nullptr;

int CALLBACK with_data(LPWSABUF id, LPWSABUF data, LPQOS sqos, LPQOS gqos, LPWSABUF callee_id,
                       LPWSABUF callee_data, GROUP* group, DWORD_PTR callback) {
  WSABUF none{0, nullptr};
  CHAR octet = 0;
  none.buf = &octet;
  if (data == nullptr) reached();
  return application(id, data != nullptr ? data : &none, sqos, gqos, callee_id, callee_data, group,
                     callback);
}

int CALLBACK with_group_quality(LPWSABUF id, LPWSABUF data, LPQOS sqos, LPQOS, LPWSABUF callee_id,
                                LPWSABUF callee_data, GROUP* group, DWORD_PTR callback) {
  QOS quality{};
  reached();
  return application(id, data, sqos, &quality, callee_id, callee_data, group, callback);
}

int CALLBACK with_narrow_callback(LPWSABUF id, LPWSABUF data, LPQOS sqos, LPQOS gqos,
                                  LPWSABUF callee_id, LPWSABUF callee_data, GROUP* group,
                                  DWORD_PTR callback) {
  const auto narrow = static_cast<DWORD_PTR>(static_cast<std::uint8_t>(callback));
  if (narrow != callback) reached();
  return application(id, data, sqos, gqos, callee_id, callee_data, group, narrow);
}

template <LPCONDITIONPROC between>
void put_between(Api& api) {
  api.WSAAccept = [](SOCKET s, sockaddr* addr, LPINT length, LPCONDITIONPROC condition,
                     DWORD_PTR callback) {
    const LPCONDITIONPROC outer = std::exchange(application, condition);
    const SOCKET made = reference_api().WSAAccept(
        s, addr, length, condition != nullptr ? between : nullptr, callback);
    application = outer;
    return made;
  };
}

}  // namespace

Faults verdict_faults() {
  return {
      {"refuses-when-it-should-defer", "CF_DEFER refuses the request.", "ACC-06 ACC-07",
       "WSAAccept", "WSAAccept_error WSAAccept_reading WSAAccept_returns",
       "deferred-then-accepted deferred-then-rejected deferred-request-taken-by-plain-accept",
       in_sockets<DeferBecomes<kReject>>()},
      {"accepts-when-it-should-defer", "CF_DEFER accepts the request.", "ACC-06 ACC-14 ACC-15",
       "WSAAccept", "WSAAccept_error WSAAccept_reading WSAAccept_returns", "deferred-then-accepted",
       in_sockets<DeferBecomes<kAccept>>()},
      {"deferred-data-leaks", "Callee data of the call that deferred goes with the answer.",
       "ACC-28", "WSAAccept", "connect_callee_data WSAConnect_callee* INV-CALLEE-DATA",
       "deferred-then-accepted", in_sockets<DeferredDataLeaks>()},
      {"rejected-request-is-offered-again", "A rejected request stays at the head of the queue.",
       "ACC-05 CONN-16", "WSAAccept",
       "FD_ACCEPT_error FD_ACCEPT_event WSAConnect_hang connect_hang recv_hang accept_returns",
       "listener-survives-rejection", in_sockets<RejectedIsOfferedAgain>()},
      {"rejecting-says-try-again", "WSAAccept fails with WSATRY_AGAIN after CF_REJECT.", "ACC-05",
       "WSAAccept", "WSAAccept_error WSAAccept_reading WSAAccept_returns",
       "listener-survives-rejection", in_sockets<RejectSaysTryAgain>()},
      {"rejected-after-being-connected",
       "A rejected caller is connected for a moment and then thrown out.", "ACC-38 ACC-05 SEED-B12",
       "WSAAccept",
       "WSAConnect_error WSAConnect_reading WSAConnect_returns connect_error connect_reading "
       "connect_returns WSAAccept_error",
       "rejected-while-pending", in_sockets<ConnectsAllTheSame<true>>()},
      {"rejected-caller-stays-connected",
       "Where connects do not wait, a rejected caller stays connected, to nobody.", "ACC-42 ACC-05",
       "WSAAccept provider=tcp", "recv_hang", "rejected-when-connected-already",
       in_sockets<RejectedStaysConnected>()},
      {"unknown-verdict-keeps-the-caller",
       "After a verdict that is none the caller is connected, to nobody.", "ACC-08", "WSAAccept",
       "WSAEnumNetworkEvents_network_events", "verdict-that-is-none-connects-nobody",
       in_sockets<ConnectsAllTheSame<false>>()},
      {"unknown-verdict-accepts", "A verdict that is none counts as CF_ACCEPT.", "ACC-08",
       "WSAAccept", "WSAAccept_error WSAAccept_reading WSAAccept_returns", "a-verdict-that-is-none",
       in_sockets<UnknownVerdictAccepts>()},
      {"condition-called-twice", "The condition function is called twice for one request.",
       "ACC-02 ACC-04", "WSAAccept", "WSAAccept_condition WSAConnect_hang connect_hang",
       "accepted-after-the-condition-saw-the-caller", in_sockets<CalledTwice>()},
      {"condition-in-another-thread", "The condition function runs in a thread of its own.",
       "ACC-02 SEED-A02", "WSAAccept", "condition_same_thread",
       "accepted-after-the-condition-saw-the-caller", in_sockets<AnotherThread>()},
      {"condition-after-the-decision",
       "The caller is accepted, and then the condition function is asked.",
       "ACC-02 SEED-A01 ACC-38 ACC-40", "WSAAccept",
       "WSAAccept_error WSAAccept_reading WSAAccept_returns WSAConnect_* WSAEnumNetworkEvents_* "
       "WSAIoctl_agreed accept_error accept_hang accept_reading accept_returns "
       "condition_call condition_caller_data condition_caller_id condition_hang connect_error "
       "connect_pending getsockopt_data WSAWaitForMultipleEvents_returns",
       "rejected-while-pending", in_sockets<AskedTooLate>()},
      {"withdrawn-request-blocks-the-queue",
       "A request that its caller has withdrawn stays at the head of the queue.",
       "ACC-31 CONN-07 CONN-19", "accept WSAAccept", "accept_error accept_reading accept_returns",
       "caller-vanished-while-deferred", in_sockets<WithdrawnBlocksTheQueue>()},
      {"condition-for-nobody", "The condition function is called though nobody waits.",
       "ACC-03 SEED-A02", "WSAAccept", "WSAAccept_condition", "nobody-waits",
       in_sockets<NobodyIsShown>()},
      {"listener-dies-of-a-rejection", "After a rejection the listener is closed.",
       "CONN-16 SEED-B11 SEED-B12", "WSAAccept",
       "FD_ACCEPT_error FD_ACCEPT_event condition_call getsockopt_error getsockopt_reading "
       "getsockopt_returns accept_returns",
       "listener-survives-rejection", in_sockets<ListenerDies>()},
      {"caller-and-callee-swapped", "lpCallerId and lpCalleeId are swapped.",
       "ACC-17 ACC-23 SEED-A01", "WSAAccept", "WSAAccept_addr accept_addr condition_caller_id",
       "accepted-after-the-condition-saw-the-caller",
       in_sockets<ShownOtherwise<AddressesSwapped>>()},
      {"caller-without-port", "lpCallerId has no port.", "ACC-17", "WSAAccept",
       "WSAAccept_addr accept_addr condition_caller_id",
       "accepted-after-the-condition-saw-the-caller",
       in_sockets<ShownOtherwise<CallerWithoutPort>>()},
      {"callee-unknown", "lpCalleeId is the wildcard address.", "ACC-23", "WSAAccept",
       "condition_callee_id", "accepted-after-the-condition-saw-the-caller",
       in_sockets<ShownOtherwise<CalleeUnknown>>()},
      {"no-room-for-callee-data", "The condition function is offered no room.", "ACC-24 SEED-A04",
       "WSAAccept",
       "WSAAccept_error WSAAccept_reading WSAAccept_returns WSAConnect_hang "
       "condition_callee_capacity connect_hang",
       "room-for-callee-data", in_sockets<ShownOtherwise<NoRoom>>()},
      {"room-where-nothing-is-carried",
       "The condition function is offered room that the provider does not have.", "ACC-24 FLAG-02",
       "WSAAccept", "condition_callee_capacity", "no-room-for-callee-data",
       in_sockets<ShownOtherwise<RoomForNothing>>()},
      {"room-for-one-octet-more", "The room offered is one octet more than there is.", "ACC-24",
       "WSAAccept", "condition_callee_capacity", "room-for-callee-data",
       in_sockets<ShownOtherwise<RoomOneMore>>()},
      {"callee-data-cut-at-zero", "The caller gets the callee's data up to its first zero octet.",
       "UDATA-24 ACC-25 SEED-A04", "WSAAccept", "WSAConnect_callee_data",
       "callee-data-reaches-the-caller", in_sockets<CalleeDataCutAtZero>()},
      {"callee-data-uninitialised",
       "A condition function that gives no data sends what was in the buffer, as one well-known "
       "stack does.",
       "ACC-25 UDATA-08", "WSAAccept", "WSAConnect_*", "no-data-on-either-side",
       in_sockets<CalleeDataOfNobody>()},
      {"too-much-callee-data-is-another-error",
       "Callee data beyond its room makes WSAAccept fail as after CF_REJECT.", "ACC-26",
       "WSAAccept", "WSAAccept_error WSAAccept_reading WSAAccept_returns",
       "more-callee-data-than-room", in_sockets<TooMuchCalleeDataIsAnotherError>()},
      {"no-caller-data-is-no-null", "Without caller data lpCallerData is not NULL.",
       "ACC-18 UDATA-03", "WSAAccept", "condition_caller_data", "no-data-on-either-side",
       in_api(put_between<with_data>)},
      {"group-quality-is-given", "lpGQOS is not NULL.", "ACC-22", "WSAAccept", "condition_gqos",
       "no-data-on-either-side", in_api(put_between<with_group_quality>)},
      {"callback-data-narrowed", "dwCallbackData keeps its lowest eight bits.", "ACC-30",
       "WSAAccept", "condition_callback_data", "callback-data-is-handed-on",
       in_api(put_between<with_narrow_callback>)},
  };
}

}  // namespace ws2conform::zoo
