#include "conformance/walks/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace ws2conform::walks {
namespace {

using nlohmann::json;

bool is_plain(const std::string& text) {
  static const std::vector<std::string> kOtherwise = {"null", "true", "false", "yes", "no",
                                                      "on",   "off",  "y",     "n"};
  if (text.empty() || std::find(kOtherwise.begin(), kOtherwise.end(), text) != kOtherwise.end()) {
    return false;
  }
  const bool number =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  // Octal numbers to some readers.
  if (number) return text.size() == 1 || text.front() != '0';
  return std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
         });
}

std::string written(const json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return is_plain(text) || text == "true" || text == "false" ? text : value.dump();
  }
  std::string text;
  if (value.is_array()) {
    for (const json& item : value) text += (text.empty() ? "" : ", ") + written(item);
    return "[" + text + "]";
  }
  if (value.is_object()) {
    for (const auto& [name, item] : value.items()) {
      // Digits only, and yet no number.
      const std::string shown = name == "hex" ? item.dump() : written(item);
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, shown);
    }
    return "{" + text + "}";
  }
  return value.dump();
}

bool is_octets(const std::string& field) {
  return field == "data" || field == "caller_data" || field == "callee_data";
}

std::string line_of(const Step& step) {
  std::string text = fmt::format("  - {{id: {}, {}: {}", step.id, step.actor, step.operation);
  for (const Field& field : step.fields) {
    const bool quoted = is_octets(field.name) && field.value.is_string();
    text += fmt::format(", {}: {}", field.name, quoted ? field.value.dump() : written(field.value));
  }
  if (!step.after.empty()) text += fmt::format(", after: {}", fmt::join(step.after, ", "));
  if (step.until) text += ", until: " + *step.until;
  if (step.by) text += ", by: " + *step.by;
  return text + "}\n";
}

}  // namespace

std::string yaml_text(const Case& walk) {
  std::string text = "# yaml-language-server: $schema=../case.schema.json\n";
  text += fmt::format("id: {}\ntitle: {}\nrequirements: [{}]\n", walk.id, walk.title,
                      fmt::join(walk.requirements, ", "));
  if (!walk.needs.empty()) text += fmt::format("needs: [{}]\n", fmt::join(walk.needs, ", "));
  if (!walk.lacks.empty()) text += fmt::format("lacks: [{}]\n", fmt::join(walk.lacks, ", "));
  for (const Axis& axis : walk.axes) {
    text += fmt::format("axes: {{{}: [{}]}}\n", axis.name, fmt::join(axis.values, ", "));
  }
  text += fmt::format("actors: [{}]\ngiven: {}\n", fmt::join(walk.actors, ", "), walk.given);
  if (!walk.notes.empty()) text += fmt::format("notes: >-\n  {}\n", walk.notes);
  text += "steps:\n";
  for (const Step& step : walk.steps) text += line_of(step);
  return text;
}

}  // namespace ws2conform::walks
