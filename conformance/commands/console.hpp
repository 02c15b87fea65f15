// What a person sees while a run goes on and when it ends.
#pragma once

#include <chrono>
#include <filesystem>
#include <set>
#include <string>

#include "conformance/cells/tally.hpp"
#include "conformance/commands/options.hpp"
#include "conformance/commands/terminal.hpp"
#include "conformance/history/history.hpp"
#include "conformance/judge/result.hpp"
#include "reports/compare/comparison.hpp"

namespace ws2conform {

// On a terminal a line that is written over and over; elsewhere a line for each case and its axes.
class Console {
 public:
  explicit Console(std::size_t total);

  void started(const std::string& name);
  void finished(const InstanceResult& result);

 private:
  using Clock = std::chrono::steady_clock;

  void clear();
  void show(const std::string& name);

  std::size_t total_;
  std::size_t done_ = 0;
  std::size_t bad_ = 0;
  Terminal terminal_;
  Clock::time_point begun_;
};

// "[412/1635] 3 not passing  58/s, 21 s left  name": `done` of `total` after so many seconds.
std::string progress_text(std::size_t done, std::size_t bad, std::size_t total, double seconds,
                          const std::string& name);

// "teardown/x: step 3 (...)", requirement, place, replay command: several lines.
std::string failure_text(const InstanceResult& instance, const RunResult& run);

// That of all that are worse than a known failure.
std::string failures_text(const RunResult& run);

// A line for each case with its axes, as run prints it: verdict, name, why.
std::string verdict_line(const InstanceResult& instance);

// All that there is to say of a run that has been judged: a line for each case with its axes, the
// failures, the summary. The same whether the run has just ended or its history is read again.
std::string verdicts_text(const RunResult& run);

// Windows are weaker evidence than fences, and cost time: how many cases have them, and how much of
// the time they took. Of jobs that ran at once the times add up, so it is a share of the schedules'
// time.
class Windows {
 public:
  void take(const ScheduleHistory& schedule);

  // Empty where there are none.
  std::string text() const;

 private:
  std::chrono::nanoseconds all_{};
  std::chrono::nanoseconds windows_{};
  std::set<std::string> cases_;
};

// Counts, verdicts and time: a few lines.
std::string counts_text(const RunResult& run);

// The same, and the readings that were chosen.
std::string summary_text(const RunResult& run);

// What --format asks for besides: "" for text.
std::string annotations_text(const RunResult& run, const Options& options);

// What the program exits with after this run.
ExitCode exit_code(const RunResult& run);

// Throws UsageError where it cannot be written.
void write_json(const nlohmann::json& json, const std::filesystem::path& path);

// Writes the reports into `folder`, making it. Throws UsageError where it cannot be made.
void make_folder(const std::filesystem::path& folder);
// With the kill matrix of --zoo and the model's account of --model, by default those beside the
// program, if any, or else of the zoo the score that the README tells; and with the cells that the
// run has used, if it tells of any.
void write_report(const RunResult& run, const CellTally& cells, const std::filesystem::path& folder,
                  const Options& options);

// With the interop matrix of --matrix.
void write_comparison(const std::vector<reports::ComparedRun>& runs,
                      const std::filesystem::path& folder, const Options& options);

}  // namespace ws2conform
