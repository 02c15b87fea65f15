#include "connection/exploration/circuit.hpp"

#include <algorithm>

namespace ws2 {
namespace {

ByteView view_of(const std::string& octets) {
  return {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()};
}

/// What the link no longer reads from its codec in.
bool is_deaf(State state) {
  return state == State::kRefused || state == State::kAborted || state == State::kClosed;
}

}  // namespace

void Circuit::Item::write_state(StateWriter& out) const {
  out.put(kind);
  out.put(end_of_message);
  out.put(number);
  out.put(octets);
  out.put(qos);
}

Circuit::Circuit(const Limits& limits)
    : limits_(limits),
      caller_(Connection::caller(limits_)),
      acceptor_(Connection::acceptor(limits_, TimePoint{0})) {}

void Circuit::Sink::put(const Unit& unit) {
  using Kind = Item::Kind;
  // Bare TCP has no words of its own for a request, its acceptance and an end.
  const bool framed = circuit_.limits_.delayed_accept;
  std::visit(
      [&](const auto& said) {
        using Said = std::decay_t<decltype(said)>;
        if constexpr (std::is_same_v<Said, RequestUnit>) {
          if (framed)
            circuit_.post(side_, {Kind::kRequest, false, 0, text_of(said.caller_data), said.qos});
        } else if constexpr (std::is_same_v<Said, AcceptUnit>) {
          if (framed)
            circuit_.post(side_, {Kind::kAccept, false, 0, text_of(said.callee_data), said.qos});
        } else if constexpr (std::is_same_v<Said, RejectUnit>) {
          if (!framed) return circuit_.reset(side_);
          circuit_.post(side_, {Kind::kReject, false, static_cast<std::uint32_t>(said.reason)});
          circuit_.end_octets(side_);
        } else if constexpr (std::is_same_v<Said, DataUnit>) {
          circuit_.post(side_, {Kind::kData, said.end_of_message, 0, text_of(said.bytes)});
        } else if constexpr (std::is_same_v<Said, DisconnectUnit>) {
          if (framed) circuit_.post(side_, {Kind::kDisconnect, false, 0, text_of(said.data)});
          circuit_.end_octets(side_);
        } else {
          circuit_.post(side_, {Kind::kQos, false, said.revision, {}, said.qos});
        }
      },
      unit);
}

void Circuit::settle() {
  for (const Side side : kBothSides) {
    if (at(side).core.wants_transport_abort()) reset(side);
  }
}

Passage Circuit::connect() {
  connected_ = true;
  if (limits_.delayed_accept) return {};
  Sink sink(*this, Side::kCaller);
  Sink acceptor_sink(*this, Side::kAcceptor);
  (void)acceptor_.core.on_unit(RequestUnit{}, kNow, acceptor_sink);
  return {caller_.core.on_unit(AcceptUnit{}, kNow, sink),
          {Cell{State::kRequesting, Input::kPeerAccept},
           Cell{State::kAwaitingRequest, Input::kPeerRequest}}};
}

bool Circuit::can_deliver(Side side) const {
  const End& end = at(side);
  if (end.is_gone || end.inbox.empty() || (side == Side::kAcceptor && !connected_)) return false;
  if (end.inbox.front().kind != Item::Kind::kReset) return takes_input(side);
  // On bare TCP nothing is read, and so no reset noticed, before the accept.
  return end.core.state() != State::kOffered || limits_.delayed_accept;
}

bool Circuit::can_overtake(Side side) const {
  const End& end = at(side);
  if (end.is_gone || end.inbox.empty()) return false;
  const bool is_noticed = end.core.state() != State::kOffered || limits_.delayed_accept;
  return is_noticed && end.inbox.front().kind != Item::Kind::kReset &&
         end.inbox.back().kind == Item::Kind::kReset;
}

bool Circuit::takes_input(Side side) const {
  const End& end = at(side);
  if (end.input_ended) return false;
  if (end.core.state() == State::kOffered && !limits_.delayed_accept) return false;
  return end.core.wants_input(static_cast<std::size_t>(-1));
}

bool Circuit::can_finish(Side side) const {
  const End& end = at(side);
  if (end.is_gone || !is_deaf(end.core.state())) return false;
  const bool awaits_caller =
      end.core.state() == State::kRefused && end.has_ended && !end.input_ended;
  return !awaits_caller;
}

bool Circuit::can_time_out(Side side) const {
  const End& end = at(side);
  if (!end.core.deadline() || end.is_gone) return false;
  if (!can_finish(side)) return true;
  // Only as long as its last octets are not written.
  return end.core.state() == State::kClosed && !at(other(side)).inbox.empty();
}

Passage Circuit::deliver(Side side) {
  End& end = at(side);
  const Item item = end.inbox.front();
  end.inbox.erase(end.inbox.begin());
  return arrive(side, item);
}

void Circuit::overtake(Side side) {
  at(side).inbox.clear();
  at(side).core.on_transport_reset();
  leave(side);
}

void Circuit::finish(Side side) {
  if (connected_) end_octets(side);
  leave(side);
}

void Circuit::vanish(Side side) {
  end_octets(side);
  leave(side);
  at(side).core.abort();
}

void Circuit::fail(Side side, int error) {
  at(side).core.on_transport_failure(error);
  leave(side);
}

void Circuit::cut() {
  is_cut_ = true;
  for (End* one : {&caller_, &acceptor_}) {
    one->inbox.clear();
    one->may_fail = !one->is_gone;
  }
}

Passage Circuit::arrive(Side side, const Item& item) {
  using Kind = Item::Kind;
  End& end = at(side);
  Sink sink(*this, side);
  Passage passage;
  const auto take = [&](Input input, const Unit& unit) {
    passage.cells[0] = Cell{end.core.state(), input};
    passage.violation = end.core.on_unit(unit, kNow, sink);
  };
  const ByteView octets = view_of(item.octets);
  switch (item.kind) {
    case Kind::kRequest:
      take(Input::kPeerRequest, RequestUnit{octets, item.qos});
      break;
    case Kind::kAccept:
      take(Input::kPeerAccept, AcceptUnit{octets, item.qos});
      break;
    case Kind::kReject:
      take(Input::kPeerReject, RejectUnit{static_cast<RejectReason>(item.number)});
      break;
    case Kind::kData:
      take(Input::kPeerData, DataUnit{octets, item.end_of_message});
      break;
    case Kind::kDisconnect:
      take(limits_.one_shot ? Input::kPeerRelease : Input::kPeerDisconnect, DisconnectUnit{octets});
      break;
    case Kind::kQos:
      take(Input::kPeerQos, QosUnit{*item.qos, item.number});
      break;
    case Kind::kEnd:
      end.input_ended = true;
      if (!limits_.delayed_accept) take(Input::kPeerDisconnect, DisconnectUnit{});
      passage.cells[1] = Cell{end.core.state(), Input::kTransportEnd};
      end.core.on_transport_end();
      break;
    case Kind::kReset:
      passage.cells[0] = Cell{end.core.state(), Input::kTransportLoss};
      end.core.on_transport_reset();
      leave(side);
      break;
  }
  return passage;
}

void Circuit::post(Side from, Item item) {
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

void Circuit::end_octets(Side side) {
  if (at(side).has_ended) return;
  post(side, {Item::Kind::kEnd});
  at(side).has_ended = true;
}

void Circuit::leave(Side side) {
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

void Circuit::reset(Side side) {
  if (at(side).is_gone) return;
  if (connected_) post(side, {Item::Kind::kReset});
  at(side).inbox.clear();
  leave(side);
}

void Circuit::write_state(Side side, StateWriter& out) const {
  const End& end = at(side);
  out.put(end.is_gone);
  out.put(end.has_ended);
  out.put(end.input_ended);
  out.put(end.may_fail);
  out.put(end.inbox.size());
  for (const Item& item : end.inbox) out.put(item);
  out.put(end.core);
}

void Circuit::write_state(StateWriter& out) const {
  out.put(connected_);
  out.put(is_cut_);
  for (const Side side : kBothSides) write_state(side, out);
}

}  // namespace ws2
