#include "connection/exploration/promises.hpp"

#include <algorithm>

#include "ws2/errors.h"

namespace ws2 {
namespace {

Bytes state_of(const Connection& core) {
  Bytes state;
  StateWriter(state).put(core);
  return state;
}

bool is_graceful_end(const Outcome& outcome, Act act, const Limits& limits) {
  if (act == Act::kReceiveSmall) return outcome.error == WSAEDISCON;
  const bool reads_as_stream = !limits.message_boundaries || act == Act::kReceivePart;
  if (!reads_as_stream) return outcome.error == WSAEDISCON;
  return outcome.error == 0 && outcome.octets.empty() && !limits.message_boundaries;
}

}  // namespace

std::optional<std::string> Promises::check(const World& before, Action action,
                                           const Outcome& outcome, const World& after) {
  note(before, action, outcome, after);
  if (after.spoke_after_its_end()) return "nothing is said after the end of one's octets";
  if (outcome.violation != Violation::kNone) return "a well-behaved peer breaks no rule";
  const bool has_arrived =
      before.core(action.side).arrivals() != after.core(action.side).arrivals();
  if (has_arrived && after.limits().one_shot && at(action.side).ended)
    return "what arrives after one's own one-shot disconnect is dropped (ANX-07)";
  const bool is_abort = action.act == Act::kAbort || action.act == Act::kLingerOver;
  if (is_abort && before.core(action.side).state() != State::kIdle && !after.is_gone(action.side))
    return "an abort is at once, whatever is not sent (CLOSE-06, CLOSE-07)";
  if (is_call(action.act)) {
    if (auto broken = check_call(before, action, outcome, after)) return broken;
  }
  if (auto broken = check_set_up(after)) return broken;
  for (const Side side : kBothSides) {
    if (auto broken = check_end(side, after)) return broken;
  }
  if (auto broken = check_events(action.side, outcome, after)) return broken;
  return check_agreement(after);
}

bool Promises::disturbs(const World& before, Action action, const World& after) const {
  switch (action.act) {
    case Act::kAbort:
    case Act::kLingerOver:
    case Act::kConnectFails:
    case Act::kTimeOut:
    case Act::kVanish:
    case Act::kCut:
      return true;
    // On bare TCP a reset is all there is to say no with.
    case Act::kReject:
      return !before.limits().delayed_accept;
    case Act::kClose: {
      const State state = before.core(action.side).state();
      return state == State::kRequesting || state == State::kAwaitingRequest ||
             (state == State::kOffered && !before.limits().delayed_accept);
    }
    default:
      // UDATA-14: the attempt has failed.
      return after.core(Side::kCaller).connect_outcome() == WSAEFAULT;
  }
}

void Promises::note(const World& before, Action action, const Outcome& outcome,
                    const World& after) {
  disturbed_ = disturbed_ || disturbs(before, action, after);
  if (outcome.error != 0) return;
  Account& account = at(action.side);
  const State state = before.core(action.side).state();
  const bool can_end = state == State::kEstablished || state == State::kRemoteEnded;
  switch (action.act) {
    case Act::kRequestNoRoom:
      wanted_no_answer_ = true;
      break;
    case Act::kAccept:
      was_accepted_ = true;
      was_accepted_with_data_ = before.limits().callee_data.has_value();
      break;
    case Act::kAcceptPlain:
      was_accepted_ = true;
      break;
    case Act::kReject:
      was_rejected_ = true;
      break;
    case Act::kSend:
    case Act::kSendPart:
      ++account.sent;
      break;
    case Act::kSendDisconnectData:
      account.has_disconnect_data = account.has_disconnect_data || can_end;
      break;
    case Act::kRecvDisconnect:
    case Act::kRecvDisconnectNoRoom:
    case Act::kShutdownReceive:
    case Act::kShutdownBoth:
      account.receive_off = true;
      break;
    // The system ends the octets of a process that vanishes, and bare TCP means by that what it
    // means by a graceful end.
    case Act::kVanish:
      account.ended =
          account.ended || (!before.limits().delayed_accept && !before.is_gone(action.side));
      break;
    case Act::kClose:
      was_rejected_ = was_rejected_ || state == State::kOffered;
      break;
    default:
      break;
  }
  if (action.act == Act::kSend || action.act == Act::kSendEmpty)
    account.message_ends.push_back(account.sent);
  const bool ends = action.act == Act::kSendDisconnect || action.act == Act::kSendDisconnectData ||
                    action.act == Act::kShutdownSend || action.act == Act::kShutdownBoth ||
                    action.act == Act::kClose;
  account.ended = account.ended || (ends && can_end);
}

Promises::Broken Promises::check_call(const World& before, Action action, const Outcome& outcome,
                                      const World& after) {
  if (outcome.error != 0 && state_of(before.core(action.side)) != state_of(after.core(action.side)))
    return "a call that fails changes nothing (ERR-03)";
  switch (action.act) {
    case Act::kReceive:
    case Act::kReceivePart:
    case Act::kReceiveSmall:
    case Act::kPeek:
      return check_receive(action.side, action.act, outcome, after);
    case Act::kRecvDisconnect:
    case Act::kRecvDisconnectNoRoom:
      return check_fetch(action.side, outcome, after);
    case Act::kSend:
    case Act::kSendEmpty:
    case Act::kSendPart:
      if (outcome.error == 0 && at(action.side).ended)
        return "nothing is sent after one's own end (TEAR-03)";
      if (outcome.error != 0 && at(action.side).ended && before.core(action.side).connected() &&
          outcome.error != WSAESHUTDOWN)
        return "one's own end comes before what happened to the connection (TEAR-34)";
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

Promises::Broken Promises::check_receive(Side side, Act act, const Outcome& outcome,
                                         const World& after) {
  Account& account = at(side);
  const Account& peer = at(other(side));
  const Limits& limits = after.limits();
  if (account.receive_off && outcome.error == 0)
    return "nothing is received once receiving is off (SHUT-01)";
  // With MSG_PARTIAL the end of a message-oriented connection is 0 octets as well.
  const bool is_partial_end = limits.message_boundaries && act == Act::kReceivePart &&
                              outcome.error == 0 && outcome.octets.empty() &&
                              after.core(side).close_indication() == 0 &&
                              account.messages == peer.message_ends.size();
  if (is_partial_end || is_graceful_end(outcome, act, limits)) {
    // One's own one-shot disconnect gives up what is on its way.
    const bool gives_up = limits.one_shot && account.ended;
    const std::size_t finished = peer.message_ends.empty() ? 0 : peer.message_ends.back();
    if (!gives_up && account.received != (limits.message_boundaries ? finished : peer.sent))
      return "the end comes after the last octet (TEAR-04)";
    if (!gives_up && !peer.ended) return "the end is graceful only if the peer's was";
    if (after.core(side).close_indication() != 0) return "a graceful end has been indicated as one";
    account.saw_end = account.saw_end || act != Act::kPeek;
    return std::nullopt;
  }
  if (account.saw_end) {
    if (outcome.error == 0) return "nothing comes after the end";
    const bool overridden = limits.edition.reset_overrides_end && outcome.error == WSAECONNABORTED;
    if (!overridden && outcome.error != WSAESHUTDOWN && !after.is_closed(side))
      return "the end stays what it was (TEAR-31)";
    return std::nullopt;
  }
  if (outcome.error == 0) return check_data(side, act == Act::kPeek, outcome, limits);
  return std::nullopt;
}

Promises::Broken Promises::check_data(Side side, bool is_peek, const Outcome& outcome,
                                      const Limits& limits) {
  Account& account = at(side);
  const Account& peer = at(other(side));
  for (std::size_t i = 0; i < outcome.octets.size(); ++i) {
    if (static_cast<std::uint8_t>(outcome.octets[i]) != account.received + i)
      return "octets arrive once, in order, and none is left out";
  }
  const std::size_t received = account.received + outcome.octets.size();
  if (received > peer.sent) return "only what was sent arrives";
  if (limits.message_boundaries) {
    if (account.messages >= peer.message_ends.size()) return "only messages that were sent arrive";
    const std::size_t end = peer.message_ends[account.messages];
    if (received > end) return "a receive never joins two messages";
    if (outcome.end_of_message != (received == end)) return "messages keep their boundaries";
  }
  if (is_peek) return std::nullopt;
  account.received = static_cast<std::uint8_t>(received);
  if (outcome.end_of_message) ++account.messages;
  return std::nullopt;
}

Promises::Broken Promises::check_fetch(Side side, const Outcome& outcome,
                                       const World& after) const {
  if (outcome.error != 0) return std::nullopt;
  const Account& peer = at(other(side));
  const bool has_data = peer.has_disconnect_data;
  // Colliding one-shot disconnects lose both data, and a confirmation has none (TEAR-39).
  const bool is_lost = after.limits().one_shot && at(side).ended;
  if (is_lost && !outcome.octets.empty()) return "nothing answers a one-shot disconnect (SEED-A25)";
  if (!outcome.octets.empty()) {
    const bool is_the_peers =
        has_data && outcome.octets == std::string(1, World::disconnect_data(other(side)));
    return is_the_peers ? std::nullopt : Broken("disconnect data is what the peer gave");
  }
  // A peer that closed or was cut off before its disconnect arrived has given none.
  const bool has_arrived = after.core(side).state() == State::kRemoteEnded ||
                           after.core(side).state() == State::kBothEnded;
  if (has_data && has_arrived && !is_lost)
    return "disconnect data is there with the disconnect (EVT-26)";
  return std::nullopt;
}

Promises::Broken Promises::check_set_up(const World& after) {
  const Connection& caller = after.core(Side::kCaller);
  const std::optional<int> outcome = caller.connect_outcome();
  Account& account = at(Side::kCaller);
  const bool has_changed = outcome != account.outcome;
  if (has_changed && account.outcome) return "a connect has one outcome";
  account.outcome = outcome;
  const bool delayed = after.limits().delayed_accept;
  if (has_changed && outcome == 0) {
    if (delayed && !was_accepted_) return "nobody is connected before the accept (ACC-40)";
    if (was_rejected_) return "nobody is connected after the reject (ACC-05)";
    const bool has_data = was_accepted_with_data_;
    if (caller.callee_data() != (has_data ? Bytes{World::kCalleeData} : Bytes()))
      return "callee data is what the acceptor gave (UDATA-08)";
  }
  if (has_changed && outcome == WSAECONNREFUSED && !was_rejected_ && !disturbed_)
    return "nobody is refused who was not rejected";
  if (has_changed && outcome == WSAEFAULT && !(wanted_no_answer_ && was_accepted_with_data_))
    return "a buffer that is large enough is no fault";
  if (has_changed && outcome == WSAETIMEDOUT && !disturbed_)
    return "a verdict in time is no time-out";
  if (after.exists(Side::kAcceptor) && after.core(Side::kAcceptor).state() == State::kOffered &&
      after.core(Side::kAcceptor).caller_data() !=
          (after.limits().caller_data ? Bytes{World::kCallerData} : Bytes()))
    return "caller data is what the caller gave (UDATA-03)";
  return std::nullopt;
}

Promises::Broken Promises::check_end(Side side, const World& after) {
  Account& account = at(side);
  const Account& peer = at(other(side));
  if (!after.exists(side)) return std::nullopt;
  const Connection& core = after.core(side);
  const Limits& limits = after.limits();
  if (core.state() == State::kAborted && !disturbed_)
    return "no connection is lost to anything but an accident or an abort";
  const std::optional<int> indication = core.close_indication();
  if (account.indication && indication != account.indication && !after.is_closed(side))
    return "FD_CLOSE's condition never changes (EVT-23)";
  if (!indication) return std::nullopt;
  account.indication = indication;
  if (core.readable() && !limits.edition.close_overtakes_data)
    return "the end is told of after the data (EVT-21)";
  if (indication == 0) {
    if (!limits.graceful) return "where there is no graceful close no end is graceful (TEAR-37)";
    // A one-shot peer confirms by itself.
    if (!peer.ended && !(limits.one_shot && account.ended))
      return "an abortive end never looks graceful (TEAR-30)";
  } else if (!disturbed_ && limits.graceful) {
    return "a graceful end never looks abortive";
  }
  return std::nullopt;
}

Promises::Broken Promises::check_events(Side side, const Outcome& outcome, const World& after) {
  const NetworkEvents& events = outcome.events;
  Account& account = at(side);
  if (account.was_told_of_close && !after.is_closed(side) &&
      (after.events_if_selected(side).bits & fd::kClose) != 0)
    return "selecting does not repeat FD_CLOSE (EVT-23, WIN-18)";
  if (events.bits == 0) return std::nullopt;
  const Connection& core = after.core(side);
  if (after.is_closed(side)) return "a closed socket has no events (EVT-24)";
  if ((events.bits & fd::kConnect) != 0) {
    if (account.was_told_of_connect) return "FD_CONNECT is told of once (EVT-16)";
    account.was_told_of_connect = true;
    if (events.errors[4] != core.connect_outcome()) return "FD_CONNECT tells the outcome (EVT-16)";
  }
  if ((events.bits & fd::kClose) != 0) {
    if (account.was_told_of_close) return "FD_CLOSE is told of once (EVT-23)";
    account.was_told_of_close = true;
    if (events.errors[5] != core.close_indication()) return "FD_CLOSE tells how it ended (EVT-20)";
  }
  if ((events.bits & fd::kRead) != 0 && !core.readable()) return "FD_READ is for data (EVT-22)";
  return std::nullopt;
}

Promises::Broken Promises::check_agreement(const World& after) const {
  const auto is_open = [&](Side side) {
    return after.exists(side) && !after.is_gone(side) && after.core(side).connected() &&
           after.on_its_way_to(side) == 0;
  };
  if (disturbed_ || !is_open(Side::kCaller) || !is_open(Side::kAcceptor)) return std::nullopt;
  const Connection& caller = after.core(Side::kCaller);
  const Connection& acceptor = after.core(Side::kAcceptor);
  const bool both_open =
      caller.state() == State::kEstablished && acceptor.state() == State::kEstablished;
  const std::optional<Qos>& one = caller.qos();
  const std::optional<Qos>& two = acceptor.qos();
  const bool agree = one.has_value() == two.has_value() && (!one || mirrored(*one) == *two);
  if (both_open && !agree) return "with nothing on its way both ends agree on the QOS";
  // Each end knows of the other's.
  if (at(Side::kCaller).ended && !after.is_closed(Side::kAcceptor) && !at(Side::kAcceptor).ended &&
      acceptor.state() == State::kEstablished)
    return "an end that was sent arrives";
  return std::nullopt;
}

std::optional<std::string> Promises::waits_in_vain(const World& world, bool comes_by_itself) {
  for (const Side side : kBothSides) {
    if (!world.exists(side) || world.is_gone(side)) continue;
    const Connection& core = world.core(side);
    const State state = core.state();
    const bool is_limited =
        state == State::kRequesting || state == State::kAwaitingRequest || state == State::kClosing;
    if (is_limited && !core.deadline())
      return std::string(to_string(state)) + ": waits for the peer without a time limit";
    if (comes_by_itself) continue;
    if (world.is_closed(side)) return "an end that was let go of comes to its end by itself";
    const bool awaits_peer = state == State::kEstablished || state == State::kLocalEnded;
    if (awaits_peer && world.is_gone(other(side))) return "an end whose peer is gone is told so";
  }
  return std::nullopt;
}

void Promises::write_state(const World& world, StateWriter& out) const {
  for (const Side side : kBothSides) {
    const Account& account = at(side);
    // What one end has said matters to the other's application, what it has seen to its own.
    if (!world.is_closed(other(side))) {
      out.put(account.sent);
      out.put(account.message_ends);
      out.put(account.has_disconnect_data);
    }
    out.put(account.ended);
    if (world.is_closed(side)) continue;
    out.put(account.received);
    out.put(account.messages);
    out.put(account.receive_off);
    out.put(account.saw_end);
    out.put(account.was_told_of_close);
    out.put(account.was_told_of_connect);
    out.put(account.outcome);
    out.put(account.indication);
  }
  out.put(disturbed_);
  // The rest is for the outcome of the connect.
  if (world.core(Side::kCaller).connect_outcome() || world.is_closed(Side::kCaller)) return;
  out.put(was_accepted_);
  out.put(was_accepted_with_data_);
  out.put(was_rejected_);
  out.put(wanted_no_answer_);
}

}  // namespace ws2
