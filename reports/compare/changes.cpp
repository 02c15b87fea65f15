#include "reports/compare/changes.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "conformance/case/model.hpp"
#include "reports/summary.hpp"

namespace ws2conform::reports {
namespace {

using Kind = Change::Kind;

std::string name_of(const InstanceResult& instance) {
  return instance.case_id + "/" + to_string(instance.axes);
}

bool is_bad(Verdict verdict) {
  return verdict == Verdict::kFail || verdict == Verdict::kError ||
         verdict == Verdict::kUnexpectedPass;
}

std::string first_check(const InstanceResult& instance) {
  const ScheduleResult* schedule = telling_schedule(instance);
  if (schedule == nullptr || schedule->violations.empty()) return {};
  return schedule->violations.front().check;
}

std::optional<Kind> kind_of(const InstanceResult& before, const InstanceResult& after) {
  if (before.verdict == after.verdict) {
    if (first_check(before) == first_check(after)) return std::nullopt;
    return Kind::kJudgedDifferently;
  }
  if (is_bad(after.verdict))
    return is_bad(before.verdict) ? Kind::kJudgedDifferently : Kind::kRegressed;
  if (after.verdict == Verdict::kInconclusive) return Kind::kNewlyInconclusive;
  if (after.verdict == Verdict::kPass && before.verdict != Verdict::kNotApplicable)
    return Kind::kFixed;
  return Kind::kJudgedDifferently;
}

}  // namespace

std::vector<Change> changes(const RunResult& before, const RunResult& after) {
  std::map<std::string, const InstanceResult*> earlier;
  for (const InstanceResult& instance : before.instances) earlier[name_of(instance)] = &instance;
  std::vector<Change> all;
  for (const InstanceResult& instance : after.instances) {
    const auto found = earlier.find(name_of(instance));
    if (found == earlier.end()) {
      all.push_back({Kind::kOnlyAfter, nullptr, &instance});
      continue;
    }
    if (const auto kind = kind_of(*found->second, instance))
      all.push_back({*kind, found->second, &instance});
    earlier.erase(found);
  }
  for (const InstanceResult& instance : before.instances)
    if (earlier.contains(name_of(instance))) all.push_back({Kind::kOnlyBefore, &instance, nullptr});
  std::stable_sort(all.begin(), all.end(),
                   [](const Change& a, const Change& b) { return a.kind < b.kind; });
  return all;
}

const char* words(Kind kind) {
  switch (kind) {
    case Kind::kRegressed:
      return "regressed";
    case Kind::kNewlyInconclusive:
      return "newly inconclusive";
    case Kind::kFixed:
      return "fixed";
    case Kind::kJudgedDifferently:
      return "judged differently";
    case Kind::kOnlyBefore:
      return "only in the earlier run";
    case Kind::kOnlyAfter:
      break;
  }
  return "only in the later run";
}

}  // namespace ws2conform::reports
