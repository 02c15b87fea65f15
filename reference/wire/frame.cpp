#include "wire/frame.hpp"

namespace ws2::wire {
namespace {

struct BodyBounds {
  std::size_t shortest;
  std::size_t longest;
};

std::size_t longest_qos(const QosLimits& limits) {
  return kFlowSpecsSize + limits.provider_specific;
}

std::size_t set_up_body(std::optional<std::size_t> user_data, const std::optional<QosLimits>& qos) {
  const std::size_t user_item = user_data ? kItemHeaderSize + *user_data : 0;
  const std::size_t qos_item = qos ? kItemHeaderSize + longest_qos(*qos) : 0;
  return kPreambleSize + user_item + qos_item;
}

BodyBounds bounds(const Header& header, const Limits& limits) {
  switch (header.type) {
    case FrameType::kRequest:
      return {kPreambleSize, set_up_body(limits.caller_data, limits.qos)};
    case FrameType::kAccept:
      return {kPreambleSize, set_up_body(limits.callee_data, limits.qos)};
    case FrameType::kReject:
      return {kPreambleSize + 1, kPreambleSize + 1};
    // Only a message can be empty, or end with an empty piece.
    case FrameType::kData:
      return {(header.flags & kFlagEndOfMessage) != 0 ? 0U : 1U, kMaxDataBody};
    case FrameType::kDisconnect:
      return {0, limits.disconnect_data.value_or(0)};
    case FrameType::kQos:
      if (!limits.qos) break;
      return {kRevisionSize + kFlowSpecsSize, kRevisionSize + longest_qos(*limits.qos)};
  }
  return {1, 0};
}

}  // namespace

ParsedHeader parse_header(ByteView octets, const Limits& limits) {
  const std::uint8_t type = octets[0];
  if (type < static_cast<std::uint8_t>(FrameType::kRequest) ||
      type > static_cast<std::uint8_t>(FrameType::kQos) ||
      (type == static_cast<std::uint8_t>(FrameType::kQos) && !limits.qos)) {
    return {{}, Malformed::kUnknownFrame};
  }
  const Header header{static_cast<FrameType>(type), octets[1], read_u32(octets.subspan(4))};
  const bool may_end_message = header.type == FrameType::kData && limits.message_boundaries;
  const std::uint8_t allowed_flags = may_end_message ? kFlagEndOfMessage : 0;
  if ((header.flags & ~allowed_flags) != 0 || octets[2] != 0 || octets[3] != 0)
    return {header, Malformed::kBadHeader};
  const auto [shortest, longest] = bounds(header, limits);
  if (header.length > longest) return {header, Malformed::kTooLong};
  if (header.length < shortest) return {header, Malformed::kTooShort};
  return {header, Malformed::kNone};
}

void append_header(const Header& header, ByteQueue& out) {
  out.append(static_cast<std::uint8_t>(header.type));
  out.append(header.flags);
  append_u16(0, out);
  append_u32(header.length, out);
}

void append_u16(std::uint16_t value, ByteQueue& out) {
  out.append(static_cast<std::uint8_t>(value >> 8));
  out.append(static_cast<std::uint8_t>(value & 0xff));
}

void append_u32(std::uint32_t value, ByteQueue& out) {
  append_u16(static_cast<std::uint16_t>(value >> 16), out);
  append_u16(static_cast<std::uint16_t>(value & 0xffff), out);
}

std::uint16_t read_u16(ByteView octets) {
  return static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
}

std::uint32_t read_u32(ByteView octets) {
  return static_cast<std::uint32_t>(read_u16(octets)) << 16 | read_u16(octets.subspan(2));
}

}  // namespace ws2::wire
