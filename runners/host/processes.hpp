// Processes that are not the suite's own children.
#pragma once

#include <string>

namespace ws2conform::host {

// Kills every process that has `mark` (NAME=VALUE) in its environment, until there is none.
void end_marked(const std::string& mark);

// The state letter of a process ('T' when a signal has stopped it); 0 when there is none.
char state_of(int pid);

}  // namespace ws2conform::host
