// What became different from one run of an implementation to the next.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

struct Change {
  enum class Kind {
    kRegressed,          // held, or was not looked at, and fails now
    kNewlyInconclusive,  // was decided, and is no longer
    kFixed,              // did not pass, and passes now
    kJudgedDifferently,  // any other verdict, or it fails for another check
    kOnlyBefore,         // is in the earlier run alone
    kOnlyAfter,
  };
  Kind kind = Kind::kJudgedDifferently;
  const InstanceResult* before = nullptr;  // null for kOnlyAfter
  const InstanceResult* after = nullptr;   // null for kOnlyBefore
};

// By kind as above, within one in the order of the later run. Points into both.
std::vector<Change> changes(const RunResult& before, const RunResult& after);

// "regressed", "newly inconclusive" ...
const char* words(Change::Kind kind);

}  // namespace ws2conform::reports
