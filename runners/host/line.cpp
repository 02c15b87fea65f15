#include "runners/host/line.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace ws2conform::host {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;  // arrays and objects within one another

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
    too_deep = too_deep || depth > kDeepest;
    if (too_deep) return false;
    if (event == json::parse_event_t::object_start) names.emplace_back();
    if (event == json::parse_event_t::object_end) names.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& name = value.get_ref<const std::string&>();
      if (!names.back().insert(name).second) twice = name;
    }
    return true;
  };
  message = json::parse(line, keep, false);
  if (too_deep) return fmt::format("wrote values nested more than {} deep", kDeepest);
  if (message.is_discarded() || !message.is_object()) return "wrote a line that is no JSON object";
  if (!twice.empty()) return fmt::format("wrote \"{}\" twice in one object", twice);
  return "";
}

}  // namespace ws2conform::host
