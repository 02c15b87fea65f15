// The order in which the actors of a case are shown.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// Each actor once: the client first, as in the specification's table, the others as they come.
std::vector<std::string> actors(const std::vector<StepRecord>& steps);

// "Client side", "Second client side".
std::string side(const std::string& actor);

}  // namespace ws2conform::reports
