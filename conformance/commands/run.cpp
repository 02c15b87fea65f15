#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <filesystem>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/commands/judged.hpp"
#include "conformance/execution/run_instance.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/judge/baseline.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {
namespace {

// One run: executes instances as GoogleTest asks for them.
class Session {
 public:
  Session(const Options& options, Ensemble& ensemble, HistoryWriter& writer,
          const std::vector<Instance>& chosen, Baseline baseline)
      : settings_{options.edition, options.schedule_limit(), options.seed},
        baseline_(std::move(baseline)),
        ensemble_(ensemble),
        chosen_(chosen),
        writer_(writer),
        runner_(*ensemble.actors, ensemble.casting, settings_, writer) {}

  // `positions`: those of the instances that GoogleTest is about to ask for. A second iteration
  // (--gtest_repeat) plans nothing new.
  void plan(const std::vector<std::size_t>& positions) {
    if (console_) return;
    console_.emplace(positions.size());
    for (const std::size_t position : positions) {
      HistoryInstance planned;
      planned.case_id = chosen_[position].source->id;
      planned.axes = chosen_[position].axes;
      planned.position = position;
      writer_.planned(planned);
    }
  }

  InstanceResult execute(std::size_t position) {
    const Instance& instance = chosen_[position];
    console_->started(instance.name());
    InstanceResult result = under_baseline(runner_.run(instance, ensemble_.gap(instance)));
    schedules_run_ += result.schedules.size();
    console_->finished(result);
    return result;
  }

  // What ended the run before its time, to be thrown again once GoogleTest has returned.
  void failed(std::exception_ptr failure) {
    if (!failure_) failure_ = std::move(failure);
  }
  bool failed() const { return failure_ != nullptr; }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  std::size_t schedules_run() const { return schedules_run_; }

 private:
  InstanceResult under_baseline(InstanceResult result) const {
    RunResult alone;
    alone.instances.push_back(std::move(result));
    apply_baseline(baseline_, alone);
    return std::move(alone.instances.front());
  }

  const RunSettings settings_;
  const Baseline baseline_;  // empty where there is none
  Ensemble& ensemble_;
  const std::vector<Instance>& chosen_;
  HistoryWriter& writer_;
  InstanceRunner runner_;
  std::optional<Console> console_;
  std::size_t schedules_run_ = 0;
  std::exception_ptr failure_;
};

class InstanceTest : public testing::Test {
 public:
  InstanceTest(Session& run, std::size_t position) : run_(run), position_(position) {}

  void TestBody() override {
    if (run_.failed()) GTEST_SKIP() << "the run has ended before";
    InstanceResult result;
    try {
      result = run_.execute(position_);
    } catch (...) {
      run_.failed(std::current_exception());
      FAIL() << "the run ends here";
    }
    switch (result.verdict) {
      case Verdict::kPass:
      case Verdict::kKnownFailure:
        break;
      case Verdict::kNotApplicable:
      case Verdict::kInconclusive:
        GTEST_SKIP() << to_string(result.verdict) << ": " << result.reason;
        break;
      default:
        ADD_FAILURE_AT(result.file.c_str(), result.line)
            << to_string(result.verdict) << ": " << result.reason;
    }
  }

 private:
  Session& run_;
  std::size_t position_;
};

// GoogleTest's filters give '-' a meaning of their own.
std::string gtest_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// The instances as GoogleTest's tests.
class Registry : public testing::EmptyTestEventListener {
 public:
  Registry(Session& run, const std::vector<Instance>& chosen) : run_(run) {
    for (std::size_t position = 0; position < chosen.size(); ++position) {
      const Instance& instance = chosen[position];
      const std::string suite = gtest_name(instance.source->id);
      const std::string name = gtest_name(to_string(instance.axes));
      positions_[suite + "." + name] = position;
      testing::RegisterTest(
          suite.c_str(), name.c_str(), nullptr, nullptr, instance.source->place.file.c_str(),
          instance.source->place.line,
          [&run, position]() -> InstanceTest* { return new InstanceTest(run, position); });
    }
  }

  // By now filters and shards have been applied.
  void OnTestIterationStart(const testing::UnitTest& tests, int) override {
    std::vector<std::size_t> positions;
    for (int s = 0; s < tests.total_test_suite_count(); ++s) {
      const testing::TestSuite& suite = *tests.GetTestSuite(s);
      for (int t = 0; t < suite.total_test_count(); ++t) {
        const testing::TestInfo& test = *suite.GetTestInfo(t);
        if (!test.should_run()) continue;
        positions.push_back(positions_.at(std::string(suite.name()) + "." + test.name()));
      }
    }
    run_.plan(positions);
  }

 private:
  Session& run_;
  std::map<std::string, std::size_t> positions_;
};

int run_all_tests(std::unique_ptr<Registry> registry) {
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (!testing::GTEST_FLAG(list_tests)) {
    delete listeners.Release(listeners.default_result_printer());
  }
  listeners.Append(registry.release());
  return RUN_ALL_TESTS();
}

std::unique_ptr<HistoryWriter> new_history(const std::filesystem::path& path) {
  try {
    return std::make_unique<HistoryWriter>(path);
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

int run_command(const Options& options) {
  options.schedule_limit();
  export_shard(options);
  const std::filesystem::path folder =
      options.report.empty() ? default_report() : std::filesystem::path(options.report);
  Ensemble ensemble = assemble(options);
  const std::vector<Instance> chosen = selected_instances(ensemble, options);
  const std::filesystem::path history_path = folder / "history.jsonl";

  const bool only_list = testing::GTEST_FLAG(list_tests);
  if (!only_list) make_folder(folder);
  std::unique_ptr<HistoryWriter> writer = new_history(only_list ? "/dev/null" : history_path);
  HistoryHeader header = header_of(ensemble, options);
  header.baseline = baseline_json(options, ensemble.cases);
  writer->header(header);
  Session run(options, ensemble, *writer, chosen,
              header.baseline.is_null() ? Baseline{} : baseline_from(header.baseline));
  auto registry = std::make_unique<Registry>(run, chosen);
  if (only_list) return run_all_tests(std::move(registry));
  const host::Clock::time_point start = host::Clock::now();
  const bool all_passed = run_all_tests(std::move(registry)) == 0;
  run.rethrow();
  writer->footer(run.schedules_run(), host::Clock::now() - start);
  writer.reset();

  const RunResult result = judge_history(ensemble.cases, read_history(history_path));
  fmt::print("{}{}", failures_text(result), summary_text(result));
  write_report(result, folder);
  fmt::print("report: {}\n", (folder / "index.html").string());
  const ExitCode code = exit_code(result);
  if ((code == kHolds || code == kInconclusiveExit) && !all_passed) {
    throw std::logic_error("GoogleTest and the judge disagree on the run");
  }
  return code;
}

}  // namespace ws2conform
