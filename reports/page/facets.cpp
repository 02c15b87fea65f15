#include "reports/page/facets.hpp"

#include <algorithm>

namespace ws2conform::reports {

std::string provider_of(const InstanceResult& instance) {
  for (const auto& [axis, value] : instance.axes)
    if (axis == "provider") return value;
  return {};
}

std::vector<std::string> providers(const RunResult& run) {
  std::vector<std::string> names;
  for (const InstanceResult& instance : run.instances) {
    const std::string name = provider_of(instance);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::set<std::string> named_requirements(const InstanceResult& instance) {
  std::set<std::string> named(instance.requirements.begin(), instance.requirements.end());
  for (const ScheduleResult& schedule : instance.schedules)
    for (const Violation& violation : schedule.violations)
      named.insert(violation.requirements.begin(), violation.requirements.end());
  return named;
}

Data facets_data(const InstanceResult& instance) {
  std::string requirements;
  for (const std::string& id : named_requirements(instance))
    requirements += (requirements.empty() ? "" : " ") + id;
  Data data = verdict_data(instance.verdict);
  data["provider"] = provider_of(instance);
  data["area"] = instance.area;
  data["requirements"] = requirements;
  return data;
}

}  // namespace ws2conform::reports
