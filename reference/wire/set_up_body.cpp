#include "wire/set_up_body.hpp"

#include <algorithm>

#include "wire/frame.hpp"

namespace ws2::wire {
namespace {

void append_flow_spec(const FlowSpec& spec, ByteQueue& out) {
  for (std::uint32_t field : spec.fields) append_u32(field, out);
}

FlowSpec read_flow_spec(ByteView octets) {
  FlowSpec spec;
  for (std::size_t i = 0; i < spec.fields.size(); ++i)
    spec.fields[i] = read_u32(octets.subspan(4 * i));
  return spec;
}

void append_item_header(ItemType type, std::size_t length, ByteQueue& out) {
  out.append(static_cast<std::uint8_t>(type));
  out.append(0);
  append_u16(static_cast<std::uint16_t>(length), out);
}

}  // namespace

std::size_t qos_size(const Qos& qos) {
  return kFlowSpecsSize + qos.provider_specific.size();
}

void append_qos(const Qos& qos, ByteQueue& out) {
  append_flow_spec(qos.sending, out);
  append_flow_spec(qos.receiving, out);
  out.append(qos.provider_specific);
}

Qos read_qos(ByteView octets) {
  const ByteView specific = octets.subspan(kFlowSpecsSize);
  return {read_flow_spec(octets), read_flow_spec(octets.subspan(kFlowSpecSize)),
          Bytes(specific.begin(), specific.end())};
}

void append_preamble(WireProvider provider, ByteQueue& out) {
  out.append(ByteView(kMagic));
  out.append(kVersion);
  out.append(static_cast<std::uint8_t>(provider));
}

Malformed check_preamble(ByteView body, WireProvider provider) {
  if (!std::ranges::equal(body.first(kMagic.size()), kMagic)) return Malformed::kBadMagic;
  if (body[4] != kVersion) return Malformed::kBadVersion;
  if (body[5] != static_cast<std::uint8_t>(provider)) return Malformed::kBadProvider;
  return Malformed::kNone;
}

std::size_t items_size(const Items& items) {
  std::size_t size = 0;
  if (!items.user_data.empty()) size += kItemHeaderSize + items.user_data.size();
  if (items.qos) size += kItemHeaderSize + qos_size(*items.qos);
  return size;
}

void append_items(const Items& items, ByteQueue& out) {
  if (!items.user_data.empty()) {
    append_item_header(ItemType::kUserData, items.user_data.size(), out);
    out.append(items.user_data);
  }
  if (items.qos) {
    append_item_header(ItemType::kQos, qos_size(*items.qos), out);
    append_qos(*items.qos, out);
  }
}

ParsedItems parse_items(ByteView octets, std::optional<std::size_t> user_data_limit,
                        const std::optional<QosLimits>& qos_limits) {
  ParsedItems parsed;
  std::uint8_t previous = 0;
  while (!octets.empty()) {
    if (octets.size() < kItemHeaderSize) return {{}, Malformed::kTooShort};
    const std::uint8_t type = octets[0];
    const std::size_t length = read_u16(octets.subspan(2));
    // In ascending order, hence none twice: one spelling for one meaning.
    if (octets[1] != 0 || type <= previous) return {{}, Malformed::kBadItem};
    previous = type;
    octets = octets.subspan(kItemHeaderSize);
    if (length > octets.size()) return {{}, Malformed::kTooShort};
    const ByteView value = octets.first(length);
    octets = octets.subspan(length);
    if (type == static_cast<std::uint8_t>(ItemType::kUserData)) {
      // No data has no item.
      if (value.empty() || !user_data_limit) return {{}, Malformed::kBadItem};
      if (value.size() > *user_data_limit) return {{}, Malformed::kTooLong};
      parsed.items.user_data = value;
    } else if (type == static_cast<std::uint8_t>(ItemType::kQos)) {
      if (value.size() < kFlowSpecsSize || !qos_limits) return {{}, Malformed::kBadItem};
      if (value.size() - kFlowSpecsSize > qos_limits->provider_specific)
        return {{}, Malformed::kTooLong};
      parsed.items.qos = read_qos(value);
    } else {
      return {{}, Malformed::kBadItem};
    }
  }
  return parsed;
}

}  // namespace ws2::wire
