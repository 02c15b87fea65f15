// The failures that are known of an implementation, and what they make of a run's verdicts.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

struct KnownFailure {
  std::string case_id;
  AxisChoice axes;       // those that must be so; others may be anything
  std::string check;     // as in Violation
  std::string expected;  // as in Violation, ports named; pinned
  std::string reason;
  std::string since;          // a date or a version of it, from when on it is known; may be empty
  bool intermittent = false;  // depends on a race within the implementation: may also pass
  SourcePlace place;

  bool is_of(const InstanceResult& instance) const;
  bool covers(const Violation& violation) const;
};

struct Baseline {
  std::string file;  // its name in messages
  std::string implementation;
  std::vector<KnownFailure> failures;
};

// Throws InputError with file and line for what is no baseline, and for two lines that say the
// same.
Baseline load_baseline(const std::filesystem::path& path);

// Throws InputError, with file and line, for a line that can match nothing in `cases`: no such
// case, axis, value, step or invariant.
void check_baseline(const Baseline& baseline, const CaseSet& cases);

// A failing schedule all of whose violations are known becomes a known failure, and so does an
// instance of which all failing schedules are. A listed failure that did not happen, although all
// schedules ran (or all that ran passed), is an unexpected pass unless it is intermittent. Errors
// and what is inconclusive stay what they are.
//
// Returns what is stale: lines that fit only instances that are not applicable. "file:line: why"
std::vector<std::string> apply_baseline(const Baseline& baseline, RunResult& run);

// For the history, and back.
nlohmann::json to_json(const Baseline& baseline);
Baseline baseline_from(const nlohmann::json& json);

}  // namespace ws2conform
