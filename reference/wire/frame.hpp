#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "connection/byte_queue.hpp"
#include "connection/limits.hpp"
#include "wire/codec.hpp"

// The numbers of WIRE.md, and the frame header. Everything wider than an octet is big-endian.

namespace ws2::wire {

enum class FrameType : std::uint8_t {
  kRequest = 1,
  kAccept = 2,
  kReject = 3,
  kData = 4,
  kDisconnect = 5,
  kQos = 6,
};

enum class ItemType : std::uint8_t { kUserData = 1, kQos = 2 };

inline constexpr std::array<std::uint8_t, 4> kMagic = {0x57, 0x53, 0x32, 0x43};
inline constexpr std::uint8_t kVersion = 1;

inline constexpr std::uint8_t kFlagEndOfMessage = 0x01;

inline constexpr std::size_t kHeaderSize = Codec::kHeadSize;
/// Magic, version, provider: what the body of every set-up frame begins with.
inline constexpr std::size_t kPreambleSize = 6;
inline constexpr std::size_t kItemHeaderSize = 4;
inline constexpr std::size_t kFlowSpecSize = 32;
/// What a QOS has before its provider-specific part.
inline constexpr std::size_t kFlowSpecsSize = 2 * kFlowSpecSize;
inline constexpr std::size_t kRevisionSize = 4;
inline constexpr std::size_t kMaxDataBody = 65536;

struct Header {
  FrameType type = FrameType::kData;
  std::uint8_t flags = 0;
  std::uint32_t length = 0;  ///< of the body, in octets
};

struct ParsedHeader {
  Header header;
  Malformed malformed = Malformed::kNone;
};

/// `octets` holds kHeaderSize of them. Judges type, flags and length against what the provider
/// allows, so that nobody waits for, or keeps, a body that could not be right.
[[nodiscard]] ParsedHeader parse_header(ByteView octets, const Limits& limits);

void append_header(const Header& header, ByteQueue& out);
void append_u16(std::uint16_t value, ByteQueue& out);
void append_u32(std::uint32_t value, ByteQueue& out);
[[nodiscard]] std::uint16_t read_u16(ByteView octets);
[[nodiscard]] std::uint32_t read_u32(ByteView octets);

}  // namespace ws2::wire
