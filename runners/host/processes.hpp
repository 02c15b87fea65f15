// Processes that are not the suite's own children.
#pragma once

#include <chrono>
#include <string>

namespace ws2conform::host {

// Kills every process that has `mark` (NAME=VALUE) in its environment, until there is none.
void end_marked(const std::string& mark);

// What all threads of a process together are about.
struct Activity {
  // Some thread is on a processor, or would be if it got one, or waits for the system itself (for
  // a page, say).
  bool is_ready = false;
  std::chrono::nanoseconds used{};  // time on processors
};

// Of a process that is not there: nothing.
Activity activity_of(int pid);

// The state letter of a process ('T' when a signal has stopped it); 0 when there is none.
char state_of(int pid);

// Whether the process is on its way out: it closes its files one after the other, in an order that
// nobody promises.
bool is_ending(int pid);

}  // namespace ws2conform::host
