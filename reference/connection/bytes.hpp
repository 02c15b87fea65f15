#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ws2 {

using Bytes = std::vector<std::uint8_t>;
/// Octets that belong to somebody else; valid for the duration of the call that passes them.
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

/// Time since an epoch that the shell chooses once; the core only compares and adds.
using TimePoint = std::chrono::nanoseconds;
using Duration = std::chrono::nanoseconds;

}  // namespace ws2
