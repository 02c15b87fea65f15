#pragma once

#include <chrono>

namespace ws2 {

// The time that the cores are given: since an arbitrary epoch, never going back.
inline std::chrono::nanoseconds now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

// A deadline that is never reached.
inline constexpr std::chrono::nanoseconds kNever = std::chrono::nanoseconds::max();

}  // namespace ws2
