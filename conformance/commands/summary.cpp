#include "conformance/commands/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "conformance/commands/console.hpp"
#include "reports/headline.hpp"
#include "reports/outcome.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform {
namespace {

constexpr std::size_t kRowsOfFailure = 3;
constexpr std::size_t kRowsAround =
    5;  // headline, "and more", the report, the prompt, an empty one

const char* style(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
    case Verdict::kNotApplicable:
      return "1;32";
    case Verdict::kKnownFailure:
    case Verdict::kInconclusive:
      return "1;33";
    default:
      return "1;31";
  }
}

std::string failure_rows(const InstanceResult& instance, const RunResult& run,
                         const Terminal& terminal) {
  const ScheduleResult* schedule = reports::telling_schedule(instance);
  const std::string name = fmt::format("{} {}/{}", to_string(instance.verdict), instance.case_id,
                                       to_string(instance.axes));
  std::string text =
      styled(terminal, style(instance.verdict), fitted(name, terminal.columns)) + "\n";
  text += fitted("  " + reports::message(instance), terminal.columns) + "\n";
  // A command is of use only as a whole.
  if (schedule) text += "  " + reports::replay_command(schedule->replay_id, run) + "\n";
  return text;
}

}  // namespace

std::string screen_text(const RunResult& run, const Terminal& terminal) {
  const reports::Summary summary = reports::summarize(run);
  const std::string counts = counts_text(run);
  std::vector<const InstanceResult*> bad;
  for (const InstanceResult& instance : run.instances)
    if (instance.verdict > Verdict::kKnownFailure) bad.push_back(&instance);
  // The worst first: what failed before what stayed undecided.
  std::stable_sort(bad.begin(), bad.end(),
                   [](const auto* a, const auto* b) { return a->verdict > b->verdict; });

  const auto taken = static_cast<std::size_t>(std::count(counts.begin(), counts.end(), '\n'));
  const std::size_t rows =
      terminal.rows > taken + kRowsAround ? terminal.rows - taken - kRowsAround : 0;
  const std::size_t shown = std::min(bad.size(), std::max<std::size_t>(1, rows / kRowsOfFailure));
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += failure_rows(*bad[i], run, terminal);
  if (bad.size() > shown)
    text += fmt::format("and {} more that did not pass, in the report\n", bad.size() - shown);
  text += counts;
  text += styled(terminal, style(reports::overall(run)), reports::headline(run, summary)) + "\n";
  return text;
}

}  // namespace ws2conform
