#include <algorithm>
#include <map>

#include "reports/page/conversation.hpp"
#include "reports/page/embedded.hpp"
#include "reports/page/facets.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kLongest = 1500;  // characters of what was expected or observed

Data requirements(const RunResult& run, const std::vector<std::string>& ids) {
  List list;
  for (const std::string& id : ids) {
    Data item;
    item["id"] = id;
    item["anchor"] = requirement_anchor(id);
    const auto found = run.requirements.find(id);
    item["known"] = found != run.requirements.end();
    if (found != run.requirements.end()) {
      const Requirement& requirement = found->second;
      item["statement"] = requirement.statement;
      item["level"] = std::string(to_string(requirement.level));
      item["source"] = requirement.source;
      item["provenance"] = word(requirement.provenance);
    }
    list.push_back(item);
  }
  return Data(list);
}

Data violation_data(const RunResult& run, const Violation& violation) {
  Data item;
  item["message"] = clip(violation.message, kLongest);
  item["check"] = optional(violation.check);
  item["step"] = optional(violation.step);
  item["place"] = optional(place(violation.file, violation.line));
  item["provenance"] = word(violation.provenance);
  item["compare"] = !violation.expected.empty() || !violation.observed.empty();
  item["expected"] = clip(violation.expected, kLongest);
  item["observed"] = clip(violation.observed, kLongest);
  item["requirements"] = requirements(run, violation.requirements);
  return item;
}

const char* otherwise(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUnexpectedPass:
      return "It passed, though the baseline lists it as a known failure. Update the baseline.";
    case Verdict::kError:
      return "The adapter or the harness broke before the case could be judged.";
    default:
      return "It failed, and no violation was recorded.";
  }
}

std::string failing_schedules(const InstanceResult& instance) {
  const auto same = std::count_if(instance.schedules.begin(), instance.schedules.end(),
                                  [&](const auto& s) { return s.verdict == instance.verdict; });
  const std::size_t ran = instance.schedules.size();
  if (same == 0 || ran == 1) return {};
  return std::to_string(same) + " of " + count(ran, "schedule") + " run ended like this";
}

class Failure {
 public:
  Failure(const RunResult& run, const Links& links, Figure& figure, Evidence& evidence)
      : run_(run),
        links_(links),
        figure_(figure),
        conversation_(evidence),
        template_(embedded::failure_mustache) {}

  // Instances that failed alike: the first as a whole, of the others what differs.
  std::string render(const std::vector<std::size_t>& alike) {
    const std::size_t index = alike.front();
    const InstanceResult& instance = run_.instances[index];
    const ScheduleResult* schedule = telling_schedule(instance);
    Data data;
    data["verdict"] = verdict_data(instance.verdict);
    data["anchor"] = links_.failure(index);
    data["in_cases"] = links_.instance(index);
    data["title"] = instance.title;
    data["id"] = instance.case_id;
    data["facets"] = facets_data(instance);
    data["also"] = also(alike);
    data["axes"] = axes(instance.axes);
    data["place"] = place(instance.file, instance.line);
    data["failing"] = optional(failing_schedules(instance));
    set_violations(data, instance, schedule);
    data["schedule"] = schedule != nullptr;
    if (schedule != nullptr) {
      data["order"] = optional(schedule->order);
      data["replay"] = replay_command(schedule->replay_id, run_);
      const Picture picture = figure_.render(*schedule);
      data["figure"] = picture.opening + picture.steps;
      data["conversation"] = conversation_.render(*schedule);
    }
    return template_.render(data);
  }

 private:
  Data also(const std::vector<std::size_t>& alike) const {
    if (alike.size() == 1) return Data(false);
    List list;
    for (std::size_t i = 1; i < alike.size(); ++i) {
      const InstanceResult& instance = run_.instances[alike[i]];
      const ScheduleResult* schedule = telling_schedule(instance);
      Data item;
      item["anchor"] = links_.failure(alike[i]);
      item["in_cases"] = links_.instance(alike[i]);
      item["axes"] = axes(instance.axes);
      item["replay"] = schedule ? Data(replay_command(schedule->replay_id, run_)) : Data(false);
      list.push_back(item);
    }
    Data data;
    data["size"] = count(list.size(), "other choice");
    data["list"] = Data(list);
    return data;
  }

  void set_violations(Data& data, const InstanceResult& instance, const ScheduleResult* schedule) {
    std::string reason = instance.reason;
    if (reason.empty() && schedule != nullptr) reason = schedule->reason;
    List first;
    List further;
    if (schedule != nullptr)
      for (const Violation& violation : schedule->violations)
        (first.empty() ? first : further).push_back(violation_data(run_, violation));
    // Where the reason only repeats the violation, which is shown below, it says nothing.
    if (!first.empty() && reason == schedule->violations.front().message) reason.clear();
    data["reason"] = optional(clip(reason, kLongest));
    data["otherwise"] =
        first.empty() && reason.empty() ? Data(otherwise(instance.verdict)) : Data(false);
    data["more"] = further.empty() ? Data(false) : Data(count(further.size(), "further violation"));
    data["first"] = Data(first);
    data["further"] = Data(further);
  }

  const RunResult& run_;
  const Links& links_;
  Figure& figure_;
  Conversation conversation_;
  Template template_;
};

// What an instance failed for, whatever its axes.
std::string failing_of(const InstanceResult& instance) {
  const ScheduleResult* schedule = telling_schedule(instance);
  std::string key = std::string(to_string(instance.verdict)) + '\n' + instance.case_id + '\n';
  if (schedule != nullptr && !schedule->violations.empty())
    return key + schedule->violations.front().check;
  return key + instance.reason;
}

// What the implementation did comes before what broke around it.
std::vector<std::vector<std::size_t>> alike_failures(const RunResult& run) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> group_of;
  for (const Verdict verdict : {Verdict::kFail, Verdict::kError, Verdict::kUnexpectedPass})
    for (std::size_t i = 0; i < run.instances.size(); ++i) {
      if (run.instances[i].verdict != verdict) continue;
      const auto [group, fresh] = group_of.emplace(failing_of(run.instances[i]), groups.size());
      if (fresh) groups.emplace_back();
      groups[group->second].push_back(i);
    }
  return groups;
}

}  // namespace

std::string failures_section(const RunResult& run, const Links& links, Figure& figure,
                             Evidence& evidence) {
  std::string html;
  Failure failure(run, links, figure, evidence);
  for (const std::vector<std::size_t>& alike : alike_failures(run)) html += failure.render(alike);
  return html;
}

}  // namespace ws2conform::reports
