#include "conformance/judge/verdict.hpp"

#include "conformance/judge/result.hpp"

namespace ws2conform {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kNotApplicable:
      return "not applicable";
    case Verdict::kKnownFailure:
      return "known failure";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kUnexpectedPass:
      return "unexpected pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kError:
      return "error";
  }
  return "";
}

Verdict RunResult::verdict() const {
  Verdict verdict = Verdict::kPass;
  for (const InstanceResult& instance : instances) verdict = worst(verdict, instance.verdict);
  return verdict;
}

}  // namespace ws2conform
