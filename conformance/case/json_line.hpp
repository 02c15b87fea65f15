// JSON in one line: how the adapter protocol and the history have it.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ws2conform {

// Appends `value` without spaces, members in the order of their names. What is no UTF-8 in it is
// replaced.
void append_json(std::string& line, const nlohmann::json& value);

// The same for a text.
void append_json_text(std::string& line, std::string_view text);

std::string json_line(const nlohmann::json& value);

struct ReadJson {
  enum class Fault { kNone, kTooDeep, kMalformed };
  Fault fault = Fault::kNone;
  nlohmann::json value;  // null where there is a fault
  std::string twice;     // a name that one object has twice, of which `value` has the last
};

// `deepest`: arrays and objects that may be within one another.
ReadJson read_json(std::string_view text, std::size_t deepest);

}  // namespace ws2conform
