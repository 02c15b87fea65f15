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

History under_baseline(History history, const Options& options, const CaseSet& cases) {
  if (!options.baseline.empty()) history.header.baseline = baseline_json(options, cases);
  return history;
}

}  // namespace

CaseSet cases_of(const Options& options) {
  return load_case_set(options.cases.empty() ? default_cases()
                                             : std::filesystem::path(options.cases));
}

History read_histories(const std::vector<std::string>& files) {
  std::vector<History> histories;
  for (const std::string& file : files) histories.push_back(read_history(file));
  return merge(std::move(histories));
}

nlohmann::json baseline_json(const Options& options, const CaseSet& cases) {
  if (options.baseline.empty()) return nullptr;
  const Baseline baseline = load_baseline(options.baseline);
  check_baseline(baseline, cases);
  return to_json(baseline);
}

int judge_command(const std::vector<std::string>& files, const Options& options) {
  const CaseSet cases = cases_of(options);
  const History history = under_baseline(read_histories(files), options, cases);
  const RunResult result = judge_history(cases, history);
  fmt::print("{}", verdicts_text(result));
  if (history.header.case_set != cases.hash) {
    fmt::print("the cases have changed since the run: {} then, {} now\n", history.header.case_set,
               cases.hash);
  }
  fmt::print("{}", changes_text(history, result));
  return exit_code(result);
}

namespace {

// The runs that the files are of, in their order: shards make one together, anything else is one by
// itself.
std::vector<History> runs_of(const std::vector<std::string>& files) {
  std::vector<History> runs;
  std::vector<History> shards;
  std::size_t place = 0;
  for (const std::string& file : files) {
    History history = read_history(file);
    if (!history.header.options.contains("shard")) {
      runs.push_back(std::move(history));
      continue;
    }
    if (shards.empty()) place = runs.size();
    shards.push_back(std::move(history));
  }
  if (!shards.empty())
    runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(place), merge(std::move(shards)));
  return runs;
}

int compare(const std::vector<History>& histories, const CaseSet& cases,
            const std::filesystem::path& folder, const Options& options) {
  std::vector<reports::ComparedRun> runs;
  for (const History& history : histories) {
    const std::string own = std::to_string(runs.size() + 1);
    runs.push_back(
        {judge_history(cases, under_baseline(history, options, cases)), own + "/index.html"});
    write_report(runs.back().run, history, folder / own, options);
  }
  write_comparison(runs, folder, options);
  fmt::print("comparison of {} runs: {}\n", runs.size(), (folder / "index.html").string());
  return exit_code(runs.back().run);
}

}  // namespace

int report_command(const std::vector<std::string>& files, const std::string& folder,
                   const Options& options) {
  const CaseSet cases = cases_of(options);
  std::vector<History> runs = runs_of(files);
  if (runs.size() > 1 || !options.matrix.empty()) return compare(runs, cases, folder, options);
  const History history = under_baseline(std::move(runs.front()), options, cases);
  const RunResult result = judge_history(cases, history);
  write_report(result, history, folder, options);
  fmt::print("{}report: {}\n", summary_text(result),
             (std::filesystem::path(folder) / "index.html").string());
  fmt::print("{}", annotations_text(result, options));
  return exit_code(result);
}

}  // namespace ws2conform
