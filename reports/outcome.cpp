#include "reports/outcome.hpp"

#include <algorithm>

#include "reports/summary.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kLongest = 4000;  // characters of one message

}  // namespace

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : " ") + text;
  return all;
}

std::string class_name(const InstanceResult& instance) {
  std::string area = instance.area;
  std::replace(area.begin(), area.end(), '/', '.');
  if (!area.empty()) area += '.';
  return area + (instance.case_id.empty() ? "unnamed" : instance.case_id);
}

std::string message(const InstanceResult& instance) {
  const ScheduleResult* schedule = telling_schedule(instance);
  std::string why = instance.reason;
  if (why.empty() && schedule != nullptr && !schedule->violations.empty())
    why = schedule->violations.front().message;
  if (why.empty() && schedule != nullptr) why = schedule->reason;
  if (why.empty() && instance.verdict == Verdict::kUnexpectedPass)
    why = "the baseline lists it as a known failure";
  if (why.empty()) why = "no reason was recorded";
  return clip(why, kLongest);
}

std::string details(const RunResult& run, const InstanceResult& instance) {
  std::string text = instance.title + "\n" + place(instance.file, instance.line) + "\n";
  const ScheduleResult* schedule = telling_schedule(instance);
  if (schedule == nullptr) return text;
  for (const Violation& violation : schedule->violations) {
    text += "\n" + clip(violation.message, kLongest) + "\n";
    text += "  check: " + violation.check + " (" + word(violation.provenance) + ")\n";
    if (!violation.requirements.empty())
      text += "  requirements: " + joined(violation.requirements) + "\n";
    if (!violation.file.empty()) text += "  at: " + place(violation.file, violation.line) + "\n";
  }
  text += "\nschedule: " + schedule->order + "\n";
  return text + "replay: " + replay_command(schedule->replay_id, run) + "\n";
}

}  // namespace ws2conform::reports
