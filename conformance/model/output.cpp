#include "conformance/model/output.hpp"

#include <limits>

#include "conformance/schedule/schedule.hpp"

namespace ws2conform::model {
namespace {

using nlohmann::json;

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  return b > std::numeric_limits<std::uint64_t>::max() - a
             ? std::numeric_limits<std::uint64_t>::max()
             : a + b;
}

json to_json(const Finding& finding) {
  json shown = {{"finding", to_string(finding.kind)},
                {"step", finding.step},
                {"message", finding.message},
                {"file", finding.file},
                {"line", finding.line}};
  if (!finding.because.empty()) shown["because"] = finding.because;
  if (!finding.way.empty()) shown["way"] = finding.way;
  return shown;
}

const char* verdict_of(const CaseCount& counted, const std::vector<const Finding*>& findings) {
  if (counted.count_outside() == counted.instances) return "outside";
  if (findings.empty()) return "agrees";
  for (const Finding* finding : findings) {
    if (finding->because.empty()) return "disagrees";
  }
  return "justified";
}

}  // namespace

void CaseCount::add(const Instance& instance, const Explored& explored) {
  ++instances;
  if (!explored.outside.empty()) {
    ++outside[explored.outside];
    return;
  }
  constexpr std::size_t kOnlyCounted = 1;
  schedules = saturating_sum(
      schedules, ws2conform::schedules(instance.steps, kOnlyCounted, /*seed=*/1).possible);
  states += explored.states;
  sampled += explored.sampled ? 1 : 0;
}

std::size_t CaseCount::count_outside() const {
  std::size_t count = 0;
  for (const auto& [reason, those] : outside) count += those;
  return count;
}

json model_json(const ModelReport& report) {
  json cases = json::array();
  json verdicts = {{"agrees", 0}, {"justified", 0}, {"disagrees", 0}, {"outside", 0}};
  std::size_t instances = 0;
  std::size_t outside = 0;
  std::size_t states = 0;
  std::size_t sampled = 0;
  for (const CaseCount& counted : report.cases) {
    std::vector<const Finding*> findings;
    json shown = json::array();
    for (const Finding& finding : report.findings) {
      if (finding.case_id != counted.source->id) continue;
      findings.push_back(&finding);
      shown.push_back(to_json(finding));
    }
    const std::string verdict = verdict_of(counted, findings);
    verdicts[verdict] = verdicts[verdict].get<std::size_t>() + 1;
    instances += counted.instances;
    outside += counted.count_outside();
    states += counted.states;
    sampled += counted.sampled;
    cases.push_back({{"id", counted.source->id},
                     {"area", counted.source->area},
                     {"title", counted.source->title},
                     {"verdict", verdict},
                     {"instances", counted.instances},
                     {"schedules", counted.schedules},
                     {"states", counted.states},
                     {"sampled", counted.sampled},
                     {"outside", counted.outside},
                     {"findings", shown}});
  }
  return {{"model", 1},
          {"implementation", report.implementation},
          {"edition", report.edition},
          {"bounds", {{"states", report.bounds.states}, {"samples", report.bounds.samples}}},
          {"totals",
           {{"cases", verdicts},
            {"instances", instances},
            {"outside", outside},
            {"states", states},
            {"sampled", sampled}}},
          {"cases", cases}};
}

}  // namespace ws2conform::model
