#pragma once

namespace ws2 {

enum class Side : unsigned char { kCaller, kAcceptor };
inline constexpr Side kBothSides[] = {Side::kCaller, Side::kAcceptor};

[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::kCaller ? Side::kAcceptor : Side::kCaller;
}

}  // namespace ws2
