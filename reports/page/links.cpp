#include "reports/page/links.hpp"

#include <set>

#include "reports/text/format.hpp"

namespace ws2conform::reports {

std::string case_anchor(const std::string& case_id) {
  return "case-" + anchor(case_id);
}

std::string requirement_anchor(const std::string& id) {
  return "req-" + anchor(id);
}

std::string area_anchor(const std::string& area) {
  return "area-" + anchor(area);
}

bool needs_attention(Verdict verdict) {
  return verdict >= Verdict::kUnexpectedPass;
}

Links::Links(const RunResult& run) {
  std::set<std::string> taken;
  for (const InstanceResult& instance : run.instances) {
    std::string name = case_anchor(instance.case_id) + "--";
    for (const auto& [axis, value] : instance.axes) name += "." + anchor(value);
    std::string unique = name;
    for (int next = 2; !taken.insert(unique).second; ++next)
      unique = name + "--" + std::to_string(next);
    instances_.push_back(unique);
  }
}

std::string Links::failure(std::size_t index) const {
  return "failure-" + instances_[index];
}

}  // namespace ws2conform::reports
