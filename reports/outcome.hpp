// What the formats for machines say of an instance, in words.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

std::string joined(const std::vector<std::string>& texts);  // by spaces

// "teardown/data" and "totals" become "teardown.data.totals".
std::string class_name(const InstanceResult& instance);

// The first sentence a reader of the CI page sees.
std::string message(const InstanceResult& instance);

// Title, place, every violation of the telling schedule, and how to run that again.
std::string details(const RunResult& run, const InstanceResult& instance);

}  // namespace ws2conform::reports
