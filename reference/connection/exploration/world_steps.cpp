// What an action does to a world.

#include "connection/exploration/world.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

constexpr TimePoint kNow{0};
constexpr std::size_t kRoomForAll = 64;

Bytes bytes_of(char octet) {
  return {static_cast<std::uint8_t>(octet)};
}

ByteView view_of(const std::string& octets) {
  return {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()};
}

std::string text_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

/// A wish that no other of this connection is equal to.
Qos wish(Side side, unsigned number) {
  Qos qos;
  const std::uint32_t rate = 1000 + number * 2 + (side == Side::kCaller ? 0 : 1);
  for (FlowSpec* spec : {&qos.sending, &qos.receiving}) {
    spec->fields = {rate, 1, rate, kNotSpecified, kNotSpecified, service::kBestEffort, 1, 1};
  }
  return qos;
}

Input input_of(Act act) {
  switch (act) {
    case Act::kRequest:
    case Act::kRequestNoRoom:
      return Input::kRequest;
    case Act::kAccept:
    case Act::kAcceptPlain:
      return Input::kAccept;
    case Act::kReject:
      return Input::kReject;
    case Act::kSend:
    case Act::kSendEmpty:
    case Act::kSendPart:
      return Input::kSend;
    case Act::kReceive:
    case Act::kReceivePart:
    case Act::kReceiveSmall:
    case Act::kPeek:
      return Input::kReceive;
    case Act::kSendDisconnect:
    case Act::kSendDisconnectData:
    case Act::kShutdownSend:
    case Act::kShutdownBoth:
      return Input::kSendDisconnect;
    case Act::kRecvDisconnect:
    case Act::kRecvDisconnectNoRoom:
    case Act::kShutdownReceive:
      return Input::kRecvDisconnect;
    case Act::kSetQos:
      return Input::kSetQos;
    case Act::kClose:
      return Input::kClose;
    case Act::kTimeOut:
      return Input::kTimeOut;
    case Act::kConnectFails:
    case Act::kOvertake:
    case Act::kFail:
      return Input::kTransportLoss;
    default:
      return Input::kAbort;
  }
}

}  // namespace

/// Turns what a core says into what is on its way, as the codecs do.
class World::Sink final : public UnitSink {
 public:
  Sink(World& world, Side side) : world_(world), side_(side) {}

  void put(const Unit& unit) override {
    std::visit([this](const auto& alternative) { say(alternative); }, unit);
  }

 private:
  using Kind = Item::Kind;

  // Bare TCP has no words of its own for a request and its acceptance.
  void say(const RequestUnit& unit) {
    if (framed())
      world_.post(side_, {Kind::kRequest, false, 0, text_of(unit.caller_data), unit.qos});
  }
  void say(const AcceptUnit& unit) {
    if (framed())
      world_.post(side_, {Kind::kAccept, false, 0, text_of(unit.callee_data), unit.qos});
  }
  void say(const RejectUnit& unit) {
    if (!framed()) return world_.reset(side_);
    world_.post(side_, {Kind::kReject, false, static_cast<std::uint32_t>(unit.reason)});
    world_.end_octets(side_);
  }
  void say(const DataUnit& unit) {
    world_.post(side_, {Kind::kData, unit.end_of_message, 0, text_of(unit.bytes)});
  }
  void say(const DisconnectUnit& unit) {
    if (framed()) world_.post(side_, {Kind::kDisconnect, false, 0, text_of(unit.data)});
    world_.end_octets(side_);
  }
  void say(const QosUnit& unit) {
    world_.post(side_, {Kind::kQos, false, unit.revision, {}, unit.qos});
  }

  [[nodiscard]] bool framed() const { return world_.limits_.delayed_accept; }

  World& world_;
  Side side_;
};

Outcome World::apply(Action action) {
  Outcome outcome;
  End& end = at(action.side);
  Sink sink(*this, action.side);
  if (is_call(action.act)) {
    outcome.cells[0] = Cell{end.core.state(), input_of(action.act)};
    call(action.side, action.act, outcome, sink);
  } else {
    happen(action.side, action.act, outcome, sink);
  }
  for (const Side side : kBothSides) {
    if (at(side).core.wants_transport_abort()) reset(side);
  }
  if (!end.is_closed && end.record.mask() != 0) {
    const bool is_receive = outcome.cells[0] && outcome.cells[0]->second == Input::kReceive;
    if (is_receive) {
      (void)end.record.after_receive(outcome.error, conditions(end));
    } else {
      (void)end.record.note(conditions(end));
    }
    outcome.events = end.record.take();
  }
  return outcome;
}

void World::call(Side side, Act act, Outcome& outcome, Sink& sink) {
  End& end = at(side);
  Connection& core = end.core;
  const auto finish = [&](CallResult result) { outcome.error = result.error(); };
  const auto send = [&](std::size_t octets, bool end_of_message) {
    const Bytes bytes(octets, end.sent);
    finish(core.send(bytes, end_of_message, sink));
    if (outcome.error != 0) return;
    end.sent = static_cast<std::uint8_t>(end.sent + octets);
    --end.sends_left;
  };
  const auto receive = [&](std::size_t room, ReceiveMode mode) {
    Bytes buffer(room);
    const Received received = core.receive(buffer, mode);
    finish(received.result);
    outcome.octets = text_of(ByteView(buffer).first(received.bytes));
    outcome.end_of_message = received.end_of_message;
  };
  const auto fetch = [&](std::size_t room) {
    Bytes buffer(room);
    const RecvDisconnected fetched = core.recv_disconnect(buffer);
    finish(fetched.result);
    outcome.octets = text_of(ByteView(buffer).first(fetched.bytes));
  };
  const auto request = [&](std::size_t room) {
    const Bytes data = limits_.caller_data ? bytes_of(kCallerData) : Bytes();
    finish(core.request(data, room, std::nullopt, kNow, sink));
  };
  const auto accept = [&](const Bytes& data) {
    finish(core.accept(data, std::nullopt, sink));
    // EVT-11.
    if (outcome.error == 0) (void)end.record.select(kEverything, conditions(end));
  };

  switch (act) {
    case Act::kRequest:
      return request(kRoomForAll);
    case Act::kRequestNoRoom:
      return request(0);
    case Act::kAccept:
      return accept(limits_.callee_data ? bytes_of(kCalleeData) : Bytes());
    case Act::kAcceptPlain:
      return accept({});
    case Act::kReject:
      return finish(core.reject(RejectReason::kRefused, kNow, sink));
    case Act::kSend:
      return send(1, true);
    case Act::kSendEmpty:
      return send(0, true);
    case Act::kSendPart:
      return send(1, false);
    case Act::kReceive:
      return receive(kRoomForAll, {});
    case Act::kReceivePart:
      return receive(1, {.partial = limits_.message_boundaries});
    case Act::kReceiveSmall:
      return receive(0, {});
    case Act::kPeek:
      return receive(kRoomForAll, {.peek = true});
    case Act::kSendDisconnect:
      return finish(core.send_disconnect(std::nullopt, sink));
    case Act::kSendDisconnectData: {
      const Bytes data = bytes_of(disconnect_data(side));
      return finish(core.send_disconnect(data, sink));
    }
    case Act::kRecvDisconnect:
      return fetch(kRoomForAll);
    case Act::kRecvDisconnectNoRoom:
      return fetch(0);
    case Act::kShutdownReceive:
      return finish(core.shutdown(ShutdownHow::kReceive, sink));
    case Act::kShutdownSend:
      return finish(core.shutdown(ShutdownHow::kSend, sink));
    case Act::kShutdownBoth:
      return finish(core.shutdown(ShutdownHow::kBoth, sink));
    case Act::kSetQos:
      finish(core.set_qos(wish(side, end.qos_changes_left), sink));
      if (outcome.error == 0) --end.qos_changes_left;
      return;
    case Act::kClose:
      core.close(kNow, sink);
      break;
    default:
      core.abort();
      break;
  }
  end.is_closed = true;
  (void)end.record.select(0, {});
}

void World::happen(Side side, Act act, Outcome& outcome, Sink& sink) {
  End& end = at(side);
  const auto note_cell = [&] { outcome.cells[0] = Cell{end.core.state(), input_of(act)}; };
  switch (act) {
    case Act::kLingerOver:
      note_cell();
      return end.core.abort();
    case Act::kConnect:
      connected_ = true;
      if (!limits_.delayed_accept) {
        Sink acceptor_sink(*this, Side::kAcceptor);
        (void)acceptor_.core.on_unit(RequestUnit{}, kNow, acceptor_sink);
        outcome.violation = end.core.on_unit(AcceptUnit{}, kNow, sink);
        outcome.cells = {Cell{State::kRequesting, Input::kPeerAccept},
                         Cell{State::kAwaitingRequest, Input::kPeerRequest}};
      }
      return;
    case Act::kConnectFails:
      note_cell();
      end.core.on_transport_failure(WSAECONNREFUSED);
      return leave(side);
    case Act::kDeliver: {
      const Item item = end.inbox.front();
      end.inbox.erase(end.inbox.begin());
      return arrive(side, item, outcome, sink);
    }
    case Act::kOvertake:
      note_cell();
      end.inbox.clear();
      end.core.on_transport_reset();
      return leave(side);
    case Act::kTimeOut:
      note_cell();
      return end.core.on_time(*end.core.deadline());
    case Act::kFinish:
      if (connected_) end_octets(side);
      return leave(side);
    case Act::kVanish:
      end_octets(side);
      leave(side);
      end.core.abort();
      end.is_closed = true;
      return;
    case Act::kCut:
      is_cut_ = true;
      for (End* one : {&caller_, &acceptor_}) {
        one->inbox.clear();
        one->may_fail = !one->is_gone;
      }
      return;
    default:
      note_cell();
      end.core.on_transport_failure(WSAECONNABORTED);
      return leave(side);
  }
}

void World::arrive(Side side, const Item& item, Outcome& outcome, Sink& sink) {
  using Kind = Item::Kind;
  End& end = at(side);
  const auto take = [&](Input input, const Unit& unit) {
    outcome.cells[0] = Cell{end.core.state(), input};
    outcome.violation = end.core.on_unit(unit, kNow, sink);
  };
  const ByteView octets = view_of(item.octets);
  switch (item.kind) {
    case Kind::kRequest:
      return take(Input::kPeerRequest, RequestUnit{octets, item.qos});
    case Kind::kAccept:
      return take(Input::kPeerAccept, AcceptUnit{octets, item.qos});
    case Kind::kReject:
      return take(Input::kPeerReject, RejectUnit{static_cast<RejectReason>(item.number)});
    case Kind::kData:
      return take(Input::kPeerData, DataUnit{octets, item.end_of_message});
    case Kind::kDisconnect:
      return take(limits_.one_shot ? Input::kPeerRelease : Input::kPeerDisconnect,
                  DisconnectUnit{octets});
    case Kind::kQos:
      return take(Input::kPeerQos, QosUnit{*item.qos, item.number});
    case Kind::kEnd:
      end.input_ended = true;
      if (!limits_.delayed_accept) take(Input::kPeerDisconnect, DisconnectUnit{});
      outcome.cells[1] = Cell{end.core.state(), Input::kTransportEnd};
      return end.core.on_transport_end();
    case Kind::kReset:
      outcome.cells[0] = Cell{end.core.state(), Input::kTransportLoss};
      end.core.on_transport_reset();
      return leave(side);
  }
}

}  // namespace ws2
