// A small run that holds everything a report has to show.
#pragma once

#include <string>
#include <string_view>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// The specification's example, steps 1 to 8 and 5a, after an opening of three steps; all as
// expected. The client's FD_CLOSE (6) waits from before step 5 until after it.
ScheduleResult totals_schedule();

// The same, but step 7 gets no data and step 8 is not reached.
ScheduleResult failing_schedule();

// Two clients and a server; the second client's call never returns.
ScheduleResult hanging_schedule();
// As a relay between the two saw it that cut the way back.
ScheduleResult relayed_schedule();

// A run with at least one instance of each verdict, one requirement that no case names, and one
// that only the violation of an invariant names.
RunResult sample_run();

inline bool holds(const std::string& html, std::string_view text) {
  return html.find(text) != std::string::npos;
}

}  // namespace ws2conform::reports
