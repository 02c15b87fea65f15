#include "connection/state_table.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>

#include "ws2/errors.h"

namespace ws2 {
namespace {

using enum State;
using enum Input;

using StateSet = std::uint16_t;

constexpr StateSet in(std::initializer_list<State> states) {
  StateSet set = 0;
  for (State state : states) set |= static_cast<StateSet>(1U << static_cast<unsigned>(state));
  return set;
}

constexpr StateSet kBeforeRequest = in({kIdle, kAwaitingRequest, kOffered});
constexpr StateSet kUnconnected = kBeforeRequest | in({kRequesting, kRefused});
constexpr StateSet kConnected = in({kEstablished, kLocalEnded, kRemoteEnded, kBothEnded});
constexpr StateSet kLetGo = in({kClosing, kClosed});
/// Nothing that the peer says matters any more.
constexpr StateSet kDeaf = in({kRefused, kAborted, kClosed});

enum class Next : unsigned char { kStay, kTo };

struct Row {
  Input input;
  StateSet states;
  Next next;
  State to;
  Allowed allowed;
  int error;
};

constexpr Row to(Input input, State state, State next) {
  return {input, in({state}), Next::kTo, next, Allowed::kYes, 0};
}
constexpr Row stays(Input input, StateSet states) {
  return {input, states, Next::kStay, kIdle, Allowed::kYes, 0};
}
constexpr Row ignored(Input input, StateSet states) {
  return {input, states, Next::kStay, kIdle, Allowed::kIgnored, 0};
}
constexpr Row fails(Input input, StateSet states, int error) {
  return {input, states, Next::kStay, kIdle, Allowed::kError, error};
}
constexpr Row fails_as_lost(Input input, StateSet states) {
  return {input, states, Next::kStay, kIdle, Allowed::kFailure, 0};
}
constexpr Row violates(Input input, StateSet states) {
  return {input, states, Next::kStay, kIdle, Allowed::kViolation, 0};
}

constexpr Row kRows[] = {
    // WSAConnect
    to(kRequest, kIdle, kRequesting),
    fails(kRequest, in({kRequesting}), WSAEALREADY),
    fails(kRequest, kConnected | in({kAborted}), WSAEISCONN),
    fails(kRequest, in({kAwaitingRequest, kOffered, kRefused}), WSAEINVAL),
    fails(kRequest, kLetGo, WSAENOTSOCK),

    // WSAAccept's verdict on the request at the head of the queue
    to(kAccept, kOffered, kEstablished),
    fails_as_lost(kAccept, in({kRefused})),
    fails(kAccept, kConnected | in({kIdle, kRequesting, kAwaitingRequest, kAborted}), WSAEINVAL),
    fails(kAccept, kLetGo, WSAENOTSOCK),
    to(kReject, kOffered, kRefused),
    fails_as_lost(kReject, in({kRefused})),
    fails(kReject, kConnected | in({kIdle, kRequesting, kAwaitingRequest, kAborted}), WSAEINVAL),
    fails(kReject, kLetGo, WSAENOTSOCK),

    // send, recv
    stays(kSend, in({kEstablished, kRemoteEnded})),
    fails(kSend, in({kLocalEnded, kBothEnded}), WSAESHUTDOWN),
    fails_as_lost(kSend, in({kAborted})),
    fails(kSend, kUnconnected, WSAENOTCONN),
    fails(kSend, kLetGo, WSAENOTSOCK),
    stays(kReceive, kConnected | in({kAborted})),
    fails(kReceive, kUnconnected, WSAENOTCONN),
    fails(kReceive, kLetGo, WSAENOTSOCK),

    // Ending a direction. A repetition is no error by itself (TEAR-12); a lost connection is not
    // connected, unless all that is wanted is what the peer's disconnect brought (TEAR-38).
    to(kSendDisconnect, kEstablished, kLocalEnded),
    to(kSendDisconnect, kRemoteEnded, kBothEnded),
    ignored(kSendDisconnect, in({kLocalEnded, kBothEnded})),
    fails(kSendDisconnect, kUnconnected | in({kAborted}), WSAENOTCONN),
    fails(kSendDisconnect, kLetGo, WSAENOTSOCK),
    stays(kRecvDisconnect, kConnected | in({kAborted})),
    fails(kRecvDisconnect, kUnconnected, WSAENOTCONN),
    fails(kRecvDisconnect, kLetGo, WSAENOTSOCK),

    // SIO_SET_QOS. Before there is a connection it is the socket's wish, and none of the core's
    // business; after the own end nothing can be said to the peer any more.
    stays(kSetQos, in({kEstablished, kRemoteEnded})),
    fails(kSetQos, in({kLocalEnded, kBothEnded, kRequesting}), WSAEINVAL),
    fails(kSetQos, kBeforeRequest | in({kRefused}), WSAENOTCONN),
    fails_as_lost(kSetQos, in({kAborted})),
    fails(kSetQos, kLetGo, WSAENOTSOCK),

    // closesocket
    to(kClose, kIdle, kClosed),
    to(kClose, kRequesting, kClosed),
    to(kClose, kAwaitingRequest, kClosed),
    to(kClose, kOffered, kRefused),
    to(kClose, kEstablished, kClosing),
    to(kClose, kLocalEnded, kClosing),
    to(kClose, kRemoteEnded, kClosed),
    to(kClose, kBothEnded, kClosed),
    to(kClose, kRefused, kClosed),
    to(kClose, kAborted, kClosed),
    ignored(kClose, kLetGo),
    to(kAbort, kIdle, kClosed),
    to(kAbort, kRequesting, kClosed),
    to(kAbort, kAwaitingRequest, kClosed),
    to(kAbort, kOffered, kClosed),
    to(kAbort, kEstablished, kClosed),
    to(kAbort, kLocalEnded, kClosed),
    to(kAbort, kRemoteEnded, kClosed),
    to(kAbort, kBothEnded, kClosed),
    to(kAbort, kRefused, kClosed),
    to(kAbort, kAborted, kClosed),
    to(kAbort, kClosing, kClosed),
    stays(kAbort, in({kClosed})),

    // What the peer says
    to(kPeerRequest, kAwaitingRequest, kOffered),
    violates(kPeerRequest, kConnected | in({kIdle, kRequesting, kOffered, kClosing})),
    ignored(kPeerRequest, kDeaf),
    to(kPeerAccept, kRequesting, kEstablished),
    violates(kPeerAccept, kConnected | kBeforeRequest | in({kClosing})),
    ignored(kPeerAccept, kDeaf),
    to(kPeerReject, kRequesting, kRefused),
    violates(kPeerReject, kConnected | kBeforeRequest | in({kClosing})),
    ignored(kPeerReject, kDeaf),
    stays(kPeerData, in({kEstablished, kLocalEnded})),
    violates(kPeerData, kBeforeRequest | in({kRequesting, kRemoteEnded, kBothEnded})),
    ignored(kPeerData, kDeaf | in({kClosing})),
    stays(kPeerQos, in({kEstablished, kLocalEnded})),
    violates(kPeerQos, kBeforeRequest | in({kRequesting, kRemoteEnded, kBothEnded})),
    ignored(kPeerQos, kDeaf | in({kClosing})),
    to(kPeerDisconnect, kEstablished, kRemoteEnded),
    to(kPeerDisconnect, kLocalEnded, kBothEnded),
    to(kPeerDisconnect, kClosing, kClosed),
    violates(kPeerDisconnect, kBeforeRequest | in({kRequesting, kRemoteEnded, kBothEnded})),
    ignored(kPeerDisconnect, kDeaf),
    to(kPeerRelease, kEstablished, kBothEnded),
    to(kPeerRelease, kLocalEnded, kBothEnded),
    to(kPeerRelease, kClosing, kClosed),
    violates(kPeerRelease, kBeforeRequest | in({kRequesting, kRemoteEnded, kBothEnded})),
    ignored(kPeerRelease, kDeaf),

    // The transport. After the peer's graceful end its octets may end too; and once both ends are
    // there, nothing can be lost any more.
    to(kTransportEnd, kRequesting, kRefused),
    to(kTransportEnd, kAwaitingRequest, kRefused),
    to(kTransportEnd, kOffered, kRefused),
    to(kTransportEnd, kEstablished, kAborted),
    to(kTransportEnd, kLocalEnded, kAborted),
    to(kTransportEnd, kClosing, kClosed),
    ignored(kTransportEnd, kDeaf | in({kIdle, kRemoteEnded, kBothEnded})),
    to(kTransportLoss, kRequesting, kRefused),
    to(kTransportLoss, kAwaitingRequest, kRefused),
    to(kTransportLoss, kOffered, kRefused),
    to(kTransportLoss, kEstablished, kAborted),
    to(kTransportLoss, kLocalEnded, kAborted),
    to(kTransportLoss, kRemoteEnded, kAborted),
    to(kTransportLoss, kClosing, kClosed),
    ignored(kTransportLoss, kDeaf | in({kIdle, kBothEnded})),

    // Time. A rejected request and a closed connection only wait for their last octets to go.
    to(kTimeOut, kRequesting, kRefused),
    to(kTimeOut, kAwaitingRequest, kRefused),
    to(kTimeOut, kOffered, kRefused),
    to(kTimeOut, kRefused, kClosed),
    to(kTimeOut, kClosing, kClosed),
    stays(kTimeOut, in({kClosed})),
    ignored(kTimeOut, kConnected | in({kIdle, kAborted})),
};

struct Table {
  std::array<std::array<Transition, kInputCount>, kStateCount> entries{};
  bool complete = true;
};

consteval Table build() {
  Table table;
  bool filled[kStateCount][kInputCount] = {};
  for (const Row& row : kRows) {
    const auto input = static_cast<std::size_t>(row.input);
    for (std::size_t state = 0; state < kStateCount; ++state) {
      if ((row.states >> state & 1U) == 0) continue;
      if (filled[state][input]) table.complete = false;
      filled[state][input] = true;
      const State next = row.next == Next::kTo ? row.to : static_cast<State>(state);
      table.entries[state][input] = {next, row.allowed, row.error};
    }
  }
  for (const auto& inputs : filled) {
    for (bool one : inputs) table.complete = table.complete && one;
  }
  return table;
}

constexpr Table kTable = build();
static_assert(kTable.complete, "every state needs exactly one entry for every input");

}  // namespace

const Transition& transition(State state, Input input) {
  return kTable.entries[static_cast<std::size_t>(state)][static_cast<std::size_t>(input)];
}

std::string_view to_string(State state) {
  static constexpr std::array<std::string_view, kStateCount> kNames = {
      "idle",         "requesting", "awaiting request", "offered", "established", "local ended",
      "remote ended", "both ended", "refused",          "aborted", "closing",     "closed"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view to_string(Input input) {
  static constexpr std::array<std::string_view, kInputCount> kNames = {
      "request",           "accept",          "reject",        "send",           "receive",
      "send disconnect",   "recv disconnect", "set QOS",       "close",          "abort",
      "peer's request",    "peer's accept",   "peer's reject", "peer's data",    "peer's QOS",
      "peer's disconnect", "peer's release",  "transport end", "transport loss", "time-out"};
  return kNames[static_cast<std::size_t>(input)];
}

}  // namespace ws2
