// Octets of the pattern that runs through all 256 values (octet_pattern) take a few characters in a
// record, not four thirds of themselves: a case that fills the way to its peer moves megabytes.
#pragma once

#include <nlohmann/json.hpp>

namespace ws2conform {

// Takes `data` out of the body of an event where it is base64 for so many octets of the pattern
// that this makes the record shorter. Returns what put_back_pattern() takes; null where all stays.
// Octets that differ from the pattern in one place stay.
nlohmann::json take_out_pattern(nlohmann::json& body);

// The reverse: the body is what it was. Throws std::runtime_error for what take_out_pattern() does
// not return.
void put_back_pattern(nlohmann::json& body, const nlohmann::json& pattern);

}  // namespace ws2conform
