// Whether a process that is late can be blamed for it.
#pragma once

#include <chrono>

#include "runners/host/processes.hpp"

namespace ws2conform::host {

// Of a process that has not done in time what it should, from now on.
class Lateness {
 public:
  explicit Lateness(int pid) : pid_(pid), used_(activity_of(pid).used) {}

  // It would go on, and has had too little of a processor since to be blamed. No longer than half a
  // minute: it may wait for the system for ever.
  bool is_excused() const {
    const Activity activity = activity_of(pid_);
    return activity.is_ready && activity.used - used_ < kEnough &&
           std::chrono::steady_clock::now() < since_ + kLongest;
  }

 private:
  static constexpr std::chrono::milliseconds kEnough{100};
  static constexpr std::chrono::seconds kLongest{30};

  int pid_;
  std::chrono::nanoseconds used_;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace ws2conform::host
