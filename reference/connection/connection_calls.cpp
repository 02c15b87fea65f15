// What the application does to a connection.

#include <algorithm>

#include "connection/connection.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

/// For wishes of a request or its verdict: the shell has judged what is in them.
CallResult check_room(const std::optional<Qos>& qos, const Limits& limits) {
  if (!qos) return {};
  if (!limits.qos) return CallResult(WSAEOPNOTSUPP);
  const bool fits = qos->provider_specific.size() <= limits.qos->provider_specific;
  return fits ? CallResult() : CallResult(WSAEFAULT);
}

}  // namespace

CallResult Connection::request(ByteView caller_data, std::optional<std::size_t> callee_capacity,
                               const std::optional<Qos>& qos, TimePoint now, UnitSink& out) {
  watched(Input::kRequest);
  if (const CallResult result = judge(Input::kRequest); !result.ok()) return result;
  if (!caller_data.empty()) {
    if (!limits_.caller_data) return CallResult(WSAEPROTONOSUPPORT);
    if (caller_data.size() > *limits_.caller_data) return CallResult(WSAEFAULT);
  }
  if (const CallResult result = check_room(qos, limits_); !result.ok()) return result;
  callee_capacity_ = callee_capacity;
  qos_ = qos;
  arm(limits_.timeouts.request, now);
  const CallResult entered = enter(Input::kRequest);
  out.put(RequestUnit{caller_data, qos});
  return entered;
}

CallResult Connection::accept(ByteView callee_data, const std::optional<Qos>& qos, UnitSink& out) {
  watched(Input::kAccept);
  if (const CallResult result = judge(Input::kAccept); !result.ok()) return result;
  // ACC-26, reference choice: more callee data than was offered room for is an error of the
  // condition function, never cut to fit.
  if (callee_data.size() > limits_.callee_data.value_or(0)) return CallResult(WSAEFAULT);
  if (const CallResult result = check_room(qos, limits_); !result.ok()) return result;
  deadline_.reset();
  const CallResult entered = enter(Input::kAccept);
  qos_ = qos;
  if (!qos && peer_qos_) qos_ = mirrored(*peer_qos_);
  out.put(AcceptUnit{callee_data, qos});
  return entered;
}

CallResult Connection::reject(RejectReason reason, TimePoint now, UnitSink& out) {
  watched(Input::kReject);
  if (const CallResult result = enter(Input::kReject); !result.ok()) return result;
  failure_ = WSAECONNREFUSED;
  arm(limits_.timeouts.close, now);
  out.put(RejectUnit{reason});
  return {};
}

CallResult Connection::check_send(std::size_t octets) const {
  watched(Input::kSend);
  // The application's own act comes before what happened to the connection (TEAR-34).
  if (send_ended_ && connected()) return CallResult(WSAESHUTDOWN);
  // The peer's disconnect was abortive for sending as for receiving (TEAR-38).
  if (state_ == State::kBothEnded && !limits_.graceful) return CallResult(WSAECONNRESET);
  if (const CallResult result = judge(Input::kSend); !result.ok()) return result;
  const bool fits = !limits_.message_boundaries || octets <= limits_.message - unfinished_sent_;
  return fits ? CallResult() : CallResult(WSAEMSGSIZE);
}

CallResult Connection::send(ByteView bytes, bool end_of_message, UnitSink& out) {
  if (const CallResult result = check_send(bytes.size()); !result.ok()) return result;
  if (!limits_.message_boundaries) {
    if (!bytes.empty()) out.put(DataUnit{bytes, false});
    return {};
  }
  unfinished_sent_ = end_of_message ? 0 : unfinished_sent_ + bytes.size();
  out.put(DataUnit{bytes, end_of_message});
  return {};
}

Received Connection::receive(MutableByteView buffer, ReceiveMode mode) {
  watched(Input::kReceive);
  if (const CallResult result = judge(Input::kReceive); !result.ok()) return {result, 0, false};
  return received_.receive(buffer, mode);
}

void Connection::end_sending(ByteView data, UnitSink& out) {
  send_ended_ = true;
  out.put(DisconnectUnit{data});
}

CallResult Connection::send_disconnect(std::optional<ByteView> data, UnitSink& out) {
  watched(Input::kSendDisconnect);
  const ByteView outbound = data.value_or(ByteView());
  const Transition& entry = transition(state_, Input::kSendDisconnect);
  if (const CallResult result = judge(Input::kSendDisconnect); !result.ok()) return result;
  if (!outbound.empty()) {
    if (!limits_.disconnect_data) return CallResult(WSAENOPROTOOPT);
    // TEAR-11, reference choice.
    if (outbound.size() > *limits_.disconnect_data) return CallResult(WSAEFAULT);
  }
  if (entry.allowed == Allowed::kIgnored) {
    if (outbound.empty()) return {};
    // Sending was ended by the application, or with the connection by a one-shot peer, whose
    // disconnect leaves nothing that this end could still disconnect (SEED-A25).
    return CallResult(send_ended_ ? WSAESHUTDOWN : WSAENOTCONN);
  }
  const CallResult entered = enter(Input::kSendDisconnect);
  end_sending(outbound, out);
  return entered;
}

RecvDisconnected Connection::recv_disconnect(std::optional<MutableByteView> buffer) {
  watched(Input::kRecvDisconnect);
  if (const CallResult result = judge(Input::kRecvDisconnect); !result.ok()) return {result, 0};
  if (buffer) {
    if (!limits_.disconnect_data) return {CallResult(WSAENOPROTOOPT), 0};
    if (buffer->size() < disconnect_data_.size()) return {CallResult(WSAEFAULT), 0};
  }
  received_.turn_off();
  if (!buffer) return {};
  std::ranges::copy(disconnect_data_, buffer->begin());
  return {{}, disconnect_data_.size()};
}

CallResult Connection::shutdown(ShutdownHow how, UnitSink& out) {
  const bool both = how == ShutdownHow::kBoth;
  if (!both && how != ShutdownHow::kSend && how != ShutdownHow::kReceive)
    return CallResult(WSAEINVAL);
  if (state_ == State::kAborted) {
    watched(how == ShutdownHow::kReceive ? Input::kRecvDisconnect : Input::kSendDisconnect);
    return CallResult(failure_);
  }
  if (both || how == ShutdownHow::kReceive) {
    if (const auto [result, bytes] = recv_disconnect(std::nullopt); !result.ok()) return result;
  }
  if (both || how == ShutdownHow::kSend) return send_disconnect(std::nullopt, out);
  return {};
}

CallResult Connection::set_qos(const Qos& qos, UnitSink& out) {
  watched(Input::kSetQos);
  if (const CallResult result = check_room(qos, limits_); !result.ok()) return result;
  if (const CallResult result = enter(Input::kSetQos); !result.ok()) return result;
  if (qos_ == qos) return {};
  qos_ = qos;
  ++qos_revision_;
  out.put(QosUnit{qos, qos_revision_});
  return {};
}

void Connection::let_go() {
  received_.turn_off();
  callee_capacity_.reset();
  peer_setup_data_ = {};
  peer_qos_.reset();
  disconnect_data_ = {};
}

void Connection::close(TimePoint now, UnitSink& out) {
  watched(Input::kClose);
  const State before = state_;
  if (transition(before, Input::kClose).allowed != Allowed::kYes) return;
  state_ = transition(before, Input::kClose).next;
  // A rejected request keeps the time-out that its reject began with.
  if (before != State::kRefused) arm(limits_.timeouts.close, now);
  let_go();
  switch (before) {
    case State::kRequesting:  // withdraws the request
    case State::kAwaitingRequest:
      wants_abort_ = true;
      break;
    case State::kOffered:
      failure_ = WSAECONNREFUSED;
      out.put(RejectUnit{RejectReason::kListenerGone});
      break;
    case State::kEstablished:
    case State::kRemoteEnded:
      end_sending({}, out);
      break;
    default:
      break;
  }
}

void Connection::abort() {
  watched(Input::kAbort);
  // After a close too: what is not written by then is lost (CLOSE-07).
  if (state_ != State::kIdle) wants_abort_ = true;
  state_ = transition(state_, Input::kAbort).next;
  deadline_.reset();
  let_go();
}

}  // namespace ws2
