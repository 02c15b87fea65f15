// The heat map of the reference's state table.

#include <algorithm>
#include <set>
#include <string>

#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;

constexpr std::size_t kMostCases = 4;  // named of each cell

// A cell of the map, as it is looked at.
struct Look {
  std::string heat;   // CSS class
  std::string text;   // for the eye
  std::string aloud;  // for who does not see the ground
};

Look look(const json& cell) {
  const std::size_t cases = cell.at("cases").size();
  if (cases > 0) {
    const int heat = cases >= 100 ? 5 : cases >= 20 ? 4 : cases >= 5 ? 3 : cases >= 2 ? 2 : 1;
    return {"heat-" + std::to_string(heat), std::to_string(cases), ""};
  }
  const std::string reach = cell.at("reach");
  if (reach == "two ends") return {"cold", "–", " no case reaches it"};
  if (reach == "hostile peer") return {"rude", "†", " only by a peer that breaks the protocol"};
  return {"never", "", "by nobody"};
}

Data map_cell(const json& cell) {
  const Look seen = look(cell);
  const std::string reason = cell.at("reason");
  Data data;
  data["heat"] = seen.heat;
  data["text"] = seen.text;
  data["aloud"] = optional(seen.aloud);
  data["title"] = cell.at("input").get<std::string>() + " in state " +
                  cell.at("state").get<std::string>() + ": " +
                  cell.at("outcome").get<std::string>() + (reason.empty() ? "" : ", " + reason);
  return data;
}

Data detail(const json& cell, const std::set<std::string>& here) {
  const json& ids = cell.at("cases");
  List cases;
  for (const json& id : ids) {
    if (cases.size() == kMostCases) break;
    Data item;
    item["id"] = id.get<std::string>();
    item["anchor"] = here.contains(id) ? Data(case_anchor(id.get<std::string>())) : Data(false);
    cases.push_back(item);
  }
  const std::size_t more = ids.size() - cases.size();
  Data data;
  for (const char* name : {"input", "state", "outcome"})
    data[name] = cell.at(name).get<std::string>();
  data["number"] = std::to_string(ids.size());
  data["cases"] = Data(cases);
  data["note"] =
      more > 0      ? Data("and " + count(more, "other"))
      : ids.empty() ? Data(cell.at("reach") == "two ends" ? "no case"
                                                          : "needs a peer that breaks the protocol")
                    : Data(false);
  return data;
}

Data names(const json& list) {
  List all;
  for (const json& name : list) all.push_back(Data("name", name.get<std::string>()));
  return Data(all);
}

}  // namespace

std::string cells_section(const RunResult& run, const json& cells) {
  if (cells.is_null()) return {};
  std::set<std::string> here;
  for (const InstanceResult& instance : run.instances) here.insert(instance.case_id);
  const std::size_t states = cells.at("states").size();
  List rows;
  List unreached;
  List details;
  std::size_t possible = 0;
  std::size_t reached = 0;
  for (std::size_t i = 0; i < cells.at("inputs").size(); ++i) {
    List row_cells;
    for (std::size_t s = 0; s < states; ++s) {
      const json& cell = cells.at("cells").at(i * states + s);
      row_cells.push_back(map_cell(cell));
      const bool some = !cell.at("cases").empty();
      if (some || cell.at("reach") != "never") details.push_back(detail(cell, here));
      if (cell.at("reach") != "two ends") continue;
      ++possible;
      if (some) {
        ++reached;
        continue;
      }
      Data item;
      for (const char* name : {"input", "state", "outcome"})
        item[name] = cell.at(name).get<std::string>();
      item["reason"] = optional(cell.at("reason").get<std::string>());
      unreached.push_back(item);
    }
    Data row;
    row["name"] = cells.at("inputs").at(i).get<std::string>();
    row["cells"] = Data(row_cells);
    rows.push_back(row);
  }
  Data data;
  data["states"] = std::to_string(states);
  data["inputs"] = std::to_string(cells.at("inputs").size());
  data["columns"] = names(cells.at("states"));
  data["rows"] = Data(rows);
  data["reached"] = std::to_string(reached);
  data["possible"] = std::to_string(possible);
  data["some_unreached"] = !unreached.empty();
  data["unreached"] = Data(unreached);
  data["details"] = Data(details);
  return Template(embedded::cells_mustache).render(data);
}

}  // namespace ws2conform::reports
