#include "reports/junit.hpp"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

#include "reports/outcome.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  std::chrono::nanoseconds time{};

  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    time += other.time;
  }
};

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = clean(value).c_str();
}

void set_counts(pugi::xml_node node, const Counts& counts) {
  set(node, "tests", std::to_string(counts.tests));
  set(node, "failures", std::to_string(counts.failures));
  set(node, "errors", std::to_string(counts.errors));
  set(node, "skipped", std::to_string(counts.skipped));
  set(node, "time", seconds(counts.time));
}

void add_property(pugi::xml_node properties, const char* name, const std::string& value) {
  pugi::xml_node property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

void add_outcome(pugi::xml_node test, const char* element, const std::string& message,
                 Verdict verdict, const std::string& text) {
  pugi::xml_node node = test.append_child(element);
  set(node, "message", message);
  if (element != std::string_view("skipped")) set(node, "type", std::string(to_string(verdict)));
  if (!text.empty()) node.append_child(pugi::node_pcdata).set_value(clean(text).c_str());
}

// Adds what JUnit can say of the verdict, and returns how it counts.
Counts add_verdict(pugi::xml_node test, const RunResult& run, const InstanceResult& instance) {
  Counts counts;
  counts.tests = 1;
  const std::string why = std::string(to_string(instance.verdict)) + ": " + message(instance);
  switch (instance.verdict) {
    case Verdict::kPass:
      break;
    case Verdict::kNotApplicable:
    case Verdict::kKnownFailure:
    case Verdict::kInconclusive:
      counts.skipped = 1;
      add_outcome(test, "skipped", why, instance.verdict, {});
      break;
    case Verdict::kUnexpectedPass:
    case Verdict::kFail:
      counts.failures = 1;
      add_outcome(test, "failure", why, instance.verdict, details(run, instance));
      break;
    case Verdict::kError:
      counts.errors = 1;
      add_outcome(test, "error", why, instance.verdict, details(run, instance));
      break;
  }
  return counts;
}

Counts add_instance(pugi::xml_node suite, const RunResult& run, const InstanceResult& instance) {
  pugi::xml_node test = suite.append_child("testcase");
  std::chrono::nanoseconds time{};
  for (const ScheduleResult& schedule : instance.schedules) time += schedule.duration;
  set(test, "name", axes(instance.axes));
  set(test, "classname", class_name(instance));
  set(test, "time", seconds(time));
  if (!instance.file.empty()) set(test, "file", instance.file);
  pugi::xml_node properties = test.append_child("properties");
  add_property(properties, "title", instance.title);
  add_property(properties, "verdict", std::string(to_string(instance.verdict)));
  add_property(properties, "requirements", joined(instance.requirements));
  add_property(properties, "schedules",
               part(instance.schedules.size(), instance.schedules_possible));
  Counts counts = add_verdict(test, run, instance);
  counts.time = time;
  return counts;
}

pugi::xml_node add_suite(pugi::xml_node suites, const RunResult& run, const std::string& name) {
  pugi::xml_node suite = suites.append_child("testsuite");
  set(suite, "name", name.empty() ? "cases" : name);
  if (!run.started.empty()) set(suite, "timestamp", run.started);
  return suite;
}

Counts add_cut_off(pugi::xml_node suites, const RunResult& run) {
  pugi::xml_node suite = add_suite(suites, run, "run");
  Counts counts;
  counts.tests = 1;
  counts.errors = 1;
  set_counts(suite, counts);
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "name", "complete");
  set(test, "classname", "run");
  set(test, "time", seconds({}));
  std::string why = "error: the run is not complete; what is missing here was not judged";
  for (const std::string& missing : run.missing) why += "\n" + missing;
  add_outcome(test, "error", why, Verdict::kError, {});
  return counts;
}

void add_environment(pugi::xml_node suite, const RunResult& run) {
  pugi::xml_node properties = suite.append_child("properties");
  add_property(properties, "suite version", run.suite_version);
  add_property(properties, "case set", run.case_set);
  add_property(properties, "edition", run.edition);
  add_property(properties, "machine", run.machine);
  add_property(properties, "command line", run.command_line);
  for (const ImplementationInfo& info : run.implementations)
    add_property(properties, "implementation",
                 info.implementation + " " + info.version + " as " + info.role);
}

}  // namespace

std::string junit(const RunResult& run) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node suites = document.append_child("testsuites");
  set(suites, "name", "ws2conform");

  std::map<std::string, std::vector<const InstanceResult*>> areas;
  for (const InstanceResult& instance : run.instances) areas[instance.area].push_back(&instance);
  Counts total;
  for (const auto& [area, instances] : areas) {
    pugi::xml_node suite = add_suite(suites, run, area);
    add_environment(suite, run);
    Counts counts;
    for (const InstanceResult* instance : instances)
      counts.add(add_instance(suite, run, *instance));
    set_counts(suite, counts);
    total.add(counts);
  }
  if (!run.complete) total.add(add_cut_off(suites, run));
  set_counts(suites, total);

  std::ostringstream out;
  out.imbue(std::locale::classic());
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace ws2conform::reports
