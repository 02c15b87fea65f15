#include "reports/badge.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/headline.hpp"

namespace ws2conform::reports {
namespace {

const char* color(Verdict verdict, bool whole) {
  switch (verdict) {
    case Verdict::kPass:
      return whole ? "brightgreen" : "lightgrey";
    case Verdict::kKnownFailure:
      return whole ? "green" : "lightgrey";
    case Verdict::kNotApplicable:
      return "lightgrey";
    case Verdict::kInconclusive:
      return "yellow";
    case Verdict::kUnexpectedPass:
    case Verdict::kError:
    case Verdict::kFail:
      break;
  }
  return "orange";
}

}  // namespace

std::string badge(const RunResult& run) {
  const Summary summary = summarize(run);
  const std::size_t passed = summary.instances.at(Verdict::kPass);
  const bool failed = summary.instances.at(Verdict::kFail) > 0;
  const bool whole = run.complete && passed > 0;
  std::string message = fmt::format("{} of {} pass", passed, summary.applicable());
  if (!run.complete) message += ", cut off";
  const nlohmann::json badge = {{"schemaVersion", 1},
                                {"label", "Winsock 2 conformance"},
                                {"message", message},
                                {"color", failed ? "red" : color(overall(run), whole)},
                                {"isError", overall(run) >= Verdict::kUnexpectedPass}};
  return badge.dump() + "\n";
}

}  // namespace ws2conform::reports
