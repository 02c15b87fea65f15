// Schedules in which two calls that nothing orders are issued together: the second without waiting
// for the first one's return.
#pragma once

#include <vector>

#include "conformance/schedule/plan.hpp"
#include "conformance/schedule/schedule.hpp"

namespace ws2conform {

// For each pair of steps of different actors, or of different lanes of one, that some schedule can
// issue one right after the other, in either order, one schedule that issues them together, and
// everything else in the order written as far as that goes. The two are adjacent items, the step
// written first as kTogether and the other as kWhole. They depend on nothing but the steps.
std::vector<Schedule> schedules_together(const Plan& plan, const std::vector<Step>& steps);

}  // namespace ws2conform
