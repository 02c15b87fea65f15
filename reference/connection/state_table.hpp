#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace ws2 {

enum class State : unsigned char {
  kIdle,             ///< caller: no request made yet
  kRequesting,       ///< caller: request made, no verdict yet
  kAwaitingRequest,  ///< acceptor: the transport is there, the request is not complete
  kOffered,          ///< acceptor: the request waits for the application's verdict
  kEstablished,      ///< both directions open
  kLocalEnded,       ///< this end has ended its sending
  kRemoteEnded,      ///< the peer has ended its sending
  kBothEnded,        ///< both have, gracefully
  kRefused,          ///< the request came to nothing: rejected, withdrawn, timed out, failed
  kAborted,          ///< an established connection was lost without a graceful end
  kClosing,          ///< the application has let go; the peer's end is still awaited
  kClosed,           ///< nothing more is awaited from anybody
};
inline constexpr std::size_t kStateCount = 12;

enum class Input : unsigned char {
  // calls
  kRequest,
  kAccept,
  kReject,
  kSend,
  kReceive,
  kSendDisconnect,  ///< WSASendDisconnect and shutdown(SD_SEND)
  kRecvDisconnect,  ///< WSARecvDisconnect and shutdown(SD_RECEIVE)
  kSetQos,          ///< a change of the quality of service that the peer is told of
  kClose,
  kAbort,
  // units of the peer
  kPeerRequest,
  kPeerAccept,
  kPeerReject,
  kPeerData,
  kPeerQos,
  kPeerDisconnect,  ///< ends the peer's direction
  kPeerRelease,     ///< the disconnect of a one-shot provider: ends both directions
  // the transport and time
  kTransportEnd,
  kTransportLoss,  ///< reset, failure, or a violation by the peer
  kTimeOut,
};
inline constexpr std::size_t kInputCount = 20;

/// Whether an input is allowed in a state, and if not, whose mistake it is.
enum class Allowed : unsigned char {
  kYes,
  kIgnored,    ///< quietly without effect
  kError,      ///< the call fails with `error`
  kFailure,    ///< the call fails with the number the connection was lost with
  kViolation,  ///< the peer broke the protocol
};

struct Transition {
  State next;
  Allowed allowed;
  /// WSA error number where allowed is kError, else 0.
  int error;
};

/// The whole table: every state has an entry for every input.
[[nodiscard]] const Transition& transition(State state, Input input);

[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::string_view to_string(Input input);

}  // namespace ws2
