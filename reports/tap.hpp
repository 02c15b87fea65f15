// The report as the Test Anything Protocol, version 14.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// A test point for each instance. What does not apply is skipped; known failures and what stayed
// inconclusive are `not ok` with a TODO, which harnesses report and do not count; a run that was
// cut off bails out.
std::string tap(const RunResult& run);

}  // namespace ws2conform::reports
