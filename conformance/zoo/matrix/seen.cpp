#include "conformance/zoo/matrix/seen.hpp"

#include "conformance/judge/judge.hpp"

namespace ws2conform::zoo {
namespace {

constexpr std::string_view kReached = "zoo: reached";

const Step* find_step(const Instance& instance, const std::string& id) {
  for (const auto* steps : {&instance.steps, &instance.opening}) {
    for (const Step& step : *steps) {
      if (step.id == id) return &step;
    }
  }
  return nullptr;
}

// "OPERATION ASPECT", from "step ID ASPECT"; invariants have names already.
std::string check_of(const Instance& instance, const std::string& step_id,
                     const std::string& check) {
  const std::string prefix = "step " + step_id + " ";
  const Step* step = find_step(instance, step_id);
  if (step == nullptr || check.rfind(prefix, 0) != 0) return check;
  return step->operation + " " + check.substr(prefix.size());
}

}  // namespace

Seen look(const Instance& instance, const ScheduleHistory& history, const std::string& edition) {
  const ScheduleResult result = judge_schedule(instance, history, edition);
  Seen seen;
  seen.red = result.verdict == Verdict::kFail || result.verdict == Verdict::kError;
  for (const Event& event : history.events) {
    if (event.kind == Event::Kind::kStderr &&
        event.body->value("text", "").find(kReached) != std::string::npos) {
      seen.reached = true;
    }
    // What broke where no verdict on the implementation is possible, in the opening say.
    if (event.kind == Event::Kind::kBreakdown && seen.red && result.violations.empty()) {
      const Step* step = find_step(instance, event.step);
      const std::string kind = event.body->value("kind", "");
      seen.check = (step ? step->operation + " " : "") + (kind == "silent" ? "hang" : kind);
      seen.message = result.reason;
    }
  }
  if (!result.violations.empty()) {
    const Violation& first = result.violations.front();
    seen.check = check_of(instance, first.step, first.check);
    seen.message = first.message;
  } else if (seen.red && seen.check.empty()) {
    seen.check = "error";
    seen.message = result.reason;
  }
  return seen;
}

}  // namespace ws2conform::zoo
