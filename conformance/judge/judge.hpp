// From histories to verdicts.
#pragma once

#include "conformance/case/instance.hpp"
#include "conformance/history/history.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

// Judges one schedule. `instance` must be the one that the history is of.
ScheduleResult judge_schedule(const Instance& instance, const ScheduleHistory& history,
                              const std::string& edition);

// Judges a whole run, under the baseline that its header holds. Throws InputError where the history
// names a case that `cases` has not.
RunResult judge_history(const CaseSet& cases, const History& history);

}  // namespace ws2conform
