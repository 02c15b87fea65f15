#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "connection/exploration/side.hpp"

namespace ws2 {

/// One thing that can happen to one end of a connection.
enum class Act : unsigned char {
  // calls
  kRequest,        ///< with caller data, and room for the answer's, as far as there are any
  kRequestNoRoom,  ///< with an lpCalleeData of no octets
  kAccept,         ///< with callee data, where the provider has any
  kAcceptPlain,    ///< without
  kReject,
  kSend,          ///< the next octet; where messages count, a message of it
  kSendEmpty,     ///< an empty message, or the empty end of one
  kSendPart,      ///< likewise, but the message goes on
  kReceive,       ///< into room for everything
  kReceivePart,   ///< one octet, with MSG_PARTIAL where messages count
  kReceiveSmall,  ///< into no room, which does for nothing but an empty message
  kPeek,
  kSendDisconnect,  ///< without data
  kSendDisconnectData,
  kRecvDisconnect,
  kRecvDisconnectNoRoom,  ///< into a buffer of no octets
  kShutdownReceive,
  kShutdownSend,
  kShutdownBoth,
  kSetQos,
  kClose,
  kAbort,  ///< closesocket with SO_LINGER {1, 0}
  // what the application does not do
  kLingerOver,  ///< SO_LINGER's time is over: what was closed is aborted
  kConnect,     ///< the transport connects: from now on there is an acceptor
  kConnectFails,
  kDeliver,   ///< the next thing on its way to this end arrives
  kOvertake,  ///< the reset on its way to this end arrives, and nothing before it
  kTimeOut,
  kFinish,  ///< all has been written, and the transport's descriptor is closed
  kVanish,  ///< the process is gone, and the system ends its octets
  kCut,     ///< from now on nothing arrives anywhere
  kFail,    ///< the transport gives up after a cut
};
inline constexpr std::size_t kActCount = 32;

struct Action {
  Side side;
  Act act;
  friend bool operator==(const Action&, const Action&) = default;
};

/// Whether an application decides on it.
[[nodiscard]] constexpr bool is_call(Act act) {
  return act < Act::kLingerOver;
}
/// Whether it comes by itself, sooner or later, as deliveries and time-outs do and accidents do
/// not.
[[nodiscard]] constexpr bool comes_by_itself(Act act) {
  return !is_call(act) && act != Act::kLingerOver && act != Act::kVanish && act != Act::kCut;
}

[[nodiscard]] std::string_view to_string(Act act);
/// "caller: send".
[[nodiscard]] std::string to_string(Action action);

}  // namespace ws2
