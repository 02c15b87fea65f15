// What one schedule on a faulty implementation showed.
#pragma once

#include <string>

#include "conformance/case/instance.hpp"
#include "conformance/history/event.hpp"

namespace ws2conform::zoo {

struct Seen {
  bool red = false;
  bool reached = false;  // the fault made a difference
  std::string check;     // that was red: "OPERATION ASPECT", or an invariant's ID
  std::string message;
};

Seen look(const Instance& instance, const ScheduleHistory& history, const std::string& edition);

}  // namespace ws2conform::zoo
