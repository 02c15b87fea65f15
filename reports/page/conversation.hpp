// What was said between the suite and the adapters of one schedule, folded away.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"
#include "reports/page/template.hpp"

namespace ws2conform::reports {

class Conversation {
 public:
  Conversation();

  // Empty when nothing was kept. Of a very long conversation the middle, and of a very long line
  // the end, is left out and counted: a broken adapter may flood, and the history has it all.
  std::string render(const ScheduleResult& schedule);

 private:
  Template template_;
};

}  // namespace ws2conform::reports
