// Ctrl-C and SIGTERM.
#pragma once

#include <functional>
#include <thread>

namespace ws2conform {

// While it lives, the first SIGINT or SIGTERM calls `action`, in a thread of its own; the second
// ends the program as it would without.
class OnInterrupt {
 public:
  explicit OnInterrupt(std::function<void()> action);
  ~OnInterrupt();
  OnInterrupt(const OnInterrupt&) = delete;
  OnInterrupt& operator=(const OnInterrupt&) = delete;

 private:
  int pipe_[2];
  std::thread thread_;
};

}  // namespace ws2conform
