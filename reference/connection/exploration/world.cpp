#include "connection/exploration/world.hpp"

#include <algorithm>

#include "ws2/errors.h"

namespace ws2 {
namespace {

Limits with_offer_timeout(Limits limits) {
  limits.timeouts.offer = std::chrono::seconds(5);
  return limits;
}

/// What the link no longer reads from its codec in.
bool is_deaf(State state) {
  return state == State::kRefused || state == State::kAborted || state == State::kClosed;
}

}  // namespace

void World::Item::write_state(StateWriter& out) const {
  out.put(kind);
  out.put(end_of_message);
  out.put(number);
  out.put(octets);
  out.put(qos);
}

World::World(const Limits& limits, const Bounds& bounds)
    : limits_(with_offer_timeout(limits)),
      caller_(Connection::caller(limits_)),
      acceptor_(Connection::acceptor(limits_, TimePoint{0})) {
  caller_.sends_left = bounds.caller_sends;
  acceptor_.sends_left = bounds.acceptor_sends;
  for (End* end : {&caller_, &acceptor_}) {
    end->qos_changes_left = limits_.qos ? bounds.qos_changes : 0;
  }
  (void)caller_.record.select(kEverything, {});
}

bool World::is_over(Side side) const {
  if (!exists(side)) return caller_.is_gone;
  const End& end = at(side);
  if (!end.is_gone) return false;
  // A request that came to nothing is nobody's.
  return end.is_closed || (side == Side::kAcceptor && end.core.state() == State::kRefused);
}

void World::enabled(std::vector<Action>& actions) const {
  actions.clear();
  for (const Side side : kBothSides) {
    if (!exists(side)) continue;
    if (!at(side).is_closed) enabled_calls(side, actions);
    enabled_happenings(side, actions);
  }
}

void World::enabled_calls(Side side, std::vector<Action>& actions) const {
  const End& end = at(side);
  const auto add = [&](Act act, bool possible = true) {
    if (possible) actions.push_back({side, act});
  };
  const State state = end.core.state();
  if (side == Side::kAcceptor && !end.core.connected()) {
    // The listener's: there is no socket yet.
    const bool was_offered = state == State::kOffered || state == State::kRefused;
    add(Act::kAccept, was_offered);
    add(Act::kAcceptPlain, was_offered && limits_.callee_data);
    add(Act::kReject, was_offered);
    add(Act::kClose);
    add(Act::kAbort);
    return;
  }
  const bool messages = limits_.message_boundaries;
  const bool parts = messages && !limits_.one_shot;
  // A call that fails changes nothing, and may be made as often as one likes.
  const bool sends = end.sends_left > 0 || !end.core.check_send(0).ok();
  add(Act::kRequest);
  add(Act::kRequestNoRoom, limits_.callee_data.has_value());
  add(Act::kSend, sends);
  add(Act::kSendEmpty, sends && messages);
  add(Act::kSendPart, sends && parts);
  add(Act::kReceive);
  add(Act::kReceivePart, parts || !messages);
  add(Act::kReceiveSmall, messages);
  add(Act::kPeek);
  add(Act::kSendDisconnect);
  add(Act::kSendDisconnectData);
  add(Act::kRecvDisconnect);
  add(Act::kRecvDisconnectNoRoom);
  add(Act::kShutdownReceive);
  add(Act::kShutdownSend);
  add(Act::kShutdownBoth);
  add(Act::kSetQos, limits_.qos && (end.qos_changes_left > 0 ||
                                    transition(state, Input::kSetQos).allowed != Allowed::kYes));
  add(Act::kClose);
  add(Act::kAbort);
}

void World::enabled_happenings(Side side, std::vector<Action>& actions) const {
  const End& end = at(side);
  const auto add = [&](Act act, bool possible) {
    if (possible) actions.push_back({side, act});
  };
  if (end.is_gone) return;
  const State state = end.core.state();
  add(Act::kLingerOver, end.is_closed && connected_);
  const bool connecting = !connected_ && state == State::kRequesting;
  add(Act::kConnect, connecting);
  add(Act::kConnectFails, connecting);
  if (!end.inbox.empty()) {
    // On bare TCP nothing is read, and so no reset noticed, before the accept.
    const bool is_noticed = state != State::kOffered || limits_.delayed_accept;
    const bool is_reset = end.inbox.front().kind == Item::Kind::kReset;
    add(Act::kDeliver, is_reset ? is_noticed : takes_input(end));
    add(Act::kOvertake, is_noticed && !is_reset && end.inbox.back().kind == Item::Kind::kReset);
  }
  add(Act::kTimeOut, can_time_out(side));
  add(Act::kFinish, wants_to_finish(end));
  add(Act::kVanish, connected_);
  add(Act::kCut, connected_ && !is_cut_);
  add(Act::kFail, end.may_fail);
}

bool World::takes_input(const End& end) const {
  if (end.input_ended) return false;
  if (end.core.state() == State::kOffered && !limits_.delayed_accept) return false;
  return end.core.wants_input(static_cast<std::size_t>(-1));
}

bool World::wants_to_finish(const End& end) const {
  if (end.is_gone || !is_deaf(end.core.state())) return false;
  const bool awaits_caller =
      end.core.state() == State::kRefused && end.has_ended && !end.input_ended;
  return !awaits_caller;
}

bool World::can_time_out(Side side) const {
  const End& end = at(side);
  if (!end.core.deadline() || end.is_gone) return false;
  if (!wants_to_finish(end)) return true;
  // Only as long as its last octets are not written.
  return end.core.state() == State::kClosed && !at(other(side)).inbox.empty();
}

void World::post(Side from, Item item) {
  using Kind = Item::Kind;
  End& sender = at(from);
  End& receiver = at(other(from));
  if (sender.is_gone || is_cut_) return;
  if (sender.has_ended && item.kind != Kind::kReset) spoke_after_its_end_ = true;
  if (!receiver.is_gone) return receiver.inbox.push_back(std::move(item));
  // A system answers octets for a descriptor that is closed with a reset.
  const bool is_answered = item.kind != Kind::kEnd && item.kind != Kind::kReset;
  if (is_answered && (sender.inbox.empty() || sender.inbox.back().kind != Kind::kReset))
    sender.inbox.push_back({Kind::kReset});
}

void World::end_octets(Side side) {
  if (at(side).has_ended) return;
  post(side, {Item::Kind::kEnd});
  at(side).has_ended = true;
}

void World::leave(Side side) {
  using Kind = Item::Kind;
  End& end = at(side);
  End& peer = at(other(side));
  const bool has_unread = std::any_of(end.inbox.begin(), end.inbox.end(), [](const Item& item) {
    return item.kind != Kind::kEnd && item.kind != Kind::kReset;
  });
  const bool is_told = !peer.inbox.empty() && peer.inbox.back().kind == Kind::kReset;
  if (has_unread && !is_told && !peer.is_gone && !is_cut_) post(side, {Kind::kReset});
  end.is_gone = true;
  end.may_fail = false;
  end.inbox.clear();
}

void World::reset(Side side) {
  if (at(side).is_gone) return;
  if (connected_) post(side, {Item::Kind::kReset});
  at(side).inbox.clear();
  leave(side);
}

Conditions World::conditions(const End& end) const {
  Conditions so;
  so.connect_outcome = end.core.connect_outcome();
  if (!end.core.connected()) return so;
  so.readable = end.core.readable();
  so.writable = end.core.send_allowed();
  so.close_indication = end.core.close_indication();
  so.qos_changed = end.core.qos_changed();
  so.arrivals = end.core.arrivals();
  return so;
}

NetworkEvents World::events_if_selected(Side side) const {
  EventRecord record = at(side).record;
  (void)record.select(kEverything, conditions(at(side)));
  return record.take();
}

void World::write_state(StateWriter& out) const {
  out.put(connected_);
  out.put(is_cut_);
  for (const Side side : kBothSides) {
    const End& end = at(side);
    // Of an end that is over nothing matters any more.
    const bool is_over = end.is_closed && end.is_gone;
    out.put(is_over);
    if (is_over) continue;
    out.put(end.is_closed);
    out.put(end.is_gone);
    out.put(end.has_ended);
    out.put(end.input_ended);
    out.put(end.may_fail);
    out.put(end.sends_left);
    out.put(end.qos_changes_left);
    out.put(end.sent);
    out.put(end.inbox.size());
    for (const Item& item : end.inbox) out.put(item);
    out.put(end.core);
    if (!end.is_closed) out.put(end.record);
  }
}

}  // namespace ws2
