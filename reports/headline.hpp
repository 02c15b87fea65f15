// A run in a few words.
#pragma once

#include <string>

#include "reports/summary.hpp"

namespace ws2conform::reports {

// "Does not conform". Only a documented expectation makes an implementation non-conformant, and
// only a whole run can say that nothing is wrong.
std::string headline(const RunResult& run, const Summary& summary);

// Worst over the instances, those that do not apply aside.
Verdict overall(const RunResult& run);

}  // namespace ws2conform::reports
