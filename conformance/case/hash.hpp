// A short, stable fingerprint of text: the same on every machine and in every build.
#pragma once

#include <cstdint>
#include <string_view>

namespace ws2conform {

// FNV-1a, 64 bits. Good against accident, not against malice. `hash`: of the text before this one.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325U) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace ws2conform
