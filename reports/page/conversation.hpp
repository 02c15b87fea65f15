// What was said between the suite and the adapters of one schedule, folded away.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"
#include "reports/page/evidence.hpp"
#include "reports/page/template.hpp"

namespace ws2conform::reports {

class Conversation {
 public:
  explicit Conversation(Evidence& evidence);

  // Empty when nothing was kept. Of a very long conversation the middle, and of a very long line
  // the end, is left out and counted, for a broken adapter may flood: then, and where the page has
  // grown large enough already, the whole of it stands beside the page.
  std::string render(const ScheduleResult& schedule);

 private:
  Evidence& evidence_;
  Template template_;
};

}  // namespace ws2conform::reports
