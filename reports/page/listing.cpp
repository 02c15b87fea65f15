#include <map>

#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kLongestTitle = 1000;  // characters of a reason

std::string reason(const InstanceResult& instance) {
  if (!instance.reason.empty()) return clip(instance.reason, kLongestTitle);
  const ScheduleResult* schedule = telling_schedule(instance);
  if (schedule != nullptr && !schedule->reason.empty())
    return clip(schedule->reason, kLongestTitle);
  return "no reason was recorded";
}

}  // namespace

std::string listing_section(const RunResult& run, const Links& links, Verdict verdict) {
  // By reason: one declared gap leaves many cases out.
  std::vector<std::string> reasons;
  std::map<std::string, List> by_reason;
  for (std::size_t i = 0; i < run.instances.size(); ++i) {
    const InstanceResult& instance = run.instances[i];
    if (instance.verdict != verdict) continue;
    const std::string why = reason(instance);
    if (!by_reason.contains(why)) reasons.push_back(why);
    const ScheduleResult* schedule = telling_schedule(instance);
    Data item;
    item["anchor"] = links.instance(i);
    item["title"] = instance.title;
    item["id"] = instance.case_id;
    item["axes"] = axes(instance.axes);
    item["replay"] =
        schedule == nullptr ? Data(false) : Data(replay_command(schedule->replay_id, run));
    by_reason[why].push_back(item);
  }
  if (reasons.empty()) return {};
  List groups;
  for (const std::string& why : reasons) {
    Data group;
    group["reason"] = why;
    group["open"] = verdict != Verdict::kNotApplicable;
    group["number"] = count(by_reason[why].size(), "instance");
    group["items"] = Data(by_reason[why]);
    groups.push_back(group);
  }
  Data data;
  data["groups"] = Data(groups);
  return Template(embedded::listing_mustache).render(data);
}

}  // namespace ws2conform::reports
