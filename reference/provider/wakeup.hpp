#pragma once

#include <chrono>
#include <mutex>
#include <vector>

namespace ws2 {

// What ended a wait.
enum class Wake { kReady, kNotified, kTimedOut, kFailed };

class ThreadWakeup;

// The threads that are blocked on one socket. Each waits for the descriptor and, with a descriptor
// of its own, for notify_all(): so closing, or another thread that took the octets, wakes it.
class Waiters {
 public:
  // Waits without `lock`, which the caller holds and holds again afterwards, until `fd` is ready
  // for poll's `events` (-1: no descriptor) or notify_all() or `deadline` (as of clock.hpp).
  // kFailed: no descriptor is left to wait with.
  Wake wait(std::unique_lock<std::mutex>& lock, int fd, short events,
            std::chrono::nanoseconds deadline);

  // The lock is held.
  void notify_all() const;
  bool is_empty() const { return waiting_.empty(); }

 private:
  std::vector<ThreadWakeup*> waiting_;
};

}  // namespace ws2
