#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

struct Area {
  List rows;
  Combined combined;
  std::size_t untested = 0;
};

Data row_data(const RequirementResult& result) {
  Data row;
  row["id"] = result.id;
  row["in_area"] = requirement_area(result);
  row["anchor"] = requirement_anchor(result.id);
  row["known"] = result.requirement != nullptr;
  if (const Requirement* requirement = result.requirement) {
    row["statement"] = requirement->statement;
    row["level"] = std::string(to_string(requirement->level));
    row["source"] = requirement->source;
    row["provenance"] = requirement->state == State::kSilent ? "the text is silent"
                        : requirement->state == State::kContradictory
                            ? "the text contradicts itself"
                            : word(requirement->provenance);
  } else {
    row["level"] = "";
  }
  row["left_out"] = false;
  if (result.requirement != nullptr && is_left_out(*result.requirement))
    row["left_out"] =
        std::string(to_string(result.requirement->state)) + ": " + result.requirement->reason;
  row["verdict"] = result.verdict ? verdict_data(*result.verdict) : Data(false);
  // A case that fails takes all its requirements along; say which of them it failed for.
  row["shared"] = result.verdict == Verdict::kFail && !result.violated;
  List cases;
  for (const std::string& id : result.cases) {
    Data item;
    item["case"] = id;
    item["case_anchor"] = case_anchor(id);
    cases.push_back(item);
  }
  row["cases"] = Data(cases);
  return row;
}

}  // namespace

std::string requirements_section(const RunResult& run) {
  std::map<std::string, Area> areas;
  for (const auto& [id, result] : requirement_results(run)) {
    Area& area = areas[requirement_area(result)];
    area.rows.push_back(row_data(result));
    if (result.verdict)
      area.combined.add(*result.verdict);
    else
      ++area.untested;
  }
  List list;
  for (const auto& [name, area] : areas) {
    const std::optional<Verdict> verdict = area.combined.verdict();
    Data item;
    item["area"] = name;
    item["area_anchor"] = area_anchor(name);
    item["size"] = count(area.rows.size(), "requirement");
    item["untested"] = area.untested > 0 ? Data(std::to_string(area.untested)) : Data(false);
    item["worst"] = verdict ? verdict_data(*verdict) : Data(false);
    item["open"] = verdict && needs_attention(*verdict);
    item["rows"] = Data(area.rows);
    list.push_back(item);
  }
  Data data;
  data["areas"] = Data(list);
  return Template(embedded::requirements_mustache).render(data);
}

}  // namespace ws2conform::reports
