#include "connection/connection.hpp"

#include "ws2/errors.h"

namespace ws2 {

InputWatch input_watch = nullptr;

Connection::Connection(Role role, const Limits& limits)
    : role_(role),
      limits_(limits),
      state_(role == Role::kCaller ? State::kIdle : State::kAwaitingRequest),
      received_(limits.message_boundaries) {}

Connection Connection::caller(const Limits& limits) {
  return {Role::kCaller, limits};
}

Connection Connection::acceptor(const Limits& limits, TimePoint now) {
  Connection connection(Role::kAcceptor, limits);
  connection.arm(limits.timeouts.half_open, now);
  return connection;
}

void Connection::arm(Duration timeout, TimePoint now) {
  deadline_ = timeout == Duration::zero() ? std::nullopt : std::optional(now + timeout);
}

CallResult Connection::judge(Input input) const {
  const Transition& entry = transition(state_, input);
  switch (entry.allowed) {
    case Allowed::kError:
      return CallResult(entry.error);
    case Allowed::kFailure:
      return CallResult(failure_);
    case Allowed::kYes:
    case Allowed::kIgnored:
    case Allowed::kViolation:
      break;
  }
  return {};
}

CallResult Connection::enter(Input input) {
  const CallResult result = judge(input);
  if (result.ok()) state_ = transition(state_, input).next;
  return result;
}

void Connection::lose(Input input, int before, int after) {
  const Transition& entry = transition(state_, input);
  if (entry.allowed != Allowed::kYes) return;
  state_ = entry.next;
  if (state_ == State::kRefused) {
    deadline_.reset();
    failure_ = before;
    if (role_ == Role::kCaller) connect_outcome_ = before;
  } else if (state_ == State::kAborted) {
    failure_ = after;
    received_.end(after);
  }
}

void Connection::on_transport_end() {
  watched(Input::kTransportEnd);
  // The peer is gone in the middle of something: there is nobody left to end gracefully with.
  if (transition(state_, Input::kTransportEnd).next == State::kAborted) wants_abort_ = true;
  lose(Input::kTransportEnd, role_ == Role::kCaller ? WSAECONNREFUSED : WSAECONNRESET,
       WSAECONNRESET);
}

void Connection::on_transport_reset() {
  watched(Input::kTransportLoss);
  if (connected() && transition(state_, Input::kTransportLoss).allowed == Allowed::kYes) {
    if (limits_.edition.reset_drops_unread) received_.drop_unread();
    if (limits_.edition.reset_overrides_end && state_ == State::kRemoteEnded)
      received_.override_end(WSAECONNABORTED);
  }
  lose(Input::kTransportLoss, role_ == Role::kCaller ? WSAECONNREFUSED : WSAECONNRESET,
       WSAECONNRESET);
}

void Connection::on_transport_failure(int error) {
  watched(Input::kTransportLoss);
  lose(Input::kTransportLoss, error, error);
}

void Connection::on_malformed() {
  watched(Input::kTransportLoss);
  break_off();
}

void Connection::break_off() {
  wants_abort_ = true;
  // A caller has met somebody who does not speak its protocol: nobody accepted (reference choice).
  lose(Input::kTransportLoss, role_ == Role::kCaller ? WSAECONNREFUSED : WSAECONNRESET,
       WSAECONNABORTED);
}

void Connection::give_up() {
  break_off();
  if (!connected()) return;
  state_ = State::kAborted;
  failure_ = WSAECONNABORTED;
  received_.end(failure_);
}

void Connection::on_time(TimePoint now) {
  if (!deadline_ || now < *deadline_) return;
  deadline_.reset();
  watched(Input::kTimeOut);
  if (transition(state_, Input::kTimeOut).allowed != Allowed::kYes) return;
  wants_abort_ = true;
  lose(Input::kTimeOut, role_ == Role::kCaller ? WSAETIMEDOUT : WSAEACCES, WSAECONNABORTED);
}

bool Connection::connected() const {
  switch (state_) {
    case State::kEstablished:
    case State::kLocalEnded:
    case State::kRemoteEnded:
    case State::kBothEnded:
    case State::kAborted:
      return true;
    default:
      return false;
  }
}

bool Connection::readable() const {
  return connected() && received_.readable();
}

bool Connection::gives_out_at_once() const {
  const bool takes_data =
      state_ == State::kEstablished || (state_ == State::kLocalEnded && !limits_.one_shot);
  return takes_data && received_.is_idle();
}

bool Connection::receive_ready() const {
  return connected() &&
         (received_.off() || received_.readable() || received_.reached_end().has_value());
}

bool Connection::send_allowed() const {
  if (send_ended_) return false;
  return state_ == State::kEstablished || state_ == State::kRemoteEnded ||
         state_ == State::kAborted;
}

std::optional<int> Connection::close_indication() const {
  if (!connected()) return std::nullopt;
  const Edition& edition = limits_.edition;
  const auto end = edition.close_overtakes_data ? received_.arrived_end() : received_.reached_end();
  if (end == WSAECONNRESET && edition.reset_closes_as_aborted) return WSAECONNABORTED;
  // EVT-20: no number of FD_CLOSE's own, so it is one of the other failures.
  if (end == WSAENETRESET) return WSAECONNABORTED;
  return end;
}

bool Connection::wants_input(std::size_t unread_limit) const {
  switch (state_) {
    case State::kIdle:
    case State::kAborted:
    case State::kClosed:
      return false;
    // The rejected caller's end is awaited, so that its last octets cannot turn the reject into a
    // reset. A refused caller awaits nothing.
    case State::kRefused:
      return role_ == Role::kAcceptor;
    case State::kEstablished:
    case State::kLocalEnded:
      // With nothing readable but an unfinished message the rest of it must come in.
      return received_.size() < unread_limit || !received_.readable();
    default:
      return true;
  }
}

void Connection::write_state(StateWriter& out) const {
  out.put(role_);
  out.put(state_);
  out.put(received_);
  out.put(deadline_);
  out.put(connect_outcome_);
  out.put(failure_);
  out.put(wants_abort_);
  out.put(send_ended_);
  out.put(unfinished_sent_);
  out.put(callee_capacity_);
  out.put(peer_setup_data_);
  out.put(peer_qos_);
  out.put(qos_);
  out.put(qos_revision_);
  out.put(qos_changed_);
  out.put(disconnect_data_);
}

}  // namespace ws2
