#include <algorithm>
#include <set>

#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;

// Requirements, with the anchors they have on this page.
Data linked(const json& ids, const std::set<std::string>& here) {
  List list;
  for (const json& id : ids) {
    Data item;
    item["id"] = id.get<std::string>();
    item["anchor"] =
        here.contains(id) ? Data(requirement_anchor(id.get<std::string>())) : Data(false);
    list.push_back(item);
  }
  return Data(list);
}

// Cases: so many that links would be a tenth of the page. The script makes them.
std::string listed(const json& ids) {
  std::string text;
  for (const json& id : ids) text += (text.empty() ? "" : " ") + id.get<std::string>();
  return text;
}

}  // namespace

std::string kill_score(const json& zoo) {
  if (zoo.is_null()) return {};
  const json& score = zoo.at("score");
  return score.at("killed").dump() + " of " + score.at("faults").dump() + " faults caught";
}

std::string kills_section(const RunResult& run, const json& zoo) {
  if (zoo.is_null()) return {};
  std::set<std::string> requirements;
  for (const auto& [id, result] : requirement_results(run)) requirements.insert(id);
  List rows;
  const bool whole = zoo.contains("faults");
  for (const json& fault : whole ? zoo.at("faults") : json::array()) {
    if (fault.at("kind") != "fault") continue;
    const std::string status = fault.at("status");
    const json& cells = fault.at("cells");
    Data row = verdict_data(status == "killed" ? Verdict::kPass : Verdict::kFail);
    row["name"] = fault.at("name").get<std::string>();
    row["description"] = fault.at("description").get<std::string>();
    row["status"] = status == "killed" ? "caught" : status;
    row["reached"] = std::to_string(std::count_if(
        cells.begin(), cells.end(), [](const json& cell) { return cell.at("reached") == true; }));
    row["requirements"] = linked(fault.at("requirements"), requirements);
    row["cases"] = listed(fault.at("killed_by"));
    row["some"] = !fault.at("killed_by").empty();
    rows.push_back(row);
  }
  Data data;
  data["killed"] = zoo.at("score").at("killed").dump();
  data["faults"] = zoo.at("score").at("faults").dump();
  data["percent"] = zoo.at("score").at("percent").dump();
  data["whole"] = whole;
  data["rows"] = Data(rows);
  return Template(embedded::kills_mustache).render(data);
}

}  // namespace ws2conform::reports
