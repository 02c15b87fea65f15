// One schedule as the specification draws it: the table of its steps, a column for each actor, and
// the same as a sequence diagram.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/result.hpp"
#include "reports/page/template.hpp"
#include "reports/svg/sequence.hpp"

namespace ws2conform::reports {

// The steps by rows. As in the specification, a step stands beside the one before it when neither
// has to wait for the other; otherwise it begins a row. Each row has a place for each actor, null
// if empty.
using StepRow = std::vector<const StepRecord*>;
std::vector<StepRow> step_rows(const std::vector<StepRecord>& steps);

// A schedule in two parts, for often one of them is as in another schedule.
struct Picture {
  std::string opening;  // what was given, folded; empty where it is among the steps
  std::string steps;    // table and diagram; empty when there are no steps
};

class Figure {
 public:
  Figure();
  Picture render(const ScheduleResult& schedule);

 private:
  svg::Sequence sequence_;
  Template opening_;
  Template template_;
};

}  // namespace ws2conform::reports
