// What a person sees while a run goes on and when it ends.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform {

// On a terminal a line that is written over and over; elsewhere a line for each case and its axes.
class Console {
 public:
  explicit Console(std::size_t total);

  void started(const std::string& name);
  void finished(const InstanceResult& result);

 private:
  void clear();

  std::size_t total_;
  std::size_t done_ = 0;
  std::size_t bad_ = 0;
  bool terminal_;
};

// "teardown/x: step 3 (...)", requirement, place, replay command: several lines.
std::string failure_text(const InstanceResult& instance, const RunResult& run);

// Counts, verdicts and time: a few lines.
std::string summary_text(const RunResult& run);

}  // namespace ws2conform
