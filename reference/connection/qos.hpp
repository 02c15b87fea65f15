#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "connection/bytes.hpp"
#include "connection/state_bytes.hpp"

namespace ws2 {

/// Members of FLOWSPEC, in the order of the public structure.
enum class FlowField : std::uint8_t {
  kTokenRate,
  kTokenBucketSize,
  kPeakBandwidth,
  kLatency,
  kDelayVariation,
  kServiceType,
  kMaxSduSize,
  kMinimumPolicedSize,
};

struct FlowSpec {
  std::array<std::uint32_t, 8> fields{};
  void write_state(StateWriter& out) const {
    for (const std::uint32_t field : fields) out.put(field);
  }

  [[nodiscard]] std::uint32_t operator[](FlowField field) const {
    return fields[static_cast<std::size_t>(field)];
  }
  friend bool operator==(const FlowSpec&, const FlowSpec&) = default;
};

/// One end's view of the quality of service of a connection.
struct Qos {
  FlowSpec sending;
  FlowSpec receiving;
  Bytes provider_specific;
  void write_state(StateWriter& out) const {
    out.put(sending);
    out.put(receiving);
    out.put(provider_specific);
  }
  friend bool operator==(const Qos&, const Qos&) = default;
};

/// QOS_NOT_SPECIFIED: the provider's default is wanted.
inline constexpr std::uint32_t kNotSpecified = 0xffffffff;

/// SERVICETYPE_*.
namespace service {
inline constexpr std::uint32_t kNoTraffic = 0;
inline constexpr std::uint32_t kBestEffort = 1;
inline constexpr std::uint32_t kControlledLoad = 2;
inline constexpr std::uint32_t kGuaranteed = 3;
inline constexpr std::uint32_t kGeneralInformation = 5;
inline constexpr std::uint32_t kNoChange = 6;
inline constexpr std::uint32_t kQualitative = 0x0d;
}  // namespace service

/// What a provider with QOS can promise, and what it makes of values that nobody specified.
struct QosLimits {
  /// Longest provider-specific part in octets.
  std::size_t provider_specific = 0;
  /// Highest rate in octets a second, of tokens and at the peak (UDATA-18).
  std::uint32_t rate = 0;
  FlowSpec defaults;
};

/// The same agreement as the other end sees it: one end's sending is the other's receiving.
[[nodiscard]] Qos mirrored(const Qos& qos);

/// `wanted`, with the directions that say SERVICETYPE_NOCHANGE as they are in `earlier`, or left
/// to the provider where there is nothing earlier (QOS-04).
[[nodiscard]] Qos changed(const std::optional<Qos>& earlier, const Qos& wanted);

/// `qos` with the provider's defaults for what was not specified, as SIO_GET_QOS shows it (QOS-02).
[[nodiscard]] Qos with_defaults(const std::optional<Qos>& qos, const QosLimits& limits);

/// 0 for flow specifications that make sense and that the provider can meet, else a WSA error
/// number: WSA_QOS_ESERVICETYPE, WSA_QOS_EFLOWSPEC, WSA_QOS_EPROVSPECBUF, or WSAEOPNOTSUPP for what
/// is beyond the provider (QOS-03, UDATA-18).
[[nodiscard]] int check(const Qos& qos, const QosLimits& limits);

}  // namespace ws2
