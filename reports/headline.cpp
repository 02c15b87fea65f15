#include "reports/headline.hpp"

namespace ws2conform::reports {
namespace {

bool violated(const RunResult& run, Provenance provenance) {
  for (const InstanceResult& instance : run.instances) {
    if (instance.verdict != Verdict::kFail) continue;
    for (const ScheduleResult& schedule : instance.schedules)
      for (const Violation& violation : schedule.violations)
        if (violation.provenance == provenance) return true;
  }
  return false;
}

}  // namespace

std::string headline(const RunResult& run, const Summary& summary) {
  const auto some = [&](Verdict verdict) { return summary.instances.at(verdict) > 0; };
  if (some(Verdict::kFail)) {
    if (violated(run, Provenance::kDocumented)) return "Does not conform";
    if (violated(run, Provenance::kWindows)) return "Differs from Windows";
    if (violated(run, Provenance::kReferenceChoice)) return "Differs from the reference";
    return "Fails";
  }
  if (some(Verdict::kError)) return "Could not be judged in full";
  if (!run.complete) return "Cut off before a verdict";
  if (some(Verdict::kUnexpectedPass)) return "Passes what its baseline says fails";
  if (some(Verdict::kInconclusive)) return "Not decided";
  if (some(Verdict::kKnownFailure)) return "Fails only as its baseline says";
  if (some(Verdict::kPass)) return "Conforms in all that was tested";
  return summary.total > 0 ? "Nothing tested applies to it" : "Nothing was tested";
}

Verdict overall(const RunResult& run) {
  Combined combined;
  for (const InstanceResult& instance : run.instances) combined.add(instance.verdict);
  return combined.verdict().value_or(Verdict::kPass);
}

}  // namespace ws2conform::reports
