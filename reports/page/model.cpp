// How much of the cases the model explored.

#include <cstdint>
#include <map>
#include <string>

#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;

std::size_t number(const json& object, const char* name) {
  return object.at(name).get<std::uint64_t>();
}

std::size_t sampled_cases(const json& model) {
  std::size_t sampled = 0;
  for (const json& one : model.at("cases")) sampled += number(one, "sampled") > 0 ? 1 : 0;
  return sampled;
}

std::size_t explored_cases(const json& model) {
  const json& cases = model.at("totals").at("cases");
  return number(cases, "agrees") + number(cases, "justified") + number(cases, "disagrees");
}

// The sign and the colour of what the model says of a case.
Data seen_as(const std::string& verdict) {
  const std::map<std::string, Verdict> alike = {{"agrees", Verdict::kPass},
                                                {"justified", Verdict::kKnownFailure},
                                                {"disagrees", Verdict::kFail},
                                                {"outside", Verdict::kNotApplicable}};
  Data data = verdict_data(alike.at(verdict));
  data["word"] = verdict;
  return data;
}

Data findings(const json& one) {
  List list;
  for (const json& finding : one.at("findings")) {
    Data item;
    item["finding"] = finding.at("finding").get<std::string>();
    item["message"] = clip(finding.at("message").get<std::string>(), 600);
    item["place"] =
        place(finding.at("file").get<std::string>(), static_cast<int>(number(finding, "line")));
    item["because"] = optional(finding.value("because", ""));
    list.push_back(item);
  }
  return Data(list);
}

Data remarks(const json& one) {
  List list;
  for (const auto& [reason, instances] : one.at("outside").items())
    list.push_back(Data("note", reason + ": " + count(instances.get<std::uint64_t>(), "instance")));
  if (number(one, "sampled") > 0)
    list.push_back(Data("note", "sampled: " + count(number(one, "sampled"), "instance")));
  return Data(list);
}

Data modelled(const json& one) {
  Data row = seen_as(one.at("verdict").get<std::string>());
  row["id"] = one.at("id").get<std::string>();
  row["instances"] = grouped(number(one, "instances"));
  row["schedules"] = grouped(number(one, "schedules"));
  row["states"] = grouped(number(one, "states"));
  row["sampled"] = number(one, "sampled") > 0;
  row["notes"] = remarks(one);
  row["findings"] = findings(one);
  return row;
}

}  // namespace

std::string model_states(const json& model) {
  if (model.is_null()) return {};
  std::string text = grouped(number(model.at("totals"), "states")) + " states of " +
                     count(explored_cases(model), "case");
  if (const std::size_t sampled = sampled_cases(model); sampled > 0)
    text += ", " + grouped(sampled) + " sampled";
  if (const auto odd = number(model.at("totals").at("cases"), "disagrees"); odd > 0)
    text += ", " + grouped(odd) + " not as modelled";
  return text;
}

std::string model_section(const json& model) {
  if (model.is_null()) return {};
  List rows;
  for (const json& one : model.at("cases")) rows.push_back(modelled(one));
  const json& totals = model.at("totals");
  Data data;
  data["implementation"] = model.at("implementation").get<std::string>();
  data["edition"] = model.at("edition").get<std::string>();
  data["cases"] = count(model.at("cases").size(), "case");
  data["explored"] = grouped(explored_cases(model));
  for (const char* verdict : {"agrees", "justified", "disagrees", "outside"}) {
    const std::size_t cases = number(totals.at("cases"), verdict);
    data[verdict] = cases == 0 ? Data(false) : Data(grouped(cases));
  }
  data["states"] = grouped(number(totals, "states"));
  data["bound"] = grouped(number(model.at("bounds"), "states"));
  data["samples"] = grouped(number(model.at("bounds"), "samples"));
  data["rows"] = Data(rows);
  return Template(embedded::model_mustache).render(data);
}

}  // namespace ws2conform::reports
