#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "conformance/case/instance.hpp"
#include "conformance/case/loader.hpp"
#include "conformance/case/prohibition.hpp"
#include "conformance/case/relay.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/judge/wording.hpp"
#include "conformance/schedule/schedule.hpp"

namespace ws2conform {
namespace {

constexpr std::size_t kColumn = 46;       // characters of a column of the table
constexpr std::size_t kShownOrders = 64;  // more are counted, not printed

std::vector<std::string> wrap(const std::string& text, std::size_t width) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  std::string word;
  std::string line;
  while (words >> word) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      lines.push_back(line);
      line = "    ";
    }
    line += (line.empty() || line == "    " ? "" : " ") + word;
  }
  lines.push_back(line);
  return lines;
}

// A step as one cell: its call, what it waits for, what must come back.
std::string cell(const Step& step) {
  std::string text = "(" + step.id + ") " + call_text(step);
  const std::string expected = expectation_text(step);
  if (!step.after.empty()) text += fmt::format(" after ({})", fmt::join(step.after, "), ("));
  if (step.by) text += " by (" + *step.by + ")";
  if (!expected.empty()) text += " -> " + expected;
  return text;
}

void print_row(const std::vector<std::string>& actors, const std::string& actor,
               const std::string& text) {
  const auto column =
      static_cast<std::size_t>(std::find(actors.begin(), actors.end(), actor) - actors.begin());
  for (const std::string& line : wrap(text, kColumn - 2)) {
    fmt::print("{}{}\n", std::string(column * kColumn, ' '), line);
  }
}

void print_table(const Case& source, const Instance& instance) {
  std::string header;
  for (const std::string& actor : source.actors) {
    std::string title = actor + " side";
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    header += fmt::format("{:<{}}", title, kColumn);
  }
  fmt::print("\n{}\n{}\n", header, std::string(kColumn * source.actors.size(), '-'));
  if (!instance.opening.empty()) fmt::print("given: {}\n", source.given);
  for (const Step& step : instance.steps) print_row(source.actors, step.actor, cell(step));
  if (instance.rounds > 0) {
    std::string start;
    for (const auto& [name, value] : source.rounds.start)
      start += fmt::format("{}${} = {}", start.empty() ? "" : ", ", name, value);
    fmt::print(
        "{} rounds, one after the other, each in another of the orders below; $round is its "
        "number{}\n",
        instance.rounds, start.empty() ? "" : "; at first " + start);
  }
  for (const RelayRule& rule : instance.relay) {
    fmt::print("relay, {}: {}{}\n", way_of(rule), treatment_text(rule),
               rule.from ? ", from step " + *rule.from : "");
  }
  for (const Prohibition& prohibition : instance.must_not) {
    fmt::print("{}\n", to_string(prohibition));
  }
}

}  // namespace

int show_command(const std::string& case_id, const Options& options) {
  const CaseSet cases =
      load_case_set(options.cases.empty() ? default_cases() : std::filesystem::path(options.cases));
  const auto found = std::find_if(cases.cases.begin(), cases.cases.end(),
                                  [&](const Case& c) { return c.id == case_id; });
  if (found == cases.cases.end()) {
    std::vector<std::string> ids;
    for (const Case& source : cases.cases) ids.push_back(source.id);
    throw UsageError("there is no case \"" + case_id + "\"" + did_you_mean(case_id, ids));
  }
  const Case& source = *found;
  fmt::print("{}\n{} ({}:{})\n", source.title, source.id, source.place.file, source.place.line);
  if (!source.notes.empty()) fmt::print("\n{}\n", source.notes);
  fmt::print("\nrequirements:\n");
  for (const std::string& id : source.requirements) {
    fmt::print("  {:<10} {}\n", id, cases.requirements.at(id).statement);
  }
  if (!source.needs.empty()) fmt::print("needs: {}\n", fmt::join(source.needs, ", "));
  if (!source.lacks.empty()) fmt::print("lacks: {}\n", fmt::join(source.lacks, ", "));
  for (const Axis& axis : source.axes) {
    fmt::print("axis {}: {}\n", axis.name, fmt::join(axis.values, ", "));
  }

  std::string previous;
  for (const Instance& instance : instances(source, "any provider")) {
    const auto too_many = too_many_schedules(instance.steps, options.schedule_limit());
    const ScheduleList list =
        schedules(instance.steps, too_many ? kShownOrders : options.schedule_limit(), options.seed);
    std::string orders;
    for (std::size_t i = 0; i < std::min(list.schedules.size(), kShownOrders); ++i) {
      orders += "  " + to_string(list.schedules[i], instance.steps) + "\n";
    }
    if (list.schedules.size() > kShownOrders || list.sampled) orders += "  ...\n";
    std::string axes = to_string(instance.axes);
    axes = axes.find(',') == std::string::npos ? "" : axes.substr(axes.find(',') + 1);
    if (previous.empty()) print_table(source, instance);
    fmt::print("\n{}{}{}{}; \"6(\" begins a wait, \"6)\" ends it{}\n",
               axes.empty() ? "" : axes + ": ", plural(list.possible - list.together, "schedule"),
               list.together > 0 ? fmt::format(" and {} that issue{} two calls together",
                                               list.together, list.together == 1 ? "s" : "")
                                 : "",
               too_many ? fmt::format(", too many to run them all; --schedules N, up to {}, runs a "
                                      "sample such as this",
                                      kMostSchedules)
               : list.sampled ? fmt::format(", of which {} are run", list.schedules.size())
                              : "",
               list.together > 0 ? ", \"5a+7\" issues two calls together" : "");
    if (instance.rounds > 0) {
      fmt::print("all in one schedule, whose rounds take {} orders in turn\n",
                 schedules_of_rounds(instance).size());
    }
    fmt::print("{}", orders == previous ? "  the same orders as above\n" : orders);
    previous = orders;
  }
  return kHolds;
}

}  // namespace ws2conform
