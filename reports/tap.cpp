#include "reports/tap.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "conformance/case/model.hpp"
#include "reports/outcome.hpp"
#include "reports/summary.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

// On one line, and with nothing that begins a directive.
std::string line(const std::string& text) {
  std::string out;
  for (const char c : clean(text)) {
    if (c == '\\' || c == '#') out += '\\';
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return out;
}

std::string directive(const InstanceResult& instance) {
  switch (instance.verdict) {
    case Verdict::kNotApplicable:
      return " # SKIP " + line(message(instance));
    case Verdict::kKnownFailure:
    case Verdict::kInconclusive:
      return fmt::format(" # TODO {}: {}", to_string(instance.verdict), line(message(instance)));
    default:
      return {};
  }
}

// A scalar of YAML that every reader of JSON reads too.
std::string quoted(const std::string& text) {
  return nlohmann::json(clean(text)).dump();
}

std::string diagnostics(const RunResult& run, const InstanceResult& instance) {
  std::string text = "  ---\n";
  text += fmt::format("  verdict: {}\n  message: {}\n  at: {}\n",
                      quoted(std::string(to_string(instance.verdict))), quoted(message(instance)),
                      quoted(place(instance.file, instance.line)));
  text += fmt::format("  requirements: {}\n", quoted(joined(instance.requirements)));
  if (const ScheduleResult* schedule = telling_schedule(instance))
    text += fmt::format("  replay: {}\n", quoted(replay_command(schedule->replay_id, run)));
  return text + "  ...\n";
}

}  // namespace

std::string tap(const RunResult& run) {
  std::string text = fmt::format("TAP version 14\n1..{}", run.instances.size());
  text += run.instances.empty() ? " # SKIP nothing was tested\n" : "\n";
  std::size_t number = 0;
  for (const InstanceResult& instance : run.instances) {
    const bool ok =
        instance.verdict == Verdict::kPass || instance.verdict == Verdict::kNotApplicable;
    text +=
        fmt::format("{} {} - {}{}\n", ok ? "ok" : "not ok", ++number,
                    line(instance.case_id + "/" + to_string(instance.axes)), directive(instance));
    if (!ok) text += diagnostics(run, instance);
  }
  if (!run.complete) {
    text += "Bail out! The run is not complete.";
    for (const std::string& missing : run.missing) text += " " + line(missing);
    text += "\n";
  }
  return text;
}

}  // namespace ws2conform::reports
