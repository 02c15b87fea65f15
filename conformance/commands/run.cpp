#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/judge/judge.hpp"
#include "reports/write.hpp"

namespace ws2conform {
namespace {

// One run: executes instances as GoogleTest asks for them and writes the history.
class Runner {
 public:
  Runner(const Options& options, Ensemble& ensemble, HistoryWriter& writer, std::size_t total)
      : options_(options), ensemble_(ensemble), writer_(writer), console_(total) {}

  // The first line of what went wrong, and where: for GoogleTest. Empty when nothing did.
  struct Outcome {
    Verdict verdict = Verdict::kPass;
    std::string message;
    std::string file;
    int line = 0;
  };

  Outcome execute(const Instance& instance) {
    console_.started(instance.name());
    const std::string gap = ensemble_.gap(instance);
    ScheduleList list;
    if (gap.empty()) list = schedules(instance.steps, options_.schedule_limit(), options_.seed);
    writer_.instance({instance.source->id, instance.axes, list.possible, gap, 0});
    InstanceResult result;
    result.case_id = instance.source->id;
    result.axes = instance.axes;
    if (!gap.empty()) {
      result.verdict = Verdict::kNotApplicable;
      result.reason = gap;
    } else {
      walk_all(instance, list, result);
    }
    console_.finished(result);
    return {result.verdict, result.reason, instance.source->place.file, line_};
  }

  std::size_t schedules_run() const { return schedules_run_; }

 private:
  // A call that hangs, or an adapter that breaks, costs a time-out or a restart each time: after a
  // few of them the verdict is clear and the rest is left out, which the history says.
  void walk_all(const Instance& instance, const ScheduleList& list, InstanceResult& result) {
    constexpr std::size_t kMostBreakdowns = 3;
    std::size_t breakdowns = 0;
    for (const Schedule& schedule : list.schedules) {
      if (breakdowns == kMostBreakdowns) break;
      if (walk(instance, schedule, result)) ++breakdowns;
    }
    const std::size_t left_out = list.schedules.size() - result.schedules.size();
    if (left_out > 0) writer_.left_out({instance.source->id, instance.axes, 0, "", 0}, left_out);
  }

  // Whether the conversation with an adapter broke.
  bool walk(const Instance& instance, const Schedule& schedule, InstanceResult& result) {
    ScheduleHistory described;
    described.case_id = instance.source->id;
    described.axes = instance.axes;
    described.order = to_string(schedule, instance.steps);
    described.replay_id = replay_id(instance.name(), described.order);
    writer_.begin(described);
    Walk walk(*ensemble_.actors, ensemble_.casting, instance, options_.edition,
              [&](const Event& event) { writer_.event(event); });
    ScheduleHistory history = walk.run(schedule);
    described.events = std::move(history.events);
    described.duration = history.duration;
    described.complete = true;
    writer_.end(described);
    ++schedules_run_;
    ScheduleResult judged = judge_schedule(instance, described, options_.edition);
    if (judged.verdict > result.verdict) {
      result.reason = judged.violations.empty() ? judged.reason : judged.violations.front().message;
      line_ =
          judged.violations.empty() ? instance.source->place.line : judged.violations.front().line;
    }
    result.verdict = worst(result.verdict, judged.verdict);
    judged.conversation.clear();
    judged.steps.clear();
    result.schedules.push_back(std::move(judged));
    return std::any_of(described.events.begin(), described.events.end(),
                       [](const Event& event) { return event.kind == Event::Kind::kBreakdown; });
  }

  const Options& options_;
  Ensemble& ensemble_;
  HistoryWriter& writer_;
  Console console_;
  std::size_t schedules_run_ = 0;
  int line_ = 0;
};

class InstanceTest : public testing::Test {
 public:
  InstanceTest(Runner& run, const Instance& instance) : run_(run), instance_(instance) {}

  void TestBody() override {
    const Runner::Outcome outcome = run_.execute(instance_);
    switch (outcome.verdict) {
      case Verdict::kPass:
      case Verdict::kKnownFailure:
        break;
      case Verdict::kNotApplicable:
      case Verdict::kInconclusive:
        GTEST_SKIP() << to_string(outcome.verdict) << ": " << outcome.message;
        break;
      default:
        ADD_FAILURE_AT(outcome.file.c_str(), outcome.line)
            << to_string(outcome.verdict) << ": " << outcome.message;
    }
  }

 private:
  Runner& run_;
  const Instance& instance_;
};

// GoogleTest's filters give '-' a meaning of their own.
std::string gtest_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

void apply_shard(const std::string& shard) {
  if (shard.empty()) return;
  int index = 0;
  int total = 0;
  char end = 0;
  if (std::sscanf(shard.c_str(), "%d/%d%c", &index, &total, &end) != 2 || index < 1 ||
      index > total) {
    throw UsageError("--shard takes I/N with I from 1 to N, not \"" + shard + "\"");
  }
  ::setenv("GTEST_SHARD_INDEX", std::to_string(index - 1).c_str(), 1);
  ::setenv("GTEST_TOTAL_SHARDS", std::to_string(total).c_str(), 1);
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw UsageError(
        fmt::format("the report folder {} cannot be made: {}", folder.string(), error.message()));
  }
}

ExitCode exit_code(const RunResult& result) {
  const auto any = [&](Verdict verdict) {
    return std::any_of(result.instances.begin(), result.instances.end(),
                       [&](const InstanceResult& i) { return i.verdict == verdict; });
  };
  const bool said_something = any(Verdict::kPass) || any(Verdict::kFail) ||
                              any(Verdict::kKnownFailure) || any(Verdict::kUnexpectedPass) ||
                              any(Verdict::kInconclusive);
  if (any(Verdict::kError) && !said_something) return kNotDriven;
  if (any(Verdict::kFail) || any(Verdict::kUnexpectedPass) || any(Verdict::kError))
    return kViolated;
  return any(Verdict::kInconclusive) ? kInconclusiveExit : kHolds;
}

}  // namespace

int run_command(const Options& options) {
  options.schedule_limit();
  apply_shard(options.shard);
  const std::filesystem::path folder =
      options.report.empty() ? default_report() : std::filesystem::path(options.report);
  Ensemble ensemble = assemble(options);
  const std::vector<Instance> chosen = selected_instances(ensemble, options);
  const std::filesystem::path history_path = folder / "history.jsonl";

  const bool only_list = testing::GTEST_FLAG(list_tests);
  if (!only_list) make_folder(folder);
  std::unique_ptr<HistoryWriter> writer;
  try {
    writer = std::make_unique<HistoryWriter>(only_list ? "/dev/null" : history_path);
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
  writer->header(header_of(ensemble, options));
  Runner run(options, ensemble, *writer, chosen.size());
  for (const Instance& instance : chosen) {
    testing::RegisterTest(
        gtest_name(instance.source->id).c_str(), gtest_name(to_string(instance.axes)).c_str(),
        nullptr, nullptr, instance.source->place.file.c_str(), instance.source->place.line,
        [&run, &instance]() -> InstanceTest* { return new InstanceTest(run, instance); });
  }
  if (only_list) return RUN_ALL_TESTS();
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  const host::Clock::time_point start = host::Clock::now();
  const bool all_passed = RUN_ALL_TESTS() == 0;
  writer->footer(run.schedules_run(), host::Clock::now() - start);
  writer.reset();

  const RunResult result = judge_history(ensemble.cases, read_history(history_path));
  for (const InstanceResult& instance : result.instances) {
    if (instance.verdict > Verdict::kKnownFailure) {
      fmt::print("{}", failure_text(instance, result));
    }
  }
  reports::write(result, folder);
  fmt::print("{}report: {}\n", summary_text(result), (folder / "index.html").string());
  const ExitCode code = exit_code(result);
  if ((code == kHolds || code == kInconclusiveExit) && !all_passed) {
    throw std::logic_error("GoogleTest and the judge disagree on the run");
  }
  return code;
}

}  // namespace ws2conform
