#include "reports/svg/events.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <tuple>

namespace ws2conform::reports::svg {
namespace {

struct Event {
  std::chrono::nanoseconds at{};
  std::size_t step = 0;
  bool end = false;
};

struct Times {
  std::optional<std::chrono::nanoseconds> began;
  std::optional<std::chrono::nanoseconds> ended;
};

// The times of a step, made up where the record has none; `previous` is when its actor was last
// seen.
Times times(const StepRecord& step, std::chrono::nanoseconds previous) {
  const bool met = step.status == StepRecord::Status::kMet;
  if (!step.began && !step.ended && step.status == StepRecord::Status::kNotReached) return {};
  const auto began = step.began   ? *step.began
                     : step.ended ? std::min(previous, *step.ended)
                                  : previous;
  if (step.ended) return {began, std::max(began, *step.ended)};
  // A step that met what was expected of it did return, and so did one of which nothing is known.
  if (met || !step.began) return {began, began};
  return {began, std::nullopt};
}

}  // namespace

EventOrder order_events(const std::vector<StepRecord>& steps) {
  std::vector<Event> events;
  std::map<std::string, std::chrono::nanoseconds> last_seen;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto& last = last_seen[steps[i].actor];
    const Times at = times(steps[i], last);
    if (at.began) events.push_back({last = *at.began, i, false});
    if (at.ended) events.push_back({last = *at.ended, i, true});
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tie(a.at, a.step, a.end) < std::tie(b.at, b.step, b.end);
  });

  EventOrder order;
  order.steps.resize(steps.size());
  for (const Event& event : events) {
    Rows& rows = order.steps[event.step];
    (event.end ? rows.ended : rows.began) = order.rows++;
    order.at.push_back(event.at);
    if (event.end) rows.returned = true;
  }
  for (Rows& rows : order.steps) {
    if (!rows.began || rows.ended) continue;
    rows.ended = order.rows++;
    order.at.push_back(std::chrono::nanoseconds::max());
  }
  return order;
}

}  // namespace ws2conform::reports::svg
