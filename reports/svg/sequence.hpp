// Sequence diagrams of a schedule, as inline SVG.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/result.hpp"
#include "reports/page/template.hpp"

namespace ws2conform::reports::svg {

class Sequence {
 public:
  Sequence();

  // One <svg> element; `name` is what assistive technology reads in its place (the step table
  // beside it says the same in words). Needs the report's style sheet for its colours.
  std::string render(const std::vector<StepRecord>& steps, const std::string& name,
                     const std::vector<WireMark>& wire = {});

 private:
  Template template_;
};

}  // namespace ws2conform::reports::svg
