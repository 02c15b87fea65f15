#pragma once

#include <algorithm>

#include "connection/bytes.hpp"

namespace ws2 {

/// An input, taken apart into choices from its front. What is missing at the end counts as zero.
class OctetSource {
 public:
  explicit OctetSource(ByteView octets) : octets_(octets) {}

  [[nodiscard]] bool empty() const { return octets_.empty(); }
  std::uint8_t octet() {
    if (octets_.empty()) return 0;
    const std::uint8_t value = octets_.front();
    octets_ = octets_.subspan(1);
    return value;
  }
  /// From 0 to `count` - 1.
  std::size_t below(std::size_t count) {
    const std::size_t high = octet();
    return (high << 8 | octet()) % count;
  }
  /// As many as there are, at most `count`.
  ByteView octets(std::size_t count) {
    const ByteView taken = octets_.first(std::min(count, octets_.size()));
    octets_ = octets_.subspan(taken.size());
    return taken;
  }

 private:
  ByteView octets_;
};

}  // namespace ws2
