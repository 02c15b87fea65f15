// The order of begins and returns along a diagram.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports::svg {

// Rows, counted from 0, at which a step began and returned. A call that never returned ends in a
// row of its own below all events.
struct Rows {
  std::optional<int> began;  // none, and no end: not reached
  std::optional<int> ended;
  bool returned = false;
};

struct EventOrder {
  std::vector<Rows> steps;                   // one for each step given
  int rows = 0;                              // taken in all
  std::vector<std::chrono::nanoseconds> at;  // when the event of a row was; the greatest for none
};

EventOrder order_events(const std::vector<StepRecord>& steps);

}  // namespace ws2conform::reports::svg
