#include "reports/actors.hpp"

#include <algorithm>

namespace ws2conform::reports {

std::vector<std::string> actors(const std::vector<StepRecord>& steps) {
  std::vector<std::string> names;
  for (const StepRecord& step : steps)
    if (std::find(names.begin(), names.end(), step.actor) == names.end())
      names.push_back(step.actor);
  const auto client = std::find(names.begin(), names.end(), "client");
  if (client != names.end()) std::rotate(names.begin(), client, client + 1);
  return names;
}

std::string side(const std::string& actor) {
  std::string text = actor;
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text + " side";
}

}  // namespace ws2conform::reports
