#include "reports/page/figure.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "conformance/history/ports.hpp"
#include "reports/actors.hpp"
#include "reports/page/embedded.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kLongestCell = 600;  // characters of a call or a result in the table

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

using Status = StepRecord::Status;

// Of two runs, or of two choices of axes, the pictures are the same where only ports differ.
std::vector<StepRecord> with_port_names(std::vector<StepRecord> steps) {
  PortNames names;
  for (StepRecord& step : steps)
    for (std::string* text : {&step.call, &step.expected, &step.observed}) *text = names(*text);
  return steps;
}

// The CSS class of a step's cell; none for one that went as expected.
const char* kind(Status status) {
  return status == Status::kViolated ? "violated" : "unreached";
}

// What a step that went as expected came back with.
std::string met_result(const StepRecord& step) {
  const std::string& text = step.observed.empty() ? step.expected : step.observed;
  return text.empty() ? "as expected" : clip(text, kLongestCell);
}

Data comparison(const StepRecord& step) {
  const bool hangs = step.began && !step.ended;
  Data item;
  item["expected"] = step.expected.empty() ? "to return" : clip(step.expected, kLongestCell);
  item["observed"] = !step.observed.empty()               ? clip(step.observed, kLongestCell)
                     : hangs                              ? "never returned"
                     : step.status == Status::kNotReached ? "○ not reached"
                                                          : "nothing";
  item["violated"] = step.status == Status::kViolated;
  return item;
}

Data cell(const StepRecord* step) {
  Data item;
  item["step"] = step != nullptr;
  if (step == nullptr) return item;
  const bool met = step->status == Status::kMet;
  item["id"] = step->id;
  item["call"] = clip(step->call, kLongestCell);
  item["kind"] = met ? Data(false) : Data(kind(step->status));
  item["result"] = met ? Data(met_result(*step)) : Data(false);
  item["compare"] = met ? Data(false) : comparison(*step);
  return item;
}

// The opening as a list to be folded, where all of it went as expected; else false.
Data folded_opening(const std::vector<StepRecord>& steps) {
  List list;
  for (const StepRecord& step : steps) {
    if (!step.opening) continue;
    if (step.status != Status::kMet) return Data(false);
    Data item;
    item["side"] = side(step.actor);
    item["call"] = clip(step.call, kLongestCell);
    item["result"] = met_result(step);
    list.push_back(item);
  }
  if (list.empty()) return Data(false);
  Data data;
  data["size"] = count(list.size(), "step");
  data["steps"] = Data(list);
  return data;
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

Figure::Figure() : opening_(embedded::opening_mustache), template_(embedded::figure_mustache) {}

Picture Figure::render(const ScheduleResult& schedule) {
  if (schedule.steps.empty()) return {};
  const std::vector<StepRecord> steps = with_port_names(schedule.steps);
  List columns;
  for (const std::string& actor : actors(steps)) columns.push_back(Data("side", side(actor)));
  const Data opening = folded_opening(steps);
  Data data;
  data["columns"] = Data(columns);
  List groups;
  for (const bool given : {true, false}) {
    if (given && !opening.is_false()) continue;
    Data rows = rows_data(steps, given);
    if (rows.is_empty_list()) continue;
    Data group;
    group["opening"] = given;
    group["width"] = std::to_string(columns.size());
    group["rows"] = std::move(rows);
    groups.push_back(group);
  }
  data["groups"] = Data(groups);
  // Of what passed there are too many pictures for the size that a report may have.
  const bool shows_wire = schedule.verdict != Verdict::kPass;
  data["svg"] = sequence_.render(steps, "Calls and returns in their order",
                                 shows_wire ? schedule.wire : std::vector<WireMark>());
  return {opening.is_false() ? std::string() : opening_.render(opening), template_.render(data)};
}

}  // namespace ws2conform::reports
