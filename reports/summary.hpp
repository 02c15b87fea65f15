// What a run's instances add up to: the numbers of the banner and the verdict of each requirement.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// Worst of several, where "not applicable" only counts if there is nothing else: a behaviour that
// one provider shows and another does not claim is shown. None for none.
class Combined {
 public:
  void add(Verdict verdict);
  std::optional<Verdict> verdict() const { return verdict_; }

 private:
  std::optional<Verdict> verdict_;
};

// Where what is expected of a requirement comes from: where the text is silent or contradicts
// itself it is the reference's choice, whatever document the question is of.
Provenance expected_by(const Requirement& requirement);

// What one provenance contributes to a run.
struct ProvenanceTally {
  std::size_t requirements = 0;  // in the ledger
  std::size_t tested = 0;        // of these, named by an instance that applies
  std::size_t violated =
      0;  // instances with a violation of this provenance, whatever their verdict
};

struct Summary {
  std::map<Verdict, std::size_t> instances;  // all verdicts, zeros too
  std::size_t total = 0;                     // instances
  std::size_t cases = 0;                     // distinct case IDs
  std::size_t schedules_run = 0;
  std::size_t schedules_possible = 0;
  std::map<Provenance, ProvenanceTally> provenance;  // all three

  std::size_t applicable() const { return total - instances.at(Verdict::kNotApplicable); }
};

// A requirement as this run leaves it. An instance names a requirement when its case lists it or
// when one of its violations does, as an invariant's may.
struct RequirementResult {
  std::string id;
  const Requirement* requirement = nullptr;  // null when the ledger does not know the ID
  std::optional<Verdict> verdict;            // none: no case names it
  bool violated = false;                     // a violation names it, not only a case that failed
  std::vector<std::string> cases;            // IDs, in the order of the run, each once
};

// Points into `run`, which must outlive it. By ID.
std::map<std::string, RequirementResult> requirement_results(const RunResult& run);

Summary summarize(const RunResult& run);

// The part of the ledger a requirement belongs to: the name of the file it is written in, or what
// comes before the first '-' of its ID.
std::string requirement_area(const RequirementResult& result);

// The schedule that shows best why an instance has its verdict: of those with that verdict and a
// violation the one in which the fewest calls are open while others run; else the first with that
// verdict, else the first. Null when none ran.
const ScheduleResult* telling_schedule(const InstanceResult& instance);

}  // namespace ws2conform::reports
