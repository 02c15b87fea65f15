#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "connection/bytes.hpp"
#include "connection/edition.hpp"
#include "connection/qos.hpp"

namespace ws2 {

/// How long the core waits for the other end before it gives up; zero means for ever.
struct Timeouts {
  /// Caller: from the request to the verdict (WSAETIMEDOUT).
  Duration request = std::chrono::seconds(60);
  /// Acceptor: from the transport's connection to a complete request.
  Duration half_open = std::chrono::seconds(10);
  /// Acceptor: a complete request that nobody decides (WSAEACCES, ACC-31). The caller's own
  /// time-out normally comes first.
  Duration offer = Duration::zero();
  /// After closesocket: until the own end is delivered and the peer has ended too; then abortive.
  Duration close = std::chrono::seconds(60);
};

/// What one provider can do, as far as the core must know it. One row for each provider; the rest
/// of its entry (flags, names, address family) is the provider table's business.
struct Limits {
  /// Longest user data in octets; absent where the provider does not carry it at all.
  std::optional<std::size_t> caller_data = {};
  std::optional<std::size_t> callee_data = {};
  std::optional<std::size_t> disconnect_data = {};
  /// Message-oriented: a receive never joins two sends, and the graceful end is WSAEDISCON.
  bool message_boundaries = false;
  /// Longest message of a message-oriented provider in octets.
  std::size_t message = 65536;
  /// Two-phase close. Without it a disconnect is abortive for the peer (TEAR-37).
  bool graceful = true;
  /// A disconnect ends both directions, and its confirmation carries no data (DN-06, TP4).
  bool one_shot = false;
  /// The caller waits for the acceptor's verdict. Without it the request is complete, and the
  /// caller connected, as soon as the transport is (ACC-42).
  bool delayed_accept = true;
  /// Absent where the provider has no quality of service (XP1_QOS_SUPPORTED).
  std::optional<QosLimits> qos = {};
  Timeouts timeouts = {};
  /// Whose reading counts where the text and Windows disagree.
  Edition edition = {};
};

/// What TCP gives anyway: no rate that was agreed on, and no promise about time.
inline constexpr FlowSpec kBestEffortFlow{{kNotSpecified, kNotSpecified, kNotSpecified,
                                           kNotSpecified, kNotSpecified, service::kBestEffort,
                                           65536, kNotSpecified}};
/// Ten gigabits a second.
inline constexpr std::uint32_t kHighestRate = 1'250'000'000;
inline constexpr QosLimits kFullQos{
    .provider_specific = 1024, .rate = kHighestRate, .defaults = kBestEffortFlow};
/// ISO 8073 negotiates throughput and delay, and nothing that it does not define.
inline constexpr QosLimits kTp4Qos{.rate = kHighestRate, .defaults = kBestEffortFlow};

inline constexpr Limits kStreamLimits{
    .caller_data = 512, .callee_data = 512, .disconnect_data = 512, .qos = kFullQos};
inline constexpr Limits kMessageLimits{.caller_data = 512,
                                       .callee_data = 512,
                                       .disconnect_data = 512,
                                       .message_boundaries = true,
                                       .qos = kFullQos};
inline constexpr Limits kTcpLimits{.delayed_accept = false};
inline constexpr Limits kDecnetLimits{.caller_data = 16,
                                      .callee_data = 16,
                                      .disconnect_data = 16,
                                      .message_boundaries = true,
                                      .one_shot = true};
inline constexpr Limits kTp4Limits{.caller_data = 32,
                                   .callee_data = 32,
                                   .disconnect_data = 64,
                                   .message_boundaries = true,
                                   .graceful = false,
                                   .one_shot = true,
                                   .qos = kTp4Qos};

}  // namespace ws2
