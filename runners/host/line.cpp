#include "runners/host/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace ws2conform::host {
namespace {

using nlohmann::json;

constexpr std::size_t kDeepest = 64;  // arrays and objects within one another

// Of all objects within the value, and of itself.
std::size_t members_of(const json& value) {
  std::size_t members = value.is_object() ? value.size() : 0;
  if (value.is_structured()) {
    for (const json& part : value) members += members_of(part);
  }
  return members;
}

// How often a name stands before a value: each time there is a colon outside of a text.
std::size_t names_in(const std::string& line) {
  std::size_t names = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    switch (line[i]) {
      case '\\':
        ++i;  // what it stands before is of the text
        break;
      case '"':
        in_text = !in_text;
        break;
      case ':':
        if (!in_text) ++names;
        break;
      default:
        break;
    }
  }
  return names;
}

}  // namespace

std::string parse_line(const std::string& line, json& message) {
  // The parser takes a NUL for the end of its input, and skips a byte order mark.
  if (line.find('\0') != std::string::npos) return "wrote a line with a NUL octet in it";
  if (line.compare(0, 3, "\xEF\xBB\xBF") == 0)
    return "wrote a line that begins with a byte order mark";
  // Values nested beyond all reason would overflow the stack of whoever copies or prints them.
  bool too_deep = false;
  std::string twice;
  std::vector<std::set<std::string>> names;  // of the objects that are open
  const auto keep = [&](int depth, json::parse_event_t event, json& value) {
    too_deep = too_deep || depth > static_cast<int>(kDeepest);
    if (too_deep) return false;
    if (event == json::parse_event_t::object_start) names.emplace_back();
    if (event == json::parse_event_t::object_end) names.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& name = value.get_ref<const std::string&>();
      if (!names.back().insert(name).second) twice = name;
    }
    return true;
  };
  // Most lines can be read without being asked at every value: they have not that many brackets,
  // nor more names than there are members in the end, so none was there twice.
  const auto octets = [&](char octet) {
    return static_cast<std::size_t>(std::count(line.begin(), line.end(), octet));
  };
  if (octets('[') + octets('{') <= kDeepest) {
    message = json::parse(line, nullptr, false);
    if (message.is_object() && names_in(line) == members_of(message)) return "";
  }
  message = json::parse(line, keep, false);
  if (too_deep) return fmt::format("wrote values nested more than {} deep", kDeepest);
  if (message.is_discarded() || !message.is_object()) return "wrote a line that is no JSON object";
  if (!twice.empty()) return fmt::format("wrote \"{}\" twice in one object", twice);
  return "";
}

std::string line_of(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ws2conform::host
