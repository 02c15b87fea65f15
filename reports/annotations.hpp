// What GitHub shows beside the lines of a change.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// Workflow commands, a line each: failures and errors as errors at the line of the case that is
// violated, what stayed inconclusive as warnings, known failures as notices.
std::string annotations(const RunResult& run);

}  // namespace ws2conform::reports
