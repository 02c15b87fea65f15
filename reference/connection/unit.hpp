#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "connection/bytes.hpp"

namespace ws2 {

/// FLOWSPEC, member for member in the order of the public structure.
struct FlowSpec {
  std::array<std::uint32_t, 8> fields{};
  friend bool operator==(const FlowSpec&, const FlowSpec&) = default;
};

/// QOS as it travels with a request and its verdict.
struct Qos {
  FlowSpec sending;
  FlowSpec receiving;
  Bytes provider_specific;
  friend bool operator==(const Qos&, const Qos&) = default;
};

/// Longest provider-specific part of a QOS that a request may carry, in octets.
inline constexpr std::size_t kMaxQosProviderSpecific = 1024;

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

using Unit = std::variant<RequestUnit, AcceptUnit, RejectUnit, DataUnit, DisconnectUnit>;

/// Where a core puts the units it wants sent, in order.
class UnitSink {
 public:
  virtual void put(const Unit& unit) = 0;

 protected:
  ~UnitSink() = default;
};

}  // namespace ws2
