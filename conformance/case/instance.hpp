// A case with one choice for each of its axes, ready to be scheduled: the steps of its opening
// written out, axis names replaced by their values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"

namespace ws2conform {

struct Instance {
  const Case* source = nullptr;  // not owned; outlives the instance
  AxisChoice axes;
  std::string provider;
  std::vector<Step> opening;  // run in this order before every schedule
  std::vector<Step> steps;
  int rounds = 0;  // how often the steps are taken, where the case counts that; 0: once
  std::vector<RelayRule> relay;
  std::vector<Prohibition> must_not;

  // "totals-answered-by-grand-total/provider=stream,notice=FD_CLOSE"
  std::string name() const;
};

// A wait of which the case says `timeout: window`: as long as the suite has found to be enough on
// this implementation for what must not come.
bool is_windowed(const Step& step);

// How many lanes the actor needs.
int lanes_of(const Instance& instance, const std::string& actor);

// The value chosen for an axis, or `otherwise`.
std::string axis_value(const AxisChoice& axes, const std::string& name,
                       const std::string& otherwise);

// Every combination of the case's axes with this provider. Throws InputError where an axis value
// makes no operation of a step.
std::vector<Instance> instances(const Case& source, const std::string& provider);

// The one with these choices, the provider among them; nothing where the case has none such.
std::optional<Instance> find_instance(const Case& source, const AxisChoice& axes);

// The steps that `given` stands for. `steps` are the case's own, axis values in place: network
// events that they or `must_not` name are selected at the end of the opening.
std::vector<Step> opening_steps(const Case& source, const std::vector<Step>& steps,
                                const std::vector<Prohibition>& must_not);

}  // namespace ws2conform
