#pragma once

#include <optional>

#include "connection/unit.hpp"
#include "wire/codec.hpp"

// The bodies of REQUEST, ACCEPT and REJECT: a preamble that says who is speaking, then items or a
// reason; and the QOS that a frame of its own carries too.

namespace ws2::wire {

struct Items {
  ByteView user_data;
  std::optional<Qos> qos;
};

struct ParsedItems {
  Items items;
  Malformed malformed = Malformed::kNone;
};

void append_preamble(WireProvider provider, ByteQueue& out);
/// `body` holds at least the preamble.
[[nodiscard]] Malformed check_preamble(ByteView body, WireProvider provider);

/// Size of what append_items will write.
[[nodiscard]] std::size_t items_size(const Items& items);
void append_items(const Items& items, ByteQueue& out);
/// `octets` are all that follows the preamble; user_data views into them. A limit is absent where
/// the provider does not carry the item.
[[nodiscard]] ParsedItems parse_items(ByteView octets, std::optional<std::size_t> user_data_limit,
                                      const std::optional<QosLimits>& qos_limits);

/// The value of a QOS item, which is also what a QOS frame has after its revision.
[[nodiscard]] std::size_t qos_size(const Qos& qos);
void append_qos(const Qos& qos, ByteQueue& out);
/// `octets` holds at least the flow specifications.
[[nodiscard]] Qos read_qos(ByteView octets);

}  // namespace ws2::wire
