#include "reports/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/text/clean.hpp"

namespace ws2conform::reports {
namespace {

std::string provider_of(const InstanceResult& instance) {
  for (const auto& [axis, value] : instance.axes)
    if (axis == "provider") return value;
  return {};
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end())
    list.push_back(text);
}

// The element of which `member` has this value; made where there is none.
template <typename Element>
Element& element(std::vector<Element>& list, std::string Element::*member,
                 const std::string& value) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Element& element) { return element.*member == value; });
  if (found != list.end()) return *found;
  list.emplace_back().*member = value;
  return list.back();
}

void add(ReadingsOfRequirement& entry, const std::string& reading, const InstanceResult& instance) {
  ReadingSeen& seen = element(entry.seen, &ReadingSeen::name, reading);
  ++seen.schedules;
  add_once(element(seen.places, &ReadingPlace::case_id, instance.case_id).providers,
           provider_of(instance));
}

void explain(ReadingsOfRequirement& entry, const Requirement& requirement) {
  entry.question = requirement.statement;
  for (const auto& [name, meaning] : requirement.readings) {
    const auto seen =
        std::find_if(entry.seen.begin(), entry.seen.end(),
                     [&name = name](const ReadingSeen& other) { return other.name == name; });
    if (seen == entry.seen.end())
      entry.unseen.push_back(name);
    else
      seen->meaning = meaning;
  }
}

}  // namespace

std::vector<ReadingsOfRequirement> readings(const RunResult& run) {
  std::map<std::string, ReadingsOfRequirement> by_id;
  for (const InstanceResult& instance : run.instances) {
    for (const ScheduleResult& schedule : instance.schedules) {
      std::set<std::pair<std::string, std::string>> shown;
      for (const StepRecord& step : schedule.steps)
        if (!step.reading.empty()) shown.insert({step.requirement, step.reading});
      for (const auto& [requirement, reading] : shown) {
        ReadingsOfRequirement& entry = by_id[requirement];
        entry.requirement = requirement;
        add(entry, reading, instance);
      }
    }
  }
  std::vector<ReadingsOfRequirement> list;
  for (auto& [id, entry] : by_id) {
    // Where calls race, which comes first is another in each run.
    std::sort(entry.seen.begin(), entry.seen.end(),
              [](const ReadingSeen& a, const ReadingSeen& b) { return a.name < b.name; });
    const auto requirement = run.requirements.find(id);
    if (requirement != run.requirements.end()) explain(entry, requirement->second);
    list.push_back(std::move(entry));
  }
  return list;
}

std::vector<std::string> providers(const ReadingSeen& seen) {
  std::vector<std::string> all;
  for (const ReadingPlace& place : seen.places)
    for (const std::string& provider : place.providers) add_once(all, provider);
  return all;
}

std::string readings_text(const RunResult& run) {
  const std::vector<ReadingsOfRequirement> list = readings(run);
  if (list.empty()) return {};
  std::string text = "readings seen where the specification is ambiguous, each of them allowed:\n";
  for (const ReadingsOfRequirement& entry : list) {
    std::string line;
    for (const ReadingSeen& seen : entry.seen) {
      line += (line.empty() ? "" : "; ") + seen.name;
      const std::vector<std::string> where = providers(seen);
      if (!where.empty()) line += fmt::format(" ({})", fmt::join(where, ", "));
    }
    text += "  " + clean(entry.requirement) + "  " + clean(line) + "\n";
  }
  return text;
}

}  // namespace ws2conform::reports
