#include "reports/headline.hpp"
#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

// The findings in one sentence; empty when every instance that applies passed.
std::string lede(const Summary& summary) {
  constexpr std::pair<Verdict, const char*> kFindings[] = {
      {Verdict::kFail, " failed"},
      {Verdict::kError, " broke off in an error"},
      {Verdict::kUnexpectedPass, " passed unexpectedly"},
      {Verdict::kInconclusive, " stayed undecided"},
      {Verdict::kKnownFailure, " failed as the baseline says"},
  };
  std::string text;
  for (const auto& [verdict, finding] : kFindings) {
    const std::size_t number = summary.instances.at(verdict);
    if (number > 0) text += (text.empty() ? "" : ", ") + std::to_string(number) + finding;
  }
  if (text.empty()) return text;
  return "Of " + count(summary.applicable(), "instance") + " that apply, " + text + ".";
}

Data tally(const Summary& summary) {
  List list;
  for (const Verdict verdict :
       {Verdict::kFail, Verdict::kError, Verdict::kUnexpectedPass, Verdict::kInconclusive,
        Verdict::kKnownFailure, Verdict::kPass, Verdict::kNotApplicable}) {
    const std::size_t number = summary.instances.at(verdict);
    Data item = verdict_data(verdict);
    item["number"] = grouped(number);
    item["none"] = number == 0;
    list.push_back(item);
  }
  return Data(list);
}

const char* meaning(Provenance provenance) {
  switch (provenance) {
    case Provenance::kDocumented:
      return "the specification says so; only this decides conformance";
    case Provenance::kWindows:
      return "known behaviour of Windows that differs from the text";
    case Provenance::kReferenceChoice:
      break;
  }
  return "the text is silent or contradicts itself; never held against anyone";
}

Data provenance(const Summary& summary) {
  List list;
  for (const auto& [provenance, tally] : summary.provenance) {
    Data item;
    item["name"] = word(provenance);
    item["meaning"] = meaning(provenance);
    item["requirements"] = std::to_string(tally.requirements);
    item["tested"] = std::to_string(tally.tested);
    item["violated"] = std::to_string(tally.violated);
    list.push_back(item);
  }
  return Data(list);
}

Data implementations(const RunResult& run) {
  List list;
  for (const ImplementationInfo& info : run.implementations) {
    Data item;
    item["role"] = info.role;
    item["name"] = info.implementation.empty() ? info.iut : info.implementation;
    item["version"] = optional(info.version);
    list.push_back(item);
  }
  return Data(list);
}

}  // namespace

std::string banner_section(const RunResult& run, const Summary& summary,
                           const Appendices& appendices) {
  Data data;
  data["verdict"] = verdict_data(overall(run));
  data["judged"] = summary.total > 0;
  data["kills"] = optional(kill_score(appendices.zoo));
  data["states"] = optional(model_states(appendices.model));
  const WindowTally windows = tally_windows(run);
  data["timed"] = summary.schedules_run > 0;
  data["windowed"] =
      windows.cases.empty() ? Data(false) : Data(count(windows.cases.size(), "case"));
  data["windowed_schedules"] = count(windows.schedules, "schedule");
  data["headline"] = headline(run, summary);
  data["lede"] = optional(lede(summary));
  data["cut_off"] = !run.complete;
  List missing;
  for (const std::string& sentence : run.missing) missing.push_back(Data("sentence", sentence));
  data["missing"] = Data(missing);
  data["implementations"] = implementations(run);
  data["tally"] = tally(summary);
  data["provenance"] = provenance(summary);
  data["cases"] = count(summary.cases, "case");
  data["instances"] = count(summary.total, "instance");
  data["applicable"] = grouped(summary.applicable());
  data["schedules"] = grouped(summary.schedules_run);
  data["possible"] = grouped(summary.schedules_possible);
  data["sampled"] = summary.schedules_run < summary.schedules_possible;
  data["duration"] = duration(run.duration);
  data["started"] = run.started;
  data["started_at"] = moment(run.started);
  data["edition"] = run.edition;
  data["suite_version"] = run.suite_version;
  data["case_set"] = run.case_set.substr(0, 12);
  return Template(embedded::banner_mustache).render(data);
}

}  // namespace ws2conform::reports
