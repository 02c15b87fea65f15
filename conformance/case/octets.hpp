// Octets: how user data is written in cases, sent on the adapter protocol, and shown to people.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ws2conform {

// RFC 4648 with padding.
std::string to_base64(std::string_view octets);

// Nothing for text that is not RFC 4648 with padding.
std::optional<std::string> from_base64(std::string_view text);

// Nothing for an odd count or a character that is no hexadecimal digit.
std::optional<std::string> from_hex(std::string_view digits);

// `count` octets that run through all 256 values again and again, beginning with 0.
std::string octet_pattern(std::size_t count);

// For people: "45" in quotes where all octets are printable ASCII, else hexadecimal; long ones are
// cut, with their count.
std::string show_octets(std::string_view octets);

}  // namespace ws2conform
