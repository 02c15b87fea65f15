#include "reports/ctrf.hpp"

#include <ctime>
#include <iomanip>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "conformance/case/model.hpp"
#include "reports/outcome.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

const char* status(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "passed";
    case Verdict::kNotApplicable:
    case Verdict::kKnownFailure:
      return "skipped";
    case Verdict::kInconclusive:
      return "other";
    case Verdict::kUnexpectedPass:
    case Verdict::kFail:
    case Verdict::kError:
      break;
  }
  return "failed";
}

// Milliseconds since the Unix epoch; 0 for what is no date.
long long milliseconds_of(const std::string& iso_utc) {
  std::tm date{};
  std::istringstream text(iso_utc);
  text.imbue(std::locale::classic());
  text >> std::get_time(&date, "%Y-%m-%dT%H:%M:%SZ");
  return text.fail() ? 0 : static_cast<long long>(::timegm(&date)) * 1000;
}

json suite_of(const InstanceResult& instance) {
  json suites = json::array();
  if (!instance.area.empty()) suites.push_back(clean(instance.area));
  suites.push_back(clean(instance.case_id));
  return suites;
}

// By requirement: the readings that its schedules showed, {"ACC-08": ["kept"]}.
json readings_of(const InstanceResult& instance) {
  std::map<std::string, std::set<std::string>> seen;
  for (const ScheduleResult& schedule : instance.schedules)
    for (const StepRecord& step : schedule.steps)
      if (!step.reading.empty()) seen[clean(step.requirement)].insert(clean(step.reading));
  return seen;
}

json test_of(const RunResult& run, const InstanceResult& instance) {
  nanoseconds time{};
  for (const ScheduleResult& schedule : instance.schedules) time += schedule.duration;
  json test = {{"name", clean(instance.case_id + "/" + to_string(instance.axes))},
               {"status", status(instance.verdict)},
               {"duration", duration_cast<milliseconds>(time).count()},
               {"suite", suite_of(instance)},
               {"rawStatus", to_string(instance.verdict)},
               {"type", "conformance"},
               {"tags", json::array()},
               {"parameters", json::object()}};
  for (const std::string& id : instance.requirements) test["tags"].push_back(clean(id));
  for (const auto& [name, value] : instance.axes) test["parameters"][clean(name)] = clean(value);
  if (!instance.file.empty()) test["filePath"] = clean(instance.file);
  if (instance.line > 0) test["line"] = instance.line;
  if (instance.verdict != Verdict::kPass) test["message"] = clean(message(instance));
  if (instance.verdict >= Verdict::kKnownFailure && !instance.schedules.empty()) {
    test["trace"] = clean(details(run, instance));
  }
  test["extra"] = {{"title", clean(instance.title)},
                   {"schedules", instance.schedules.size()},
                   {"schedulesPossible", instance.schedules_possible}};
  if (json seen = readings_of(instance); !seen.empty()) test["extra"]["readings"] = std::move(seen);
  return test;
}

// A run that is not complete is no success, whatever its tests say.
json incomplete(const RunResult& run) {
  std::string why = "the run is not complete; what is missing here was not judged";
  for (const std::string& missing : run.missing) why += "\n" + missing;
  return {{"name", "complete"}, {"status", "failed"},   {"duration", 0},
          {"suite", {"run"}},   {"rawStatus", "error"}, {"message", clean(why)}};
}

json environment_of(const RunResult& run) {
  json environment = {{"reportName", "ws2conform"},
                      {"extra",
                       {{"machine", clean(run.machine)},
                        {"edition", clean(run.edition)},
                        {"caseSet", clean(run.case_set)},
                        {"commandLine", clean(run.command_line)}}}};
  std::vector<std::string> names;
  std::vector<std::string> versions;
  for (const ImplementationInfo& info : run.implementations) {
    names.push_back(info.implementation + " (" + info.role + ")");
    versions.push_back(info.version);
  }
  environment["appName"] = clean(joined(names));
  environment["appVersion"] = clean(joined(versions));
  return environment;
}

}  // namespace

std::string ctrf(const RunResult& run) {
  json tests = json::array();
  std::set<std::string> suites;
  for (const InstanceResult& instance : run.instances) {
    tests.push_back(test_of(run, instance));
    suites.insert(class_name(instance));
  }
  if (!run.complete) tests.push_back(incomplete(run));

  const long long start = milliseconds_of(run.started);
  json summary = {{"tests", tests.size()},
                  {"passed", 0},
                  {"failed", 0},
                  {"skipped", 0},
                  {"pending", 0},
                  {"other", 0},
                  {"flaky", 0},
                  {"suites", suites.size()},
                  {"start", start},
                  {"stop", start + duration_cast<milliseconds>(run.duration).count()}};
  for (const json& test : tests) {
    json& count = summary[test.at("status").get<std::string>()];
    count = count.get<std::size_t>() + 1;
  }
  const json report = {{"reportFormat", "CTRF"},
                       {"specVersion", "0.0.0"},
                       {"timestamp", run.started},
                       {"generatedBy", "ws2conform " + run.suite_version},
                       {"results",
                        {{"tool", {{"name", "ws2conform"}, {"version", run.suite_version}}},
                         {"summary", summary},
                         {"tests", tests},
                         {"environment", environment_of(run)}}}};
  return report.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace ws2conform::reports
