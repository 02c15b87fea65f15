#include "conformance/judge/judge.hpp"

#include <fmt/format.h>

#include <map>

#include "conformance/case/loader.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/judged.hpp"
#include "conformance/history/merge.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/judge/baseline.hpp"
#include "reports/write.hpp"

namespace ws2conform {
namespace {

// Where today's judge comes to another verdict than the run did.
std::string changes_text(const History& history, const RunResult& result) {
  std::string text;
  for (std::size_t i = 0; i < result.instances.size(); ++i) {
    const HistoryInstance& recorded = history.instances[i];
    // The run's own is from before any baseline.
    std::string verdict(to_string(result.instances[i].verdict));
    if (verdict == "known failure") verdict = "fail";
    if (verdict == "unexpected pass") verdict = "pass";
    if (!recorded.ended || recorded.verdict == verdict) continue;
    text += fmt::format("changed: {} was {} when it ran and is {} now\n", recorded.name(),
                        recorded.verdict, verdict);
  }
  return text;
}

// --baseline instead of that of the run.
std::optional<nlohmann::json> given_baseline(const Options& options, const CaseSet& cases) {
  if (options.baseline.empty()) return std::nullopt;
  return baseline_json(options, cases);
}

JudgedHistory finished(Intake& intake, History history,
                       const std::optional<nlohmann::json>& baseline) {
  if (baseline) history.header.baseline = *baseline;
  RunResult result = intake.judging.result(history);
  return {std::move(history), std::move(result), std::move(intake.cells)};
}

}  // namespace

CaseSet cases_of(const Options& options) {
  return load_case_set(options.cases.empty() ? default_cases()
                                             : std::filesystem::path(options.cases));
}

JudgedHistory judged_histories(const std::vector<std::string>& files, const CaseSet& cases,
                               const std::optional<nlohmann::json>& baseline) {
  Intake intake(cases);
  std::vector<History> histories;
  for (const std::string& file : files) {
    histories.push_back(
        read_history(file, [&](const History& so_far, const ScheduleHistory& schedule) {
          intake.take(so_far, schedule);
        }));
  }
  return finished(intake, merge(std::move(histories)), baseline);
}

nlohmann::json baseline_json(const Options& options, const CaseSet& cases) {
  if (options.baseline.empty()) return nullptr;
  const Baseline baseline = load_baseline(options.baseline);
  check_baseline(baseline, cases);
  return to_json(baseline);
}

namespace {

// What was asked then may be another thing than what is expected now.
void tell_of_changed_cases(const History& history, const CaseSet& cases) {
  if (history.header.case_set == cases.hash) return;
  fmt::print("the cases have changed since the run: {} then, {} now\n", history.header.case_set,
             cases.hash);
}

}  // namespace

int judge_command(const std::vector<std::string>& files, const Options& options) {
  const CaseSet cases = cases_of(options);
  const auto [history, result, cells] =
      judged_histories(files, cases, given_baseline(options, cases));
  fmt::print("{}", verdicts_text(result));
  tell_of_changed_cases(history, cases);
  fmt::print("{}", changes_text(history, result));
  return exit_code(result);
}

namespace {

// The runs that the files are of, in their order: shards make one together, anything else is one by
// itself.
std::vector<JudgedHistory> runs_of(const std::vector<std::string>& files, const CaseSet& cases,
                                   const Options& options) {
  const auto baseline = given_baseline(options, cases);
  std::vector<JudgedHistory> runs;
  std::vector<History> shards;
  Intake of_shards(cases);
  std::size_t place = 0;
  for (const std::string& file : files) {
    Intake alone(cases);
    const auto is_shard = [](const History& history) {
      return history.header.options.contains("shard");
    };
    History history =
        read_history(file, [&](const History& so_far, const ScheduleHistory& schedule) {
          (is_shard(so_far) ? of_shards : alone).take(so_far, schedule);
        });
    if (!is_shard(history)) {
      runs.push_back(finished(alone, std::move(history), baseline));
      continue;
    }
    if (shards.empty()) place = runs.size();
    shards.push_back(std::move(history));
  }
  if (!shards.empty()) {
    runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(place),
                finished(of_shards, merge(std::move(shards)), baseline));
  }
  return runs;
}

int compare(std::vector<JudgedHistory> judged, const std::filesystem::path& folder,
            const Options& options) {
  std::vector<reports::ComparedRun> runs;
  for (JudgedHistory& run : judged) {
    const std::string own = std::to_string(runs.size() + 1);
    runs.push_back({std::move(run.result), own + "/index.html"});
    write_report(runs.back().run, run.cells, folder / own, options);
  }
  write_comparison(runs, folder, options);
  fmt::print("comparison of {} runs: {}\n", runs.size(), (folder / "index.html").string());
  return exit_code(runs.back().run);
}

}  // namespace

int report_command(const std::vector<std::string>& files, const std::string& folder,
                   const Options& options) {
  const CaseSet cases = cases_of(options);
  std::vector<JudgedHistory> runs = runs_of(files, cases, options);
  for (const JudgedHistory& run : runs) tell_of_changed_cases(run.history, cases);
  if (runs.size() > 1 || !options.matrix.empty()) return compare(std::move(runs), folder, options);
  const RunResult& result = runs.front().result;
  write_report(result, runs.front().cells, folder, options);
  fmt::print("{}report: {}\n", summary_text(result),
             (std::filesystem::path(folder) / "index.html").string());
  fmt::print("{}", annotations_text(result, options));
  return exit_code(result);
}

}  // namespace ws2conform
