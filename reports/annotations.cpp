#include "reports/annotations.hpp"

#include <fmt/format.h>

#include "conformance/case/model.hpp"
#include "reports/outcome.hpp"
#include "reports/summary.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

// As the runner decodes it; a property may hold neither ':' nor ','.
std::string encoded(const std::string& text, bool property) {
  std::string out;
  for (const char c : clean(text)) {
    const bool reserved =
        c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (reserved)
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

const char* command(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
    case Verdict::kNotApplicable:
      return nullptr;
    case Verdict::kKnownFailure:
      return "notice";
    case Verdict::kInconclusive:
      return "warning";
    default:
      return "error";
  }
}

}  // namespace

std::string annotations(const RunResult& run) {
  std::string text;
  for (const InstanceResult& instance : run.instances) {
    const char* level = command(instance.verdict);
    if (level == nullptr) continue;
    const ScheduleResult* schedule = telling_schedule(instance);
    std::string file = instance.file;
    int line = instance.line;
    std::string said = message(instance);
    if (schedule != nullptr) {
      if (!schedule->violations.empty() && schedule->violations.front().line > 0) {
        file = schedule->violations.front().file;
        line = schedule->violations.front().line;
      }
      said += "\n" + replay_command(schedule->replay_id, run);
    }
    const std::string title = fmt::format("{}: {}/{}", to_string(instance.verdict),
                                          instance.case_id, to_string(instance.axes));
    text += fmt::format("::{} file={},line={},title={}::{}\n", level, encoded(file, true), line,
                        encoded(title, true), encoded(said, false));
  }
  if (!run.complete) text += "::error title=ws2conform::The run is not complete.\n";
  return text;
}

}  // namespace ws2conform::reports
