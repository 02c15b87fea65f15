#include "reports/readings.hpp"

#include <fmt/format.h>

#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

Data seen_data(const ReadingSeen& seen) {
  Data item;
  item["name"] = seen.name;
  item["meaning"] = optional(seen.meaning);
  item["schedules"] = count(seen.schedules, "schedule");
  List places;
  for (const ReadingPlace& place : seen.places) {
    Data where;
    where["case"] = place.case_id;
    where["case_anchor"] = case_anchor(place.case_id);
    where["providers"] = optional(fmt::format("{}", fmt::join(place.providers, ", ")));
    places.push_back(where);
  }
  item["places"] = Data(places);
  return item;
}

}  // namespace

std::string readings_section(const RunResult& run) {
  const std::vector<ReadingsOfRequirement> list = readings(run);
  if (list.empty()) return {};
  List rows;
  for (const ReadingsOfRequirement& entry : list) {
    Data row;
    row["id"] = entry.requirement;
    row["anchor"] = requirement_anchor(entry.requirement);
    row["question"] = optional(entry.question);
    List seen;
    for (const ReadingSeen& reading : entry.seen) seen.push_back(seen_data(reading));
    row["seen"] = Data(seen);
    row["unseen"] = optional(fmt::format("{}", fmt::join(entry.unseen, ", ")));
    rows.push_back(row);
  }
  Data data;
  data["rows"] = Data(rows);
  return Template(embedded::readings_mustache).render(data);
}

}  // namespace ws2conform::reports
