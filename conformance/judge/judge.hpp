// From histories to verdicts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/history/history.hpp"
#include "conformance/judge/progress.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

// Judges one schedule. `instance` must be the one that the history is of.
ScheduleResult judge_schedule(const Instance& instance, const ScheduleHistory& history,
                              const std::string& edition);

// Likewise, by what has followed all its events already; without the steps.
ScheduleResult judge_schedule(const Instance& instance, const ScheduleHistory& history,
                              const Progress& progress);

// Judges a run schedule by schedule, as a file is read, and keeps none of their events, and of the
// steps of passing schedules what ScheduleResult says.
class Judging {
 public:
  // `cases` must outlive it.
  explicit Judging(const CaseSet& cases) : cases_(cases) {}

  // Those of one instance in the order in which they ran.
  void take(const History& of, const ScheduleHistory& schedule);

  // The whole run, of which all schedules have been taken, under the baseline that its header
  // holds. Throws InputError where the history names a case that the cases have not. Once.
  RunResult result(const History& history);

 private:
  struct Judged {
    std::optional<Instance> instance;  // none where the cases have it not any more
    std::optional<Progress> fresh;     // of that, which no event has been told
    std::string first;                 // replay ID
    std::vector<ScheduleResult> schedules;
  };

  const CaseSet& cases_;
  std::map<std::string, Judged> judged_;  // by the instance's name
};

// Judges a whole run, under the baseline that its header holds. Throws InputError where the history
// names a case that `cases` has not.
RunResult judge_history(const CaseSet& cases, const History& history);

}  // namespace ws2conform
