#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "reports/page/embedded.hpp"
#include "reports/page/facets.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kOrders = 200;  // schedules without a finding that are listed one by one

// A case with the positions of its instances in the run.
struct Case {
  std::vector<std::size_t> instances;
  Combined combined;
};

// The schedules of an instance: those that did not pass all and first, of the others up to a bound.
Data orders(const RunResult& run, const InstanceResult& instance) {
  List list;
  std::size_t passed = 0;
  for (const bool pass : {false, true})
    for (const ScheduleResult& schedule : instance.schedules) {
      if ((schedule.verdict == Verdict::kPass) != pass) continue;
      if (pass && ++passed > kOrders) continue;
      Data item;
      item["order"] = schedule.order.empty() ? std::string("in the order written") : schedule.order;
      item["finding"] = pass ? Data(false) : verdict_data(schedule.verdict);
      item["replay"] = pass ? Data(false) : Data(replay_command(schedule.replay_id, run));
      list.push_back(item);
    }
  Data data;
  data["list"] = Data(list);
  data["rest"] = passed > kOrders ? Data(std::to_string(passed - kOrders)) : Data(false);
  return data;
}

// What an instance deviates in without failing for it: as its baseline says, or from an expectation
// that is never held against anyone.
Data notes(const InstanceResult& instance) {
  List list;
  std::vector<std::string> seen;
  if (!needs_attention(instance.verdict))
    for (const ScheduleResult& schedule : instance.schedules)
      for (const Violation& violation : schedule.violations) {
        if (std::find(seen.begin(), seen.end(), violation.message) != seen.end()) continue;
        seen.push_back(violation.message);
        Data item;
        item["message"] = clip(violation.message, 600);
        item["provenance"] = word(violation.provenance);
        item["place"] = place(violation.file, violation.line);
        list.push_back(item);
      }
  return Data(list);
}

class CasePage {
 public:
  CasePage(const RunResult& run, const Links& links, Figure& figure)
      : run_(run), links_(links), figure_(figure), template_(embedded::case_mustache) {}

  std::string render(const std::string& id, const Case& shown) {
    drawn_.clear();
    listed_.clear();
    const InstanceResult& any = run_.instances[shown.instances.front()];
    List instances;
    for (const std::size_t index : shown.instances)
      instances.push_back(instance_data(index, instances.empty()));
    List requirements;
    for (const std::string& requirement : any.requirements) {
      Data item;
      item["requirement"] = requirement;
      item["requirement_anchor"] = requirement_anchor(requirement);
      requirements.push_back(item);
    }
    Data data;
    std::size_t ran = 0;
    std::set<std::string> named;
    for (const std::size_t index : shown.instances) {
      ran += run_.instances[index].schedules.size();
      named.merge(named_requirements(run_.instances[index]));
    }
    data["ran"] = std::to_string(ran);
    data["area"] = any.area;
    std::string names;
    for (const std::string& name : named) names += (names.empty() ? "" : " ") + name;
    data["named"] = names;
    data["anchor"] = case_anchor(id);
    data["id"] = id;
    data["title"] = any.title;
    data["place"] = place(any.file, any.line);
    data["verdict"] = verdict_data(shown.combined.verdict().value_or(Verdict::kPass));
    data["size"] = count(shown.instances.size(), "instance");
    data["requirements"] = Data(requirements);
    data["instances"] = Data(instances);
    return template_.render(data);
  }

 private:
  Data instance_data(std::size_t index, bool first) {
    const InstanceResult& instance = run_.instances[index];
    const std::size_t ran = instance.schedules.size();
    Data item;
    item["instance_anchor"] = links_.instance(index);
    item["axes"] = axes(instance.axes);
    item["facets"] = facets_data(instance);
    item["instance_verdict"] = verdict_data(instance.verdict);
    item["reason"] = optional(clip(instance.reason, 1000));
    item["failure"] = needs_attention(instance.verdict) ? Data(links_.failure(index)) : Data(false);
    item["schedules"] = part(ran, std::max(instance.schedules_possible, ran));
    item["many"] = std::max(instance.schedules_possible, ran) != 1;
    item["sampled"] = instance.schedules_possible > ran;
    item["open"] = first;
    set_orders(item, index);
    item["notes"] = notes(instance);
    set_figure(item, index);
    return item;
  }

  // Axes often change nothing that can be seen: a picture stands once and is referred to after
  // that.
  void set_figure(Data& item, std::size_t index) {
    const InstanceResult& instance = run_.instances[index];
    item["figure"] = false;
    item["same_as"] = false;
    if (instance.schedules.empty() || needs_attention(instance.verdict)) return;
    const ScheduleResult* schedule = telling_schedule(instance);
    const std::string picture = figure_.render(*schedule, instance.title);
    if (picture.empty()) return;
    const auto [earlier, fresh] = drawn_.emplace(picture, index);
    if (fresh) {
      item["figure"] = picture;
      item["drawn_order"] = optional(schedule->order);
    } else {
      item["same_as"] = links_.instance(earlier->second);
      item["same_axes"] = axes(run_.instances[earlier->second].axes);
    }
  }

  // So do lists of orders, and they can be long; one that has a finding is always shown.
  void set_orders(Data& item, std::size_t index) {
    const InstanceResult& instance = run_.instances[index];
    std::string key;
    bool passed = true;
    for (const ScheduleResult& schedule : instance.schedules) {
      key += schedule.order + '\n';
      passed = passed && schedule.verdict == Verdict::kPass;
    }
    item["orders"] = false;
    item["orders_as"] = false;
    if (instance.schedules.empty()) return;
    const auto [earlier, fresh] = listed_.emplace(key, index);
    if (fresh || !passed) {
      item["orders"] = orders(run_, instance);
    } else {
      item["orders_as"] = links_.instance(earlier->second);
      item["orders_axes"] = axes(run_.instances[earlier->second].axes);
    }
  }

  const RunResult& run_;
  const Links& links_;
  Figure& figure_;
  Template template_;
  std::map<std::string, std::size_t> listed_;  // orders of this case, and whose they are
  std::map<std::string, std::size_t> drawn_;   // pictures of this case, and whose they are
};

}  // namespace

std::string cases_section(const RunResult& run, const Links& links, Figure& figure) {
  std::map<std::string, std::map<std::string, Case>> areas;
  for (std::size_t i = 0; i < run.instances.size(); ++i) {
    Case& entry = areas[run.instances[i].area][run.instances[i].case_id];
    entry.instances.push_back(i);
    entry.combined.add(run.instances[i].verdict);
  }
  CasePage page(run, links, figure);
  Template heading(embedded::area_mustache);
  std::string html;
  for (const auto& [name, cases] : areas) {
    Data area;
    area["name"] = name.empty() ? std::string("no area") : name;
    area["size"] = count(cases.size(), "case");
    std::string within;
    for (const auto& [id, entry] : cases) within += page.render(id, entry);
    area["cases"] = std::move(within);
    html += heading.render(area);
  }
  return html;
}

}  // namespace ws2conform::reports
