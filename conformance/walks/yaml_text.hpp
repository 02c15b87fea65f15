// A walk as a file that can be kept among the cases.
#pragma once

#include <string>

#include "conformance/case/model.hpp"

namespace ws2conform::walks {

// Cases as derive() makes them: with one axis at most, without readings, alternatives and relay
// rules.
std::string yaml_text(const Case& walk);

}  // namespace ws2conform::walks
