#include <fmt/format.h>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {
namespace {

// The schedule with that ID, among all that the run command would run with these options.
std::optional<std::pair<Instance, Schedule>> find_schedule(const std::string& id,
                                                           const Ensemble& ensemble,
                                                           const Options& options) {
  for (const Case& source : ensemble.cases.cases) {
    for (const std::string& provider : ensemble.providers) {
      for (Instance& instance : instances(source, provider)) {
        // Of those `run` ran none.
        if (too_many_schedules(instance.steps, options.schedule_limit())) continue;
        const ScheduleList list = schedules(instance, options.schedule_limit(), options.seed);
        for (const Schedule& schedule : list.schedules) {
          if (replay_id(instance.name(), to_string(schedule, instance.steps)) == id) {
            return std::pair{std::move(instance), schedule};
          }
        }
      }
    }
  }
  return std::nullopt;
}

const char* direction(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kCall:
    case Event::Kind::kVerdict:
      return "->";
    case Event::Kind::kStderr:
    case Event::Kind::kBreakdown:
      return "!!";
    case Event::Kind::kRelay:
      return "~~";
    case Event::Kind::kComputed:
    case Event::Kind::kRound:
    case Event::Kind::kIndication:
      return "==";
    default:
      return "<-";
  }
}

}  // namespace

int replay_command(const std::string& id, const Options& options) {
  Ensemble ensemble = assemble(options);
  const auto found = find_schedule(id, ensemble, options);
  if (!found) {
    throw UsageError("no schedule of these cases and implementations has the ID " + id +
                     " (IDs of a sample need the same --schedules and --seed as the run)");
  }
  const auto& [instance, schedule] = *found;
  const std::string order = order_text(instance, schedule);
  fmt::print("{}\n{}\nschedule: {}\n\n", instance.source->title, instance.name(), order);
  const std::string gap = ensemble.gap(instance);
  if (!gap.empty()) {
    fmt::print("not applicable: {}\n", gap);
    return kHolds;
  }
  const auto tell = [](const Event& event) {
    fmt::print("{:>9.3f} ms  {:<8} {:<8} {} {}\n",
               std::chrono::duration<double, std::milli>(event.at).count(), event.actor,
               event.step.empty() ? "" : "(" + event.step + ")", direction(event.kind),
               event.body->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  };
  Walk walk(*ensemble.actors, ensemble.casting, instance, {instance, options.edition}, tell);
  ScheduleHistory history = walk.run(schedule);
  history.order = order;
  history.replay_id = id;
  const ScheduleResult result = judge_schedule(instance, history, options.edition);
  fmt::print("\n");
  for (const StepRecord& step : result.steps) {
    if (step.opening) continue;
    const char* mark = step.status == StepRecord::Status::kMet        ? "met"
                       : step.status == StepRecord::Status::kViolated ? "VIOLATED"
                                                                      : "not reached";
    fmt::print("({}) {} {}\n      expected: {}\n      observed: {}  [{}]\n", step.id, step.actor,
               step.call, step.expected, step.observed, mark);
  }
  for (const Violation& violation : result.violations) {
    fmt::print("\n{}\n  written at {}:{}\n", violation.message, violation.file, violation.line);
  }
  if (!result.reason.empty()) fmt::print("\n{}\n", result.reason);
  fmt::print("\n{}\n", to_string(result.verdict));
  return result.verdict == Verdict::kPass    ? kHolds
         : result.verdict == Verdict::kError ? kNotDriven
                                             : kViolated;
}

}  // namespace ws2conform
