// What the peer says on a connection.

#include "connection/connection.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

Input input_of(const RequestUnit&, const Limits&) {
  return Input::kPeerRequest;
}
Input input_of(const AcceptUnit&, const Limits&) {
  return Input::kPeerAccept;
}
Input input_of(const RejectUnit&, const Limits&) {
  return Input::kPeerReject;
}
Input input_of(const DataUnit&, const Limits&) {
  return Input::kPeerData;
}
Input input_of(const QosUnit&, const Limits&) {
  return Input::kPeerQos;
}
Input input_of(const DisconnectUnit&, const Limits& limits) {
  return limits.one_shot ? Input::kPeerRelease : Input::kPeerDisconnect;
}

Bytes copy(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

Violation Connection::on_unit(const Unit& unit, TimePoint now, UnitSink& out) {
  const Input input =
      std::visit([&](const auto& alternative) { return input_of(alternative, limits_); }, unit);
  watched(input);
  const Transition& entry = transition(state_, input);
  if (entry.allowed == Allowed::kIgnored) return Violation::kNone;
  Violation violation = Violation::kUnexpectedUnit;
  if (entry.allowed == Allowed::kYes) {
    violation = std::visit(
        [&](const auto& alternative) {
          using Alternative = std::decay_t<decltype(alternative)>;
          if constexpr (std::is_same_v<Alternative, RequestUnit>) {
            return take(alternative, now);
          } else if constexpr (std::is_same_v<Alternative, DisconnectUnit>) {
            return take(alternative, out);
          } else {
            return take(alternative);
          }
        },
        unit);
  }
  if (violation != Violation::kNone) break_off();
  return violation;
}

Violation Connection::take(const RequestUnit& unit, TimePoint now) {
  if (unit.caller_data.size() > limits_.caller_data.value_or(0)) return Violation::kTooLong;
  peer_setup_data_ = copy(unit.caller_data);
  peer_qos_ = unit.qos;
  state_ = transition(state_, Input::kPeerRequest).next;
  arm(limits_.timeouts.offer, now);
  return Violation::kNone;
}

Violation Connection::take(const AcceptUnit& unit) {
  if (unit.callee_data.size() > limits_.callee_data.value_or(0)) return Violation::kTooLong;
  deadline_.reset();
  if (callee_capacity_ && unit.callee_data.size() > *callee_capacity_) {
    // UDATA-14, reference choice: a call that fails does not connect. The acceptor, who has a
    // connection already, sees it reset.
    state_ = State::kRefused;
    failure_ = WSAEFAULT;
    connect_outcome_ = WSAEFAULT;
    wants_abort_ = true;
    return Violation::kNone;
  }
  if (callee_capacity_) peer_setup_data_ = copy(unit.callee_data);
  callee_capacity_.reset();
  peer_qos_ = unit.qos;
  if (unit.qos) {
    Qos answer = mirrored(*unit.qos);
    qos_changed_ = qos_ != answer;
    qos_ = std::move(answer);
  }
  state_ = transition(state_, Input::kPeerAccept).next;
  connect_outcome_ = 0;
  return Violation::kNone;
}

Violation Connection::take(const RejectUnit&) {
  // Whatever the reason, the caller is told the same: the API has one number for it (ACC-05).
  lose(Input::kPeerReject, WSAECONNREFUSED, WSAECONNREFUSED);
  return Violation::kNone;
}

Violation Connection::take(const DataUnit& unit) {
  // One-shot: this end has disconnected, and what the peer sent before it knew is discarded
  // (ANX-07).
  if (limits_.one_shot && send_ended_) return Violation::kNone;
  if (limits_.message_boundaries && unit.bytes.size() > limits_.message - received_.incomplete()) {
    return Violation::kTooLong;
  }
  received_.append(unit.bytes, unit.end_of_message);
  return Violation::kNone;
}

Violation Connection::take(const QosUnit& unit) {
  // Units stay in order, so the peer's count is at most one ahead of what is known here; that it is
  // behind, or the same, says that changes have crossed. The difference wraps with the counts.
  const auto ahead = static_cast<std::int32_t>(unit.revision - qos_revision_);
  if (ahead > 1) return Violation::kUnexpectedUnit;
  if (ahead < 0 || (ahead == 0 && role_ == Role::kCaller)) return Violation::kNone;
  qos_revision_ = unit.revision;
  Qos peer_view = mirrored(unit.qos);
  if (qos_ == peer_view) return Violation::kNone;
  qos_ = std::move(peer_view);
  qos_changed_ = true;
  return Violation::kNone;
}

Violation Connection::take(const DisconnectUnit& unit, UnitSink& out) {
  if (unit.data.size() > limits_.disconnect_data.value_or(0)) return Violation::kTooLong;
  const State before = state_;
  if (limits_.one_shot) {
    state_ = transition(before, Input::kPeerRelease).next;
    if (before == State::kEstablished) {
      disconnect_data_ = copy(unit.data);
      out.put(DisconnectUnit{});  // the confirmation, which carries no data (DN-06)
    }
    // Where this end disconnected first, the unit is the confirmation, or collides and counts as
    // one; data of a colliding disconnect is lost (TEAR-39).
  } else {
    state_ = transition(before, Input::kPeerDisconnect).next;
    disconnect_data_ = copy(unit.data);
  }
  received_.end(limits_.graceful ? 0 : WSAECONNRESET);
  return Violation::kNone;
}

}  // namespace ws2
