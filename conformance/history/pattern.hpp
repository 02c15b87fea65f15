// Octets of the pattern that runs through all 256 values (octet_pattern) take a few characters in a
// record, not four thirds of themselves: a case that fills the way to its peer moves megabytes.
#pragma once

#include <nlohmann/json.hpp>

namespace ws2conform {

// What stands for the `data` of an event's body, where that is base64 for so many octets of the
// pattern that this makes the record shorter: what put_back_pattern() takes. Null where the data is
// to stay: octets that differ from the pattern in one place do.
nlohmann::json pattern_of(const nlohmann::json& body);

// Puts the data into a body that has been without it. Throws std::runtime_error for what
// pattern_of() does not return.
void put_back_pattern(nlohmann::json& body, const nlohmann::json& pattern);

}  // namespace ws2conform
