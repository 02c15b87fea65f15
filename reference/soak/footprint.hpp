#pragma once

#include <cstddef>
#include <string>

namespace soak {

/// What this process takes at a moment.
struct Footprint {
  std::size_t heap = 0;         ///< octets in use, over all arenas (mallinfo2)
  std::size_t resident = 0;     ///< octets
  std::size_t descriptors = 0;  ///< open ones
};

[[nodiscard]] Footprint footprint();
/// False under a sanitizer, whose allocator keeps what was freed: then only descriptors count.
[[nodiscard]] bool is_memory_measurable();
/// One line without its end, and back.
[[nodiscard]] std::string to_line(const Footprint& footprint);
[[nodiscard]] Footprint from_line(const std::string& line);

/// As many descriptors as the system lets this process have; returns how many.
std::size_t raise_descriptor_limit();

}  // namespace soak
