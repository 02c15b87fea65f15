#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <filesystem>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/interrupt.hpp"
#include "conformance/commands/judged.hpp"
#include "conformance/commands/session.hpp"
#include "conformance/commands/summary.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {
namespace {

class InstanceTest : public testing::Test {
 public:
  InstanceTest(Session& run, std::size_t position) : run_(run), position_(position) {}

  void TestBody() override {
    if (run_.failed()) GTEST_SKIP() << "the run has ended before";
    InstanceResult result;
    try {
      result = run_.result(position_);
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

// A new history, or one that was cut off.
std::unique_ptr<HistoryWriter> open_history(const std::filesystem::path& path,
                                            const EarlierSessions* earlier) {
  try {
    if (earlier != nullptr) {
      return std::make_unique<HistoryWriter>(path, earlier->history.end);
    }
    return std::make_unique<HistoryWriter>(path);
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

int list_tests(const Options& options, const Ensemble& ensemble,
               const std::vector<Instance>& chosen) {
  HistoryWriter nowhere("/dev/null");
  Session session(options, ensemble, nowhere, chosen, {}, nullptr);
  return run_all_tests(std::make_unique<Registry>(session, chosen));
}

int finish(const Options& options, const CaseSet& cases, const std::filesystem::path& history,
           bool interrupted, bool all_passed) {
  Intake intake(cases);
  Windows windows;
  const History recorded =
      read_history(history, [&](const History& so_far, const ScheduleHistory& schedule) {
        intake.take(so_far, schedule);
        windows.take(schedule);
      });
  const RunResult result = intake.judging.result(recorded);
  const Terminal terminal = this_terminal();
  fmt::print("{}{}",
             terminal.interactive ? screen_text(result, terminal)
                                  : failures_text(result) + summary_text(result),
             windows.text());
  const std::filesystem::path folder = history.parent_path();
  write_report(result, intake.cells, folder, options);
  fmt::print("report: {}\n", (folder / "index.html").string());
  fmt::print("{}", annotations_text(result, options));
  if (interrupted) {
    fmt::print("interrupted; to go on: ws2conform run --resume {}\n", history.string());
  }
  const ExitCode code = exit_code(result);
  if ((code == kHolds || code == kInconclusiveExit) && !all_passed && !interrupted) {
    throw std::logic_error("GoogleTest and the judge disagree on the run of " + options.iut);
  }
  return code;
}

// A run, or the rest of one.
int run_session(const Options& options, const EarlierSessions* earlier, Ensemble& ensemble) {
  const std::vector<Instance> chosen = selected_instances(ensemble, options);
  if (testing::GTEST_FLAG(list_tests)) return list_tests(options, ensemble, chosen);
  const std::filesystem::path folder =
      options.report.empty() ? default_report() : std::filesystem::path(options.report);
  make_folder(folder);
  HistoryHeader header = header_of(ensemble, options);
  header.baseline =
      earlier ? earlier->history.header.baseline : baseline_json(options, ensemble.cases);
  const std::filesystem::path path =
      earlier ? std::filesystem::path(earlier->history.file) : folder / "history.jsonl";
  std::unique_ptr<HistoryWriter> writer = open_history(path, earlier);
  if (earlier) {
    writer->resumed(header.started, header.command_line);
  } else {
    writer->header(header);
  }
  ensemble.relay.capture =
      std::make_shared<relay::CaptureFile>(folder / "relay.pcapng", earlier != nullptr);
  bool all_passed = false;
  bool interrupted = false;
  {
    Session session(options, ensemble, *writer, chosen, header, earlier);
    const host::Clock::time_point start = host::Clock::now();
    auto registry = std::make_unique<Registry>(session, chosen);
    {
      const OnInterrupt on_interrupt([&session] { session.interrupt(); });
      all_passed = run_all_tests(std::move(registry)) == 0;
    }
    session.rethrow();
    interrupted = session.interrupted();
    if (!interrupted) {
      const auto before = earlier ? earlier->history.duration : std::chrono::nanoseconds{};
      writer->footer(session.schedules_run(), before + (host::Clock::now() - start));
    }
  }
  writer->flush();
  writer.reset();
  return finish(options, ensemble.cases, path, interrupted, all_passed);
}

int resume(const Options& given) {
  // What has run of it is judged when the cases are known.
  History history =
      read_history(given.resume, [](const History& /*so_far*/, const ScheduleHistory& /*one*/) {});
  const Options options = resumed_options(given, history);
  testing::GTEST_FLAG(filter) = options.gtest_filter;
  export_shard(options);
  Ensemble ensemble = assemble(options);
  const EarlierSessions earlier = earlier_sessions(std::move(history), ensemble.cases);
  return run_session(options, &earlier, ensemble);
}

}  // namespace

int run_command(const Options& given) {
  if (!given.resume.empty()) return resume(given);
  Options options = given;
  options.gtest_filter = testing::GTEST_FLAG(filter);
  options.schedule_limit();
  export_shard(options);
  Ensemble ensemble = assemble(options);
  return run_session(options, nullptr, ensemble);
}

}  // namespace ws2conform
