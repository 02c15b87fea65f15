#include "reports/compare/comparison.hpp"

#include <map>

#include "conformance/case/model.hpp"
#include "reports/compare/changes.hpp"
#include "reports/compare/interop.hpp"
#include "reports/headline.hpp"
#include "reports/outcome.hpp"
#include "reports/page/embedded.hpp"
#include "reports/page/links.hpp"
#include "reports/page/template.hpp"
#include "reports/text/format.hpp"
#include "reports/text/tighten.hpp"

namespace ws2conform::reports {
namespace {

// "plain-tcp", or the two that talked: the files that say how they are launched.
std::string label(const RunResult& run) {
  std::string text;
  for (const ImplementationInfo& info : run.implementations)
    text += (text.empty() ? "" : ", ") + info.iut +
            (run.implementations.size() > 1 ? " as " + info.role : "");
  return text.empty() ? "unknown" : text;
}

std::string version(const RunResult& run) {
  std::string text;
  for (const ImplementationInfo& info : run.implementations)
    text += (text.empty() ? "" : ", ") + info.implementation + " " + info.version;
  return text;
}

Data runs_data(const std::vector<ComparedRun>& runs) {
  List list;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Summary summary = summarize(runs[i].run);
    Data item;
    item["number"] = std::to_string(i + 1);
    item["label"] = label(runs[i].run);
    item["link"] = optional(runs[i].link);
    item["version"] = version(runs[i].run);
    item["edition"] = runs[i].run.edition;
    item["started"] = moment(runs[i].run.started);
    item["verdict"] = verdict_data(overall(runs[i].run));
    item["headline"] = headline(runs[i].run, summary);
    item["passed"] = std::to_string(summary.instances.at(Verdict::kPass));
    item["applicable"] = std::to_string(summary.applicable());
    list.push_back(item);
  }
  return Data(list);
}

Data change_data(const Change& change) {
  const InstanceResult& any = change.after ? *change.after : *change.before;
  Data item;
  item["id"] = any.case_id;
  item["axes"] = axes(any.axes);
  item["before"] = change.before ? verdict_data(change.before->verdict) : Data(false);
  item["after"] = change.after ? verdict_data(change.after->verdict) : Data(false);
  const bool tells = any.verdict != Verdict::kPass;
  item["message"] = tells ? Data(message(any)) : Data(false);
  return item;
}

// Between runs that follow each other and are of one implementation.
Data changes_data(const std::vector<ComparedRun>& runs) {
  List pairs;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    const RunResult& before = runs[i - 1].run;
    const RunResult& after = runs[i].run;
    if (label(before) != label(after)) continue;
    std::map<Change::Kind, List> by_kind;
    for (const Change& change : changes(before, after))
      by_kind[change.kind].push_back(change_data(change));
    List kinds;
    for (const auto& [kind, items] : by_kind) {
      Data group;
      group["kind"] = std::string(words(kind));
      group["size"] = std::to_string(items.size());
      group["open"] = kind < Change::Kind::kOnlyBefore;
      group["items"] = Data(items);
      kinds.push_back(group);
    }
    Data pair;
    pair["label"] = label(after);
    pair["from"] = std::to_string(i);
    pair["to"] = std::to_string(i + 1);
    pair["none"] = kinds.empty();
    pair["kinds"] = Data(kinds);
    pairs.push_back(pair);
  }
  return pairs.empty() ? Data(false) : Data("pairs", Data(pairs));
}

struct Area {
  std::vector<std::size_t> hold;  // by run
  std::vector<std::size_t> all;
  std::vector<Combined> worst;
  List rows;
  std::size_t differing = 0;
};

Data verdict_cell(const std::optional<Verdict>& verdict) {
  return verdict ? verdict_data(*verdict) : Data("kind", Data(false));
}

std::map<std::string, Area> areas(const std::vector<ComparedRun>& runs) {
  std::vector<std::map<std::string, RequirementResult>> results;
  std::map<std::string, const RequirementResult*> ids;
  for (const ComparedRun& compared : runs) results.push_back(requirement_results(compared.run));
  for (const auto& of_run : results)
    for (const auto& [id, result] : of_run) ids.emplace(id, &result);
  std::map<std::string, Area> all;
  for (const auto& [id, any] : ids) {
    Area& area = all[requirement_area(*any)];
    area.hold.resize(runs.size());
    area.all.resize(runs.size());
    area.worst.resize(runs.size());
    List cells;
    bool differs = false;
    std::optional<Verdict> first;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const auto found = results[i].find(id);
      const auto verdict = found == results[i].end() ? std::nullopt : found->second.verdict;
      cells.push_back(verdict_cell(verdict));
      if (!verdict || *verdict == Verdict::kNotApplicable) continue;
      ++area.all[i];
      if (*verdict == Verdict::kPass) ++area.hold[i];
      area.worst[i].add(*verdict);
      differs = differs || (first && *first != *verdict);
      if (!first) first = verdict;
    }
    if (differs) ++area.differing;
    Data row;
    row["id"] = id;
    row["statement"] = any->requirement ? Data(any->requirement->statement) : Data(false);
    row["differs"] = differs;
    row["cells"] = Data(cells);
    area.rows.push_back(row);
  }
  return all;
}

Data areas_data(const std::vector<ComparedRun>& runs) {
  List list;
  for (const auto& [name, area] : areas(runs)) {
    List cells;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      Data cell = verdict_cell(area.worst[i].verdict());
      cell["hold"] = std::to_string(area.hold[i]);
      cell["all"] = std::to_string(area.all[i]);
      cells.push_back(cell);
    }
    Data item;
    item["area"] = name;
    item["anchor"] = area_anchor(name);
    item["cells"] = Data(cells);
    item["rows"] = Data(area.rows);
    item["differing"] =
        area.differing > 0 ? Data(std::to_string(area.differing) + " differ") : Data(false);
    list.push_back(item);
  }
  return Data(list);
}

}  // namespace

std::string comparison(const std::vector<ComparedRun>& runs, const nlohmann::json& interop) {
  Data data;
  data["style"] = std::string(embedded::style_css);
  data["style_hash"] = std::string(embedded::style_css_sha256);
  data["size"] = count(runs.size(), "run");
  data["runs"] = runs_data(runs);
  data["changes"] = changes_data(runs);
  data["areas"] = areas_data(runs);
  data["interop"] = false;
  if (!interop.is_null())
    data["interop"] = Template(embedded::interop_mustache).render(interop_data(interop));
  return tighten(Template(embedded::comparison_mustache).render(data));
}

}  // namespace ws2conform::reports
