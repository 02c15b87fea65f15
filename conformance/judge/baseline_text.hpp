// Baselines as text: writing one, and changing one no more than is needed.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/baseline.hpp"

namespace ws2conform {

// The failures of a run that has been judged without a baseline, one for each expectation and
// choice of axes. Their reasons are empty.
std::vector<KnownFailure> failures_of(const RunResult& run);

// A new file.
std::string baseline_text(const std::string& implementation, const std::string& suite_version,
                          const std::vector<KnownFailure>& failures);

struct BaselineUpdate {
  std::string text;
  std::size_t kept = 0;
  std::size_t added = 0;    // reasons to be written by a person
  std::size_t removed = 0;  // they no longer happen
  std::size_t changed = 0;  // another expectation is violated now
};

// `text` is that of `old`, which must have its failures as a block sequence ("- case: ..."). Lines
// of what still fails stay as they are, comments, reasons and order included; what no longer fails
// in `run` goes, with the comment right above it; what is new comes after the last of its case. A
// line that `run` says nothing about, because no instance of it ran to its end, stays.
// Throws InputError where the failures are written otherwise.
BaselineUpdate update_baseline(const std::string& text, const Baseline& old, const RunResult& run);

}  // namespace ws2conform
