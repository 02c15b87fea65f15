#include <algorithm>
#include <map>
#include <set>
#include <utility>
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

// Parts of an instance that another one shows, in words, by that one.
using Alike = std::map<std::size_t, std::string>;

class CasePage {
 public:
  CasePage(const RunResult& run, const Links& links, Figure& figure)
      : run_(run), links_(links), figure_(figure), template_(embedded::case_mustache) {}

  std::string render(const std::string& id, const Case& shown) {
    given_.clear();
    drawn_.clear();
    listed_.clear();
    is_open_ = false;
    const InstanceResult& any = run_.instances[shown.instances.front()];
    List instances;
    for (const std::size_t index : shown.instances) instances.push_back(instance_data(index));
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
  Data instance_data(std::size_t index) {
    const InstanceResult& instance = run_.instances[index];
    const std::size_t ran = instance.schedules.size();
    Data item;
    item["instance_anchor"] = links_.instance(index);
    item["axes"] = axes(instance.axes);
    item["facets"] = facets_data(instance);
    item["instance_verdict"] = verdict_data(instance.verdict);
    item["reason"] = optional(clip(instance.reason, 1000));
    item["failure"] = needs_attention(instance.verdict) ? Data(links_.failure(index)) : Data(false);
    item["schedules"] =
        ran == 0 ? Data(false) : Data(part(ran, std::max(instance.schedules_possible, ran)));
    item["many"] = std::max(instance.schedules_possible, ran) != 1;
    item["sampled"] = instance.schedules_possible > ran;
    Alike alike;
    set_figure(item, index, alike);
    set_orders(item, index, alike);
    item["notes"] = notes(instance);
    item["alike"] = references(alike);
    // What shows nothing of its own needs no folding.
    const bool plain = item["figure"].is_false() && item["given"].is_false() &&
                       item["orders"].is_false() && item["notes"].is_empty_list();
    item["element"] = plain ? "div" : "details";
    item["heading"] = plain ? "p" : "summary";
    item["plain"] = plain;
    item["open"] = !plain && !std::exchange(is_open_, true);
    return item;
  }

  // Axes often change nothing that can be seen: what was given and what followed stand once each
  // and are referred to after that.
  void set_figure(Data& item, std::size_t index, Alike& alike) {
    const InstanceResult& instance = run_.instances[index];
    item["figure"] = false;
    item["given"] = false;
    if (instance.schedules.empty() || needs_attention(instance.verdict)) return;
    const ScheduleResult* schedule = telling_schedule(instance);
    const Picture picture = figure_.render(*schedule);
    set_part(item, "given", picture.opening, given_, index, "what was given", alike);
    if (set_part(item, "figure", picture.steps, drawn_, index, "steps and sequence", alike))
      item["drawn_order"] = optional(schedule->order);
  }

  // So do lists of orders, and they can be long; one that has a finding is always shown.
  void set_orders(Data& item, std::size_t index, Alike& alike) {
    const InstanceResult& instance = run_.instances[index];
    std::string key;
    bool passed = true;
    for (const ScheduleResult& schedule : instance.schedules) {
      key += schedule.order + '\n';
      passed = passed && schedule.verdict == Verdict::kPass;
    }
    item["orders"] = false;
    if (instance.schedules.empty()) return;
    const auto [earlier, fresh] = listed_.emplace(key, index);
    if (fresh || !passed) {
      item["orders"] = orders(run_, instance);
    } else {
      add(alike[earlier->second], "schedules");
    }
  }

  // A part of the page, or a reference to the instance that has the same; whether it is shown.
  static bool set_part(Data& item, const char* name, const std::string& html,
                       std::map<std::string, std::size_t>& shown, std::size_t index,
                       const char* words, Alike& alike) {
    if (html.empty()) return false;
    const auto [earlier, fresh] = shown.emplace(html, index);
    if (fresh) {
      item[name] = html;
    } else {
      add(alike[earlier->second], words);
    }
    return fresh;
  }

  static void add(std::string& parts, const char* words) {
    parts += (parts.empty() ? "" : ", ") + std::string(words);
  }

  Data references(const Alike& alike) const {
    List list;
    for (const auto& [index, parts] : alike) {
      Data item;
      item["parts"] = parts;
      item["several"] = alike.size() > 1;
      item["link"] = links_.instance(index);
      item["axes"] = axes(run_.instances[index].axes);
      list.push_back(item);
    }
    return Data(list);
  }

  const RunResult& run_;
  const Links& links_;
  Figure& figure_;
  Template template_;
  bool is_open_ = false;  // an instance of this case is: the first that has something to show
  // Of this case, what it shows and whose that is.
  std::map<std::string, std::size_t> given_;
  std::map<std::string, std::size_t> drawn_;
  std::map<std::string, std::size_t> listed_;
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
