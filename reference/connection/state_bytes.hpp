#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "connection/bytes.hpp"

namespace ws2 {

/// Writes values one behind the other so that equal octets mean equal values, field for field: an
/// exact key for the states of what is explored, never meant to be read back.
class StateWriter {
 public:
  explicit StateWriter(Bytes& out) : out_(out) {}

  template <typename Value>
  requires std::is_integral_v<Value> || std::is_enum_v<Value>
  void put(Value value) {
    auto rest = static_cast<std::uint64_t>(value);
    for (; rest >= 0x80; rest >>= 7U) out_.push_back(static_cast<std::uint8_t>(rest | 0x80U));
    out_.push_back(static_cast<std::uint8_t>(rest));
  }
  void put(Duration duration) { put(duration.count()); }
  void put(ByteView bytes) {
    put(bytes.size());
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  void put(std::string_view text) {
    put(ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
  template <typename Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename Value>
  requires requires(const Value& value, StateWriter& writer) { value.write_state(writer); }
  void put(const Value& value) { value.write_state(*this); }

 private:
  Bytes& out_;
};

}  // namespace ws2
