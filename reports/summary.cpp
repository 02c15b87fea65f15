#include "reports/summary.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace ws2conform::reports {

void Combined::add(Verdict verdict) {
  if (!verdict_ || *verdict_ == Verdict::kNotApplicable)
    verdict_ = verdict;
  else if (verdict != Verdict::kNotApplicable)
    verdict_ = worst(*verdict_, verdict);
}

std::map<std::string, RequirementResult> requirement_results(const RunResult& run) {
  std::map<std::string, RequirementResult> results;
  std::map<std::string, Combined> verdicts;
  for (const auto& [id, requirement] : run.requirements)
    results[id] = {id, &requirement, {}, false, {}};
  const auto entry = [&](const std::string& id) -> RequirementResult& {
    RequirementResult& result = results[id];
    result.id = id;
    return result;
  };
  for (const InstanceResult& instance : run.instances) {
    std::set<std::string> named(instance.requirements.begin(), instance.requirements.end());
    for (const ScheduleResult& schedule : instance.schedules)
      for (const Violation& violation : schedule.violations)
        for (const std::string& id : violation.requirements) {
          entry(id).violated = true;
          named.insert(id);
        }
    for (const std::string& id : named) {
      std::vector<std::string>& cases = entry(id).cases;
      if (std::find(cases.begin(), cases.end(), instance.case_id) == cases.end())
        cases.push_back(instance.case_id);
      verdicts[id].add(instance.verdict);
    }
  }
  for (auto& [id, result] : results) result.verdict = verdicts[id].verdict();
  return results;
}

Provenance expected_by(const Requirement& requirement) {
  const bool open =
      requirement.state == State::kSilent || requirement.state == State::kContradictory;
  return open ? Provenance::kReferenceChoice : requirement.provenance;
}

Summary summarize(const RunResult& run) {
  Summary summary;
  for (const Verdict verdict : kAllVerdicts) summary.instances[verdict] = 0;
  for (const Provenance provenance :
       {Provenance::kDocumented, Provenance::kWindows, Provenance::kReferenceChoice})
    summary.provenance[provenance] = {};

  std::set<std::string> cases;
  for (const InstanceResult& instance : run.instances) {
    ++summary.instances[instance.verdict];
    cases.insert(instance.case_id);
    summary.schedules_run += instance.schedules.size();
    summary.schedules_possible += std::max(instance.schedules_possible, instance.schedules.size());
    std::set<Provenance> violated;
    for (const ScheduleResult& schedule : instance.schedules)
      for (const Violation& violation : schedule.violations) violated.insert(violation.provenance);
    for (const Provenance provenance : violated) ++summary.provenance[provenance].violated;
  }
  summary.total = run.instances.size();
  summary.cases = cases.size();

  for (const auto& [id, result] : requirement_results(run)) {
    if (result.requirement == nullptr) continue;
    ProvenanceTally& tally = summary.provenance[expected_by(*result.requirement)];
    ++tally.requirements;
    if (result.verdict && *result.verdict != Verdict::kNotApplicable) ++tally.tested;
  }
  return summary;
}

std::string requirement_area(const RequirementResult& result) {
  if (result.requirement == nullptr) return "not in the ledger";
  const std::string stem = std::filesystem::path(result.requirement->file).stem().string();
  return stem.empty() ? result.id.substr(0, result.id.find('-')) : stem;
}

const ScheduleResult* telling_schedule(const InstanceResult& instance) {
  const auto overlaps = [](const ScheduleResult& schedule) {
    return std::count(schedule.order.begin(), schedule.order.end(), '(');
  };
  const ScheduleResult* simplest = nullptr;
  const ScheduleResult* same_verdict = nullptr;
  for (const ScheduleResult& schedule : instance.schedules) {
    if (schedule.verdict != instance.verdict) continue;
    if (same_verdict == nullptr) same_verdict = &schedule;
    if (schedule.violations.empty()) continue;
    if (simplest == nullptr || overlaps(schedule) < overlaps(*simplest)) simplest = &schedule;
  }
  if (simplest != nullptr) return simplest;
  if (same_verdict != nullptr || instance.schedules.empty()) return same_verdict;
  return &instance.schedules.front();
}

}  // namespace ws2conform::reports
