// What a badge service shows of a run.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// JSON as the "endpoint" badges of shields.io read it.
std::string badge(const RunResult& run);

}  // namespace ws2conform::reports
