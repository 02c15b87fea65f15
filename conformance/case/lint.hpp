// What is wrong with a case beyond its own syntax.
#pragma once

#include "conformance/case/model.hpp"

namespace ws2conform {

// Throws InputError, with file and line, for the first thing that is wrong: requirements that do
// not exist, steps that wait for one another, names used before they have a value, calls that would
// never return, events that nobody selected.
void lint(const Case& source, const Requirements& requirements);

}  // namespace ws2conform
