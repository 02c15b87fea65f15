#include "reports/page/figure.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "reports/actors.hpp"
#include "reports/page/embedded.hpp"
#include "reports/text/clean.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kLongest = 600;  // characters of a call or a result in the table

using Ids = std::set<std::string>;

// For each step all the steps that must have happened before it: those of the same actor that stand
// before it, those named by `after`, and theirs in turn.
std::vector<Ids> ancestors(const std::vector<StepRecord>& steps) {
  std::vector<Ids> all;
  std::map<std::string, Ids> of_step;
  std::map<std::string, std::string> last_of_actor;
  const auto add = [&](Ids& ids, const std::string& id) {
    ids.insert(id);
    const Ids& further = of_step[id];
    ids.insert(further.begin(), further.end());
  };
  for (const StepRecord& step : steps) {
    Ids ids;
    for (const std::string& id : step.after) add(ids, id);
    if (const auto last = last_of_actor.find(step.actor); last != last_of_actor.end())
      add(ids, last->second);
    last_of_actor[step.actor] = step.id;
    of_step[step.id] = ids;
    all.push_back(std::move(ids));
  }
  return all;
}

const char* status_kind(StepRecord::Status status) {
  switch (status) {
    case StepRecord::Status::kMet:
      return "met";
    case StepRecord::Status::kViolated:
      return "violated";
    case StepRecord::Status::kNotReached:
      break;
  }
  return "unreached";
}

Data cell(const StepRecord* step) {
  Data item;
  item["step"] = step != nullptr;
  if (step == nullptr) return item;
  const bool met = step->status == StepRecord::Status::kMet;
  const bool unreached = step->status == StepRecord::Status::kNotReached;
  item["id"] = step->id;
  item["call"] = clip(step->call, kLongest);
  item["kind"] = status_kind(step->status);
  item["as_expected"] = met && (step->observed == step->expected || step->observed.empty());
  item["met"] = met;
  item["violated"] = step->status == StepRecord::Status::kViolated;
  item["unreached"] = unreached;
  item["expected"] = optional(clip(step->expected, kLongest));
  const bool hangs = step->began && !step->ended && !met;
  item["observed"] = step->observed.empty() && hangs ? Data("never returned")
                                                     : optional(clip(step->observed, kLongest));
  return item;
}

Data rows_data(const std::vector<StepRecord>& steps, bool opening) {
  List list;
  for (const StepRow& row : step_rows(steps)) {
    const auto first =
        std::find_if(row.begin(), row.end(), [](auto* step) { return step != nullptr; });
    if ((*first)->opening != opening) continue;
    List cells;
    for (const StepRecord* step : row) cells.push_back(cell(step));
    Data item;
    item["cells"] = Data(cells);
    list.push_back(item);
  }
  return Data(list);
}

}  // namespace

std::vector<StepRow> step_rows(const std::vector<StepRecord>& steps) {
  const std::vector<std::string> names = actors(steps);
  const std::vector<Ids> before = ancestors(steps);
  std::vector<StepRow> rows;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto column = static_cast<std::size_t>(
        std::find(names.begin(), names.end(), steps[i].actor) - names.begin());
    const auto bars = [&](const StepRecord* other) {
      return other != nullptr && (other->actor == steps[i].actor || before[i].contains(other->id) ||
                                  other->opening != steps[i].opening);
    };
    if (rows.empty() || std::any_of(rows.back().begin(), rows.back().end(), bars))
      rows.emplace_back(names.size(), nullptr);
    rows.back()[column] = &steps[i];
  }
  return rows;
}

Figure::Figure() : template_(embedded::figure_mustache) {}

std::string Figure::render(const ScheduleResult& schedule, const std::string& title) {
  if (schedule.steps.empty()) return {};
  List columns;
  for (const std::string& actor : actors(schedule.steps)) {
    Data column;
    column["side"] = side(actor);
    columns.push_back(column);
  }
  Data data;
  data["title"] = title;
  data["width"] = std::to_string(columns.size());
  data["columns"] = Data(columns);
  List groups;
  for (const bool given : {true, false}) {
    Data rows = rows_data(schedule.steps, given);
    if (rows.is_empty_list()) continue;
    Data group;
    group["given"] = given;
    group["rows"] = std::move(rows);
    groups.push_back(group);
  }
  data["groups"] = Data(groups);
  data["svg"] = sequence_.render(schedule.steps, "Sequence of calls and returns: " + title);
  return template_.render(data);
}

}  // namespace ws2conform::reports
