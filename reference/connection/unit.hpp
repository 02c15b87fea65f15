#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "connection/bytes.hpp"
#include "connection/qos.hpp"

namespace ws2 {

enum class RejectReason : std::uint8_t {
  kRefused = 1,       ///< the condition function said CF_REJECT
  kQueueFull = 2,     ///< the listen queue was full when the request was complete
  kListenerGone = 3,  ///< the listening socket was closed before the request was decided
};

// Units are what the two cores say to each other, whatever the octets look like. The views inside
// belong to whoever passes the unit and end with the call that passes it.

struct RequestUnit {
  ByteView caller_data;
  std::optional<Qos> qos;
};

struct AcceptUnit {
  ByteView callee_data;
  /// As the acceptor sees it: its sending is the caller's receiving.
  std::optional<Qos> qos;
};

struct RejectUnit {
  RejectReason reason = RejectReason::kRefused;
};

struct DataUnit {
  ByteView bytes;
  /// These octets finish a message. Byte streams never set it.
  bool end_of_message = false;
};

struct DisconnectUnit {
  ByteView data;
};

/// A change of the quality of service after the connection was made, as its sender sees it.
struct QosUnit {
  Qos qos;
  /// Number of the change, counted over both ends from 1, the verdict being 0. Changes that cross
  /// have the same number, and then the caller's holds; so both ends always agree in the end.
  std::uint32_t revision = 0;
};

using Unit = std::variant<RequestUnit, AcceptUnit, RejectUnit, DataUnit, DisconnectUnit, QosUnit>;

/// Where a core puts the units it wants sent, in order.
class UnitSink {
 public:
  virtual void put(const Unit& unit) = 0;

 protected:
  ~UnitSink() = default;
};

}  // namespace ws2
