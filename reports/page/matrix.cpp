#include <map>

#include "reports/page/embedded.hpp"
#include "reports/page/facets.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"

namespace ws2conform::reports {
namespace {

using ByProvider = std::map<std::string, Combined>;

// What each requirement came to on each provider.
std::map<std::string, ByProvider> verdicts(const RunResult& run) {
  std::map<std::string, ByProvider> all;
  for (const InstanceResult& instance : run.instances)
    for (const std::string& id : named_requirements(instance))
      all[id][provider_of(instance)].add(instance.verdict);
  return all;
}

struct Cell {
  std::size_t hold = 0;
  std::size_t all = 0;
  Combined worst;
};

struct Row {
  std::map<std::string, Cell> cells;  // by provider
  std::size_t untested = 0;
};

Data cell_data(const Cell& cell, const std::string& area, const std::string& provider) {
  if (cell.all == 0) return Data("kind", Data(false));
  Data item = verdict_data(*cell.worst.verdict());
  item["hold"] = std::to_string(cell.hold);
  item["all"] = std::to_string(cell.all);
  item["area"] = area;
  item["anchor"] = area_anchor(area);
  item["provider"] = provider;
  return item;
}

}  // namespace

std::string matrix_section(const RunResult& run) {
  const std::vector<std::string> columns = providers(run);
  const auto of_requirement = verdicts(run);
  std::map<std::string, Row> rows;
  for (const auto& [id, result] : requirement_results(run)) {
    Row& row = rows[requirement_area(result)];
    const bool counts = result.verdict && *result.verdict != Verdict::kNotApplicable;
    if (!counts) ++row.untested;
    const auto found = of_requirement.find(id);
    if (found == of_requirement.end()) continue;
    for (const auto& [provider, combined] : found->second) {
      if (combined.verdict() == Verdict::kNotApplicable) continue;
      Cell& cell = row.cells[provider];
      ++cell.all;
      if (combined.verdict() == Verdict::kPass) ++cell.hold;
      cell.worst.add(*combined.verdict());
    }
  }
  Data data;
  List heads;
  for (const std::string& provider : columns)
    heads.push_back(Data("name", provider.empty() ? std::string("any provider") : provider));
  data["providers"] = Data(heads);
  List areas;
  for (const auto& [area, row] : rows) {
    Data item;
    item["area"] = area;
    item["anchor"] = area_anchor(area);
    item["untested"] = std::to_string(row.untested);
    List cells;
    for (const std::string& provider : columns) {
      const auto found = row.cells.find(provider);
      cells.push_back(cell_data(found == row.cells.end() ? Cell{} : found->second, area, provider));
    }
    item["cells"] = Data(cells);
    areas.push_back(item);
  }
  data["areas"] = Data(areas);
  return Template(embedded::matrix_mustache).render(data);
}

}  // namespace ws2conform::reports
