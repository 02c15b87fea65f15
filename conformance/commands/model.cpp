#include <fmt/format.h>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/model/findings.hpp"
#include "conformance/model/limits.hpp"
#include "conformance/model/output.hpp"

namespace ws2conform {
namespace {

std::filesystem::path justification_file() {
  return std::filesystem::path(WS2CONFORM_SOURCE_DIR) / "conformance" / "model" / "justified.yaml";
}

void print(const model::Finding& finding) {
  fmt::print("{}:{}: {}{}: {}\n", finding.file, finding.line,
             finding.because.empty() ? "" : "justified, ", to_string(finding.kind),
             finding.message);
  if (!finding.because.empty()) {
    fmt::print("  {}\n", finding.because);
    return;
  }
  for (const std::string& move : finding.way) fmt::print("    {}\n", move);
}

// All of it; how many errors there are.
std::size_t tell(const model::ModelReport& report, const std::vector<model::Justification>& stale) {
  std::size_t justified = 0;
  for (const model::Finding& finding : report.findings) {
    print(finding);
    justified += finding.because.empty() ? 0 : 1;
  }
  for (const model::Justification& justification : stale) {
    fmt::print("\n{}: it justifies nothing: step {} of {} is not {}\n",
               to_string(justification.place), justification.step, justification.case_id,
               to_string(justification.kind));
  }
  std::map<std::string, std::set<std::string>> outside;  // cases by reason
  std::size_t instances = 0;
  std::size_t not_there = 0;
  std::size_t states = 0;
  std::size_t sampled = 0;
  for (const model::CaseCount& counted : report.cases) {
    for (const auto& [reason, count] : counted.outside) outside[reason].insert(counted.source->id);
    instances += counted.instances;
    not_there += counted.count_outside();
    states += counted.states;
    sampled += counted.sampled;
  }
  for (const auto& [reason, cases] : outside) {
    fmt::print("outside of the model, {}: {}\n", reason, fmt::join(cases, ", "));
  }
  const std::size_t errors = report.findings.size() - justified + stale.size();
  fmt::print(
      "\n{} cases with {} choices of axes; {} of those are outside of the model. {} states of the "
      "others explored, {} of them sampled because there are more.\n{} findings, {} of them "
      "justified, {} errors\n",
      report.cases.size(), instances, not_there, states, sampled, report.findings.size(), justified,
      errors);
  return errors;
}

}  // namespace

int model_command(const std::string& out, const Options& options) {
  const Ensemble ensemble = assemble(options);
  model::ModelReport report{ensemble.client.implementation, options.edition, {}, {}, {}};
  std::vector<model::CaseFindings> found;  // as report.cases
  for (const Instance& instance : selected_instances(ensemble, options)) {
    if (!ensemble.gap(instance).empty()) continue;
    const auto limits =
        model::limits_of(*ensemble.client.provider(instance.provider), options.edition);
    if (report.cases.empty() || report.cases.back().source != instance.source) {
      report.cases.emplace_back().source = instance.source;
      found.emplace_back(*instance.source);
    }
    model::Explored explored = model::explore(instance, options.edition, limits, report.bounds);
    report.cases.back().add(instance, explored);
    found.back().add(instance, std::move(explored));
  }
  for (const model::CaseFindings& of_case : found) {
    for (model::Finding& finding : of_case.findings()) report.findings.push_back(finding);
  }
  // Of a part of the cases, or another edition, not all justifications are about something.
  const bool whole = options.filter == "*" && options.provider.empty() && options.cases.empty() &&
                     options.edition == "documented";
  auto stale = model::justify(model::load_justifications(justification_file()), report.findings);
  if (!whole) stale.clear();
  const std::size_t errors = tell(report, stale);
  if (whole || !out.empty()) {
    const std::filesystem::path path =
        out.empty() ? places().build / "model.json" : std::filesystem::path(out);
    write_json(model::model_json(report), path);
    fmt::print("written to {}\n", path.string());
  }
  return errors > 0 ? kViolated : kHolds;
}

}  // namespace ws2conform
