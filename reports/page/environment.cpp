#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {

std::string environment_section(const RunResult& run) {
  List implementations;
  for (const ImplementationInfo& info : run.implementations) {
    Data item;
    item["role"] = info.role;
    item["iut"] = info.iut;
    item["implementation"] = info.implementation;
    item["version"] = info.version;
    implementations.push_back(item);
  }
  Data data;
  data["implementations"] = Data(implementations);
  List options;
  for (const auto& [name, value] : run.options) {
    Data item;
    item["name"] = name;
    item["value"] = value;
    options.push_back(item);
  }
  data["options"] = Data(options);
  data["machine"] = run.machine;
  data["command_line"] = run.command_line;
  data["started"] = moment(run.started);
  data["duration"] = duration(run.duration);
  data["suite_version"] = run.suite_version;
  data["case_set"] = run.case_set;
  data["edition"] = run.edition;
  data["complete"] = run.complete;
  return Template(embedded::environment_mustache).render(data);
}

}  // namespace ws2conform::reports
