#include <fmt/format.h>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/model/findings.hpp"
#include "conformance/model/limits.hpp"

namespace ws2conform {
namespace {

std::filesystem::path justification_file() {
  return std::filesystem::path(WS2CONFORM_SOURCE_DIR) / "conformance" / "model" / "justified.yaml";
}

struct Counts {
  std::size_t instances = 0;
  std::size_t states = 0;
  std::size_t sampled = 0;
  std::size_t outside = 0;
};

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

nlohmann::json as_json(const Instance& instance, const model::Explored& explored) {
  return {{"case", instance.source->id},
          {"axes", to_string(instance.axes)},
          {"states", explored.states},
          {"sampled", explored.sampled},
          {"outside", explored.outside}};
}

}  // namespace

int model_command(bool as_json_lines, const Options& options) {
  const Ensemble ensemble = assemble(options);
  Counts counts;
  std::vector<model::Finding> findings;
  std::map<std::string, std::set<std::string>> outside;  // cases by reason
  std::map<std::string, model::CaseFindings> by_case;
  for (const Instance& instance : selected_instances(ensemble, options)) {
    if (!ensemble.gap(instance).empty()) continue;
    const auto limits =
        model::limits_of(*ensemble.client.provider(instance.provider), options.edition);
    model::Explored explored = model::explore(instance, options.edition, limits, {});
    if (as_json_lines) fmt::print("{}\n", as_json(instance, explored).dump());
    ++counts.instances;
    counts.states += explored.states;
    counts.sampled += explored.sampled ? 1 : 0;
    counts.outside += explored.outside.empty() ? 0 : 1;
    if (!explored.outside.empty()) outside[explored.outside].insert(instance.source->id);
    by_case.try_emplace(instance.source->id, *instance.source)
        .first->second.add(instance, std::move(explored));
  }
  for (const auto& [id, of_case] : by_case) {
    for (model::Finding& finding : of_case.findings()) findings.push_back(std::move(finding));
  }
  // Of a part of the cases, or another edition, not all justifications are about something.
  const bool whole = options.filter == "*" && options.provider.empty() && options.cases.empty() &&
                     options.edition == "documented";
  const auto stale = model::justify(model::load_justifications(justification_file()), findings);
  if (as_json_lines) return kHolds;
  std::size_t errors = 0;
  for (const model::Finding& finding : findings) {
    print(finding);
    errors += finding.because.empty() ? 1 : 0;
  }
  for (const model::Justification& justification : stale) {
    if (!whole) break;
    ++errors;
    fmt::print("\n{}: it justifies nothing: step {} of {} is not {}\n",
               to_string(justification.place), justification.step, justification.case_id,
               to_string(justification.kind));
  }
  for (const auto& [reason, cases] : outside) {
    fmt::print("outside of the model, {}: {}\n", reason, fmt::join(cases, ", "));
  }
  fmt::print(
      "\n{} cases with {} choices of axes; {} of those are outside of the model. {} states of the "
      "others explored, {} of them sampled because there are more.\n{} findings, {} of them "
      "justified, {} errors\n",
      by_case.size(), counts.instances, counts.outside, counts.states, counts.sampled,
      findings.size(), findings.size() + (whole ? stale.size() : 0) - errors, errors);
  return errors > 0 ? kViolated : kHolds;
}

}  // namespace ws2conform
