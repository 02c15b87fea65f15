// Verdicts and how they combine.
#pragma once

#include <algorithm>
#include <string_view>

namespace ws2conform {

// Ordered from best to worst, so that the worst of several is their maximum.
enum class Verdict {
  kPass,
  kNotApplicable,   // the provider does not claim what the case needs
  kKnownFailure,    // failed as the baseline says
  kInconclusive,    // ran, and neither holds nor is violated
  kUnexpectedPass,  // the baseline says it fails, and it does not
  kFail,            // an expectation or an invariant is violated
  kError,           // adapter or harness broke; never absorbed by a baseline
};

inline constexpr Verdict kAllVerdicts[] = {
    Verdict::kPass,         Verdict::kNotApplicable,  Verdict::kKnownFailure,
    Verdict::kInconclusive, Verdict::kUnexpectedPass, Verdict::kFail,
    Verdict::kError,
};

constexpr Verdict worst(Verdict a, Verdict b) {
  return std::max(a, b);
}

// The word users read: "pass", "not applicable", "known failure", ...
std::string_view to_string(Verdict verdict);

}  // namespace ws2conform
