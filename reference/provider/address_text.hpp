#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "provider/endpoint.hpp"

namespace ws2 {

/// An address in network byte order; the first four octets for Family::kInet.
using AddressOctets = std::array<std::uint8_t, 16>;

/// The text as inet_pton takes it; nothing when it is none.
std::optional<AddressOctets> parse_address(Family family, const std::string& text);
/// As inet_addr takes it: one to four parts, decimal, octal or hexadecimal.
std::optional<AddressOctets> parse_loose_inet(const std::string& text);
std::string format_address(Family family, const AddressOctets& octets);

}  // namespace ws2
