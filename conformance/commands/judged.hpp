// What commands that work on histories begin with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"
#include "conformance/cells/tally.hpp"
#include "conformance/commands/options.hpp"
#include "conformance/history/history.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {

// Of --cases, or the suite's own.
CaseSet cases_of(const Options& options);

// Everything that is made of a run's schedules as they are read.
struct Intake {
  explicit Intake(const CaseSet& cases) : judging(cases) {}
  void take(const History& of, const ScheduleHistory& schedule) {
    judging.take(of, schedule);
    cells.take(of, schedule);
  }

  Judging judging;
  CellTally cells;
};

// A run that was read and judged schedule by schedule: the history's schedules have no events.
struct JudgedHistory {
  History history;
  RunResult result;
  CellTally cells;
};

// One history, or the shards of one run; under `baseline`, if given, instead of the header's own
// (null: under none). Throws InputError.
JudgedHistory judged_histories(const std::vector<std::string>& files, const CaseSet& cases,
                               const std::optional<nlohmann::json>& baseline = std::nullopt);

// --baseline, checked against the cases, in the form that a header has; null without one.
nlohmann::json baseline_json(const Options& options, const CaseSet& cases);

}  // namespace ws2conform
