#include "connection/exploration/world.hpp"

#include <algorithm>

#include "ws2/errors.h"

namespace ws2 {
namespace {

Limits with_offer_timeout(Limits limits) {
  limits.timeouts.offer = std::chrono::seconds(5);
  return limits;
}

}  // namespace

World::World(const Limits& limits, const Bounds& bounds)
    : circuit_(with_offer_timeout(limits)), caller_(limits.edition), acceptor_(limits.edition) {
  caller_.sends_left = bounds.caller_sends;
  acceptor_.sends_left = bounds.acceptor_sends;
  for (End* end : {&caller_, &acceptor_}) {
    end->qos_changes_left = limits.qos ? bounds.qos_changes : 0;
  }
  (void)caller_.record.select(kEverything, {});
}

bool World::is_over(Side side) const {
  if (!exists(side)) return is_gone(Side::kCaller);
  if (!is_gone(side)) return false;
  // A request that came to nothing is nobody's.
  return is_closed(side) || (side == Side::kAcceptor && core(side).state() == State::kRefused);
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
  const Limits& limits = this->limits();
  const Connection& core = this->core(side);
  const State state = core.state();
  if (side == Side::kAcceptor && !core.connected()) {
    // The listener's: there is no socket yet.
    const bool was_offered = state == State::kOffered || state == State::kRefused;
    add(Act::kAccept, was_offered);
    add(Act::kAcceptPlain, was_offered && limits.callee_data);
    add(Act::kReject, was_offered);
    add(Act::kClose);
    add(Act::kAbort);
    return;
  }
  const bool messages = limits.message_boundaries;
  const bool parts = messages && !limits.one_shot;
  // A call that fails changes nothing, and may be made as often as one likes.
  const bool sends = end.sends_left > 0 || !core.check_send(0).ok();
  add(Act::kRequest);
  add(Act::kRequestNoRoom, limits.callee_data.has_value());
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
  add(Act::kSetQos, limits.qos && (end.qos_changes_left > 0 ||
                                   transition(state, Input::kSetQos).allowed != Allowed::kYes));
  add(Act::kClose);
  add(Act::kAbort);
}

void World::enabled_happenings(Side side, std::vector<Action>& actions) const {
  const auto add = [&](Act act, bool possible) {
    if (possible) actions.push_back({side, act});
  };
  if (is_gone(side)) return;
  const bool connected = circuit_.is_connected();
  add(Act::kLingerOver, is_closed(side) && connected);
  const bool connecting = !connected && core(side).state() == State::kRequesting;
  add(Act::kConnect, connecting);
  add(Act::kConnectFails, connecting);
  add(Act::kDeliver, circuit_.can_deliver(side));
  add(Act::kOvertake, circuit_.can_overtake(side));
  add(Act::kTimeOut, circuit_.can_time_out(side));
  add(Act::kFinish, circuit_.can_finish(side));
  add(Act::kVanish, connected);
  add(Act::kCut, connected && !is_cut());
  add(Act::kFail, circuit_.may_fail(side));
}

Conditions World::conditions(Side side) const {
  const Connection& core = this->core(side);
  Conditions so;
  so.connect_outcome = core.connect_outcome();
  if (!core.connected()) return so;
  so.readable = core.readable();
  so.writable = core.send_allowed();
  so.close_indication = core.close_indication();
  so.qos_changed = core.qos_changed();
  so.arrivals = core.arrivals();
  return so;
}

NetworkEvents World::events_if_selected(Side side) const {
  EventRecord record = at(side).record;
  (void)record.select(kEverything, conditions(side));
  return record.take();
}

void World::write_state(StateWriter& out) const {
  out.put(circuit_.is_connected());
  out.put(is_cut());
  for (const Side side : kBothSides) {
    const End& end = at(side);
    // Of an end that is over nothing matters any more.
    const bool is_over = end.is_closed && is_gone(side);
    out.put(is_over);
    if (is_over) continue;
    circuit_.write_state(side, out);
    out.put(end.is_closed);
    out.put(end.sends_left);
    out.put(end.qos_changes_left);
    out.put(end.sent);
    if (!end.is_closed) out.put(end.record);
  }
}

}  // namespace ws2
