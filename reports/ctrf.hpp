// Common Test Report Format (ctrf.io), version 0.0.0 of its specification, for tools that merge and
// show the results of many runners.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// A JSON document. An instance is a test; its verdict in the suite's own words is `rawStatus`.
std::string ctrf(const RunResult& run);

}  // namespace ws2conform::reports
