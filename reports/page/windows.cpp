// How the windows of the run were calibrated.

#include <algorithm>
#include <map>

#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/svg/histogram.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

using std::chrono::nanoseconds;

std::string note(std::vector<nanoseconds> values, const char* noun) {
  std::sort(values.begin(), values.end());
  return count(values.size(), noun) + ": " + duration(values.front()) + " to " +
         duration(values.back()) + ", median " + duration(values[values.size() / 2]);
}

void add_plot(const std::string& title, const char* noun, const std::vector<nanoseconds>& values,
              List& plots) {
  if (values.empty()) return;
  Data item;
  item["title"] = title;
  item["note"] = note(values, noun);
  item["svg"] = svg::plot(svg::histogram(values), title);
  plots.push_back(item);
}

}  // namespace

WindowTally tally_windows(const RunResult& run) {
  WindowTally tally;
  for (const InstanceResult& instance : run.instances) {
    for (const ScheduleResult& schedule : instance.schedules) {
      if (schedule.windows.empty()) continue;
      tally.cases.insert(instance.case_id);
      ++tally.schedules;
    }
  }
  return tally;
}

std::string windows_section(const RunResult& run) {
  std::vector<nanoseconds> slowest;
  std::vector<nanoseconds> lengths;
  for (const InstanceResult& instance : run.instances) {
    for (const ScheduleResult& schedule : instance.schedules) {
      if (schedule.slowest_opening > nanoseconds::zero())
        slowest.push_back(schedule.slowest_opening);
      for (const Window& window : schedule.windows) lengths.push_back(window.length);
    }
  }
  if (slowest.empty() && lengths.empty()) return {};
  const WindowTally tally = tally_windows(run);
  List plots;
  add_plot("The slowest call of an opening", "schedule", slowest, plots);
  add_plot("How long the windows were", "window", lengths, plots);
  List cases;
  for (const std::string& id : tally.cases) {
    Data item;
    item["id"] = id;
    item["anchor"] = case_anchor(id);
    item["last"] = id == *tally.cases.rbegin();
    cases.push_back(item);
  }
  Data data;
  data["windowed"] = !tally.cases.empty();
  data["cases"] = count(tally.cases.size(), "case");
  data["names"] = Data(cases);
  data["plots"] = Data(plots);
  return Template(embedded::windows_mustache).render(data);
}

}  // namespace ws2conform::reports
