#include "conformance/case/axes.hpp"

#include <algorithm>
#include <cctype>

namespace ws2conform {
namespace {

// "$name" as a word of its own: of "$octets", not of "$octets_more".
bool names(const std::string& text, const std::string& name) {
  const std::string word = "$" + name;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool goes_on =
        end < text.size() &&
        (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_');
    if (!goes_on) return true;
  }
  return false;
}

bool names(const std::vector<Field>& fields, const std::string& name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const Field& field) { return names(field.value.dump(), name); });
}

bool names(const Step& step, const std::string& name) {
  return names(step.actor, name) || names(step.operation, name) || names(step.fields, name) ||
         names(step.windows, name) ||
         std::any_of(step.alternatives.begin(), step.alternatives.end(),
                     [&](const Alternative& other) { return names(other.fields, name); }) ||
         std::any_of(step.readings.begin(), step.readings.end(),
                     [&](const Reading& reading) { return names(reading.fields, name); });
}

bool names(const RelayRule& rule, const std::string& name) {
  return names(rule.sender, name) || names(rule.receiver, name) || names(rule.value, name) ||
         names(rule.with, name);
}

bool names(const Prohibition& prohibition, const std::string& name) {
  return names(prohibition.actor, name) || names(prohibition.operation, name) ||
         names(prohibition.socket, name);
}

template <typename Range>
bool any_names(const Range& range, const std::string& name) {
  return std::any_of(range.begin(), range.end(),
                     [&](const auto& item) { return names(item, name); });
}

}  // namespace

bool uses_axis(const Case& source, const std::string& name) {
  if (name == "family") return true;
  const bool named = any_names(source.steps, name) || any_names(source.relay, name) ||
                     any_names(source.must_not, name);
  return named || (name == "initiator" && uses_axis(source, "responder"));
}

}  // namespace ws2conform
