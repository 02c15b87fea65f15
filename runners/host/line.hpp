// One line of the adapter protocol as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ws2conform::host {

// Parses an adapter's line, without its line feed, into `message`. What is wrong with it, as the
// end of a sentence that begins with the adapter's name; empty when it is an object as the protocol
// has them.
std::string parse_line(const std::string& line, nlohmann::json& message);

}  // namespace ws2conform::host
