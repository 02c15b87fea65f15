#include "conformance/judge/window.hpp"

#include <algorithm>
#include <map>

namespace ws2conform {

std::chrono::nanoseconds slowest_call(const std::vector<Step>& opening,
                                      const std::vector<Event>& events) {
  std::chrono::nanoseconds slowest{};
  std::map<std::string, std::chrono::nanoseconds> called;  // by step
  for (const Event& event : events) {
    const bool is_opening = std::any_of(opening.begin(), opening.end(),
                                        [&](const Step& step) { return step.id == event.step; });
    if (!is_opening) continue;
    if (event.kind == Event::Kind::kCall) called[event.step] = event.at;
    if (event.kind == Event::Kind::kReturn)
      slowest = std::max(slowest, event.at - called[event.step]);
  }
  return slowest;
}

std::vector<Window> windows_of(const std::vector<Event>& events) {
  std::vector<Window> windows;
  for (const Event& event : events) {
    if (event.kind != Event::Kind::kCall || !event.body->contains(kWindowed)) continue;
    const auto length = std::chrono::milliseconds(event.body->value("timeout", 0));
    windows.push_back({event.step, length});
  }
  return windows;
}

}  // namespace ws2conform
