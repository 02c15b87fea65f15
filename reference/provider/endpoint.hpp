#pragma once

#include <array>
#include <cstdint>

namespace ws2 {

enum class Family : std::uint8_t { kInet, kInet6 };

// The address of one end, free of both header families: the public header's sockaddr and libc's
// cannot be seen in one source file.
struct Endpoint {
  Family family = Family::kInet;
  std::uint16_t port = 0;                  // host byte order
  std::array<std::uint8_t, 16> address{};  // network byte order; the first four for kInet
  std::uint32_t flow_info = 0;             // as in sin6_flowinfo
  std::uint32_t scope_id = 0;

  bool is_wildcard() const { return address == std::array<std::uint8_t, 16>{}; }

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

}  // namespace ws2
