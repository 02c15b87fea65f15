#pragma once

#include <functional>

namespace ws2conform {

// Is given what `reset` does, and has to do it; for an implementation that can tell more of itself
// than its API.
using AroundReset = std::function<void(const std::function<void()>& reset)>;

// The adapter as a program: reads its command line, serves until its standard input ends. Returns
// the exit status: 0, 2 for a wrong command line, 3 when the implementation cannot be used.
int adapter_program(int argc, char** argv, const AroundReset& around_reset = {});

}  // namespace ws2conform
