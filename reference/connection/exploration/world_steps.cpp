// What an action does to a world.

#include "connection/exploration/world.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

constexpr std::size_t kRoomForAll = 64;

Bytes bytes_of(char octet) {
  return {static_cast<std::uint8_t>(octet)};
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

Outcome World::apply(Action action) {
  Outcome outcome;
  End& end = at(action.side);
  if (is_call(action.act)) {
    outcome.cells[0] = Cell{core(action.side).state(), input_of(action.act)};
    call(action.side, action.act, outcome);
  } else {
    happen(action.side, action.act, outcome);
  }
  circuit_.settle();
  if (!end.is_closed && end.record.mask() != 0) {
    const bool is_receive = outcome.cells[0] && outcome.cells[0]->second == Input::kReceive;
    if (is_receive) {
      (void)end.record.after_receive(outcome.error, conditions(action.side));
    } else {
      (void)end.record.note(conditions(action.side));
    }
    outcome.events = end.record.take();
  }
  return outcome;
}

void World::call(Side side, Act act, Outcome& outcome) {
  End& end = at(side);
  Connection& core = circuit_.core(side);
  Circuit::Sink sink(circuit_, side);
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
    const Bytes data = limits().caller_data ? bytes_of(kCallerData) : Bytes();
    finish(core.request(data, room, std::nullopt, kNow, sink));
  };
  const auto accept = [&](const Bytes& data) {
    finish(core.accept(data, std::nullopt, sink));
    // EVT-11.
    if (outcome.error == 0) (void)end.record.select(kEverything, conditions(side));
  };

  switch (act) {
    case Act::kRequest:
      return request(kRoomForAll);
    case Act::kRequestNoRoom:
      return request(0);
    case Act::kAccept:
      return accept(limits().callee_data ? bytes_of(kCalleeData) : Bytes());
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
      return receive(1, {.partial = limits().message_boundaries});
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

void World::happen(Side side, Act act, Outcome& outcome) {
  Connection& core = circuit_.core(side);
  const auto note_cell = [&] { outcome.cells[0] = Cell{core.state(), input_of(act)}; };
  const auto note = [&](const Passage& passage) {
    outcome.violation = passage.violation;
    outcome.cells = passage.cells;
  };
  switch (act) {
    case Act::kLingerOver:
      note_cell();
      return core.abort();
    case Act::kConnect:
      return note(circuit_.connect());
    case Act::kConnectFails:
      note_cell();
      return circuit_.fail(side, WSAECONNREFUSED);
    case Act::kDeliver:
      return note(circuit_.deliver(side));
    case Act::kOvertake:
      note_cell();
      return circuit_.overtake(side);
    case Act::kTimeOut:
      note_cell();
      return core.on_time(*core.deadline());
    case Act::kFinish:
      return circuit_.finish(side);
    case Act::kVanish:
      circuit_.vanish(side);
      at(side).is_closed = true;
      return;
    case Act::kCut:
      return circuit_.cut();
    default:
      note_cell();
      return circuit_.fail(side, WSAECONNABORTED);
  }
}

}  // namespace ws2
