// The report a CI server reads.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// JUnit XML: a suite for each area, a test case for each instance (class name "area.case", name the
// axes). JUnit has no word for half of the verdicts:
//   fail, unexpected pass                        -> failure
//   error                                        -> error
//   not applicable, known failure, inconclusive  -> skipped, the message says which
// A run that was cut off has one more suite, "run", whose only test is an error: a reader that
// knows nothing of completeness must not see such a run as green.
std::string junit(const RunResult& run);

}  // namespace ws2conform::reports
