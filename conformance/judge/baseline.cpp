#include "conformance/judge/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/case/instance.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/yaml.hpp"
#include "conformance/history/ports.hpp"
#include "conformance/judge/age.hpp"
#include "conformance/judge/invariants.hpp"
#include "conformance/schema.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

KnownFailure failure_from(const YamlFile& file, const YAML::Node& node) {
  KnownFailure failure;
  failure.case_id = node["case"].Scalar();
  if (node["axes"]) {
    for (const auto& axis : node["axes"]) {
      failure.axes.emplace_back(axis.first.Scalar(), axis.second.Scalar());
    }
  }
  failure.check = node["check"].Scalar();
  failure.expected = node["expected"].Scalar();
  failure.reason = node["reason"].Scalar();
  if (node["since"]) failure.since = node["since"].Scalar();
  if (!failure.since.empty() && !is_since(failure.since)) {
    throw InputError(file.place(node["since"]),
                     fmt::format("since is \"{}\": a date such as 2025-11-03 or a version such as "
                                 "0.1.0 is meant",
                                 failure.since));
  }
  if (node["intermittent"]) failure.intermittent = node["intermittent"].as<bool>();
  failure.place = file.place(node);
  return failure;
}

bool same(const KnownFailure& a, const KnownFailure& b) {
  const auto sorted = [](AxisChoice axes) {
    std::sort(axes.begin(), axes.end());
    return axes;
  };
  return a.case_id == b.case_id && a.check == b.check && a.expected == b.expected &&
         sorted(a.axes) == sorted(b.axes);
}

void check_axes(const KnownFailure& failure, const Case& source) {
  for (const auto& [name, value] : failure.axes) {
    if (name == "provider") continue;  // which there are, an implementation says
    std::vector<std::string> names;
    const Axis* axis = nullptr;
    for (const Axis& each : source.axes) {
      names.push_back(each.name);
      if (each.name == name) axis = &each;
    }
    if (axis == nullptr) {
      throw InputError(failure.place, fmt::format("case {} has no axis \"{}\"{}", source.id, name,
                                                  did_you_mean(name, names)));
    }
    if (std::find(axis->values.begin(), axis->values.end(), value) == axis->values.end()) {
      throw InputError(failure.place,
                       fmt::format("axis {} of case {} has no value \"{}\"{}", name, source.id,
                                   value, did_you_mean(value, axis->values)));
    }
  }
}

// "step 3 data" names a step of the case; anything else is an invariant.
void check_check(const KnownFailure& failure, const Case& source) {
  std::vector<std::string> known;
  for (const Invariant& invariant : all_invariants()) known.emplace_back(invariant.id);
  if (std::find(known.begin(), known.end(), failure.check) != known.end()) return;
  for (const Instance& instance : instances(source, "any")) {
    for (const auto* steps : {&instance.opening, &instance.steps}) {
      for (const Step& step : *steps) {
        const std::string beginning = "step " + step.id + " ";
        if (failure.check.rfind(beginning, 0) == 0) return;
        known.push_back(beginning + "...");
      }
    }
  }
  throw InputError(failure.place, fmt::format("case {} has no check \"{}\"{}", source.id,
                                              failure.check, did_you_mean(failure.check, known)));
}

bool bad(const ScheduleResult& schedule) {
  return schedule.verdict == Verdict::kFail;
}

// Applies a baseline to one instance.
class Application {
 public:
  // `started`: the run's date.
  Application(const Baseline& baseline, const std::string& started, InstanceResult& instance)
      : started_(started), instance_(instance) {
    for (const KnownFailure& failure : baseline.failures) {
      if (failure.is_of(instance)) listed_.push_back(&failure);
    }
  }

  const std::vector<const KnownFailure*>& listed() const { return listed_; }

  void run() {
    if (listed_.empty()) return;
    if (instance_.verdict != Verdict::kFail && instance_.verdict != Verdict::kPass) return;
    for (ScheduleResult& schedule : instance_.schedules) {
      if (bad(schedule) && all_known(schedule)) {
        schedule.verdict = Verdict::kKnownFailure;
        schedule.reason = reason_;
      }
    }
    Verdict verdict = Verdict::kPass;
    for (const ScheduleResult& schedule : instance_.schedules) {
      verdict = worst(verdict, schedule.verdict);
    }
    instance_.verdict = verdict;
    if (verdict == Verdict::kFail) {
      say_what_is_new();
    } else if (verdict == Verdict::kKnownFailure) {
      instance_.reason = reason_;
    } else if (verdict == Verdict::kInconclusive) {  // it was hidden by what is known
      instance_.reason = std::find_if(instance_.schedules.begin(), instance_.schedules.end(),
                                      [](const ScheduleResult& schedule) {
                                        return schedule.verdict == Verdict::kInconclusive;
                                      })
                             ->reason;
    }
    look_for_unexpected_passes();
  }

 private:
  const KnownFailure* known(const Violation& violation) const {
    const auto found =
        std::find_if(listed_.begin(), listed_.end(),
                     [&](const KnownFailure* failure) { return failure->covers(violation); });
    return found == listed_.end() ? nullptr : *found;
  }

  bool all_known(const ScheduleResult& schedule) {
    for (const Violation& violation : schedule.violations) {
      const KnownFailure* failure = known(violation);
      if (failure == nullptr) return false;
      seen_.insert(failure);
      const std::string age = age_text(failure->since, started_);
      reason_ = fmt::format("{} ({}: {}{}{})", violation.message, to_string(failure->place),
                            failure->reason, age.empty() ? "" : "; ", age);
    }
    return !schedule.violations.empty();
  }

  void say_what_is_new() {
    for (const ScheduleResult& schedule : instance_.schedules) {
      if (!bad(schedule)) continue;
      for (const Violation& violation : schedule.violations) {
        if (known(violation) != nullptr) continue;
        instance_.reason = violation.message;
        for (const KnownFailure* failure : listed_) {
          if (failure->check != violation.check) continue;
          instance_.reason += fmt::format(" ({}: the known failure is of the expectation \"{}\")",
                                          to_string(failure->place), failure->expected);
          seen_.insert(failure);  // it is no unexpected pass either
        }
        return;
      }
    }
  }

  // A sample that shows other failures says nothing about those that it does not show.
  void look_for_unexpected_passes() {
    const bool all_ran = instance_.schedules.size() >= instance_.schedules_possible;
    if (!all_ran && instance_.verdict != Verdict::kPass) return;
    for (const KnownFailure* failure : listed_) {
      if (failure->intermittent || seen_.count(failure) > 0) continue;
      const std::string why = fmt::format("{}: the known failure of {} did not happen",
                                          to_string(failure->place), failure->check);
      if (instance_.verdict < Verdict::kUnexpectedPass) {
        instance_.verdict = Verdict::kUnexpectedPass;
        instance_.reason = why;
      } else {
        instance_.reason += "; " + why;
      }
    }
  }

  const std::string& started_;
  InstanceResult& instance_;
  std::vector<const KnownFailure*> listed_;
  std::set<const KnownFailure*> seen_;
  std::string reason_;
};

}  // namespace

bool KnownFailure::is_of(const InstanceResult& instance) const {
  return case_id == instance.case_id &&
         std::all_of(axes.begin(), axes.end(), [&](const auto& wanted) {
           return std::find(instance.axes.begin(), instance.axes.end(), wanted) !=
                  instance.axes.end();
         });
}

bool KnownFailure::covers(const Violation& violation) const {
  return check == violation.check && expected == PortNames()(violation.expected);
}

Baseline load_baseline(const std::filesystem::path& path) {
  const YamlFile file = read_yaml(path, path.string());
  require_known_keys(file, file.root, {"implementation", "suite", "failures"}, "a baseline");
  if (file.root["failures"] && file.root["failures"].IsSequence()) {
    for (const auto& node : file.root["failures"]) {
      require_known_keys(file, node,
                         {"case", "axes", "check", "expected", "reason", "since", "intermittent"},
                         "a known failure");
    }
  }
  validate(file, kBaselineSchema);
  Baseline baseline;
  baseline.file = file.name;
  baseline.implementation = file.root["implementation"].Scalar();
  for (const auto& node : file.root["failures"]) {
    KnownFailure failure = failure_from(file, node);
    for (const KnownFailure& earlier : baseline.failures) {
      if (!same(earlier, failure)) continue;
      throw InputError(failure.place,
                       fmt::format("a duplicate: {} of {} is listed in line {}", failure.check,
                                   failure.case_id, earlier.place.line));
    }
    baseline.failures.push_back(std::move(failure));
  }
  return baseline;
}

void check_baseline(const Baseline& baseline, const CaseSet& cases) {
  std::vector<std::string> ids;
  for (const Case& source : cases.cases) ids.push_back(source.id);
  for (const KnownFailure& failure : baseline.failures) {
    const auto source = std::find_if(cases.cases.begin(), cases.cases.end(),
                                     [&](const Case& each) { return each.id == failure.case_id; });
    if (source == cases.cases.end()) {
      throw InputError(failure.place, fmt::format("there is no case \"{}\"{}", failure.case_id,
                                                  did_you_mean(failure.case_id, ids)));
    }
    check_axes(failure, *source);
    check_check(failure, *source);
  }
}

std::vector<std::string> apply_baseline(const Baseline& baseline, RunResult& run) {
  std::set<const KnownFailure*> met;      // has an instance in this run
  std::set<const KnownFailure*> applied;  // and one that applies
  for (InstanceResult& instance : run.instances) {
    Application application(baseline, run.started, instance);
    application.run();
    for (const KnownFailure* failure : application.listed()) {
      met.insert(failure);
      if (instance.verdict != Verdict::kNotApplicable) applied.insert(failure);
    }
  }
  std::vector<std::string> stale;
  for (const KnownFailure& failure : baseline.failures) {
    if (met.count(&failure) == 0 || applied.count(&failure) > 0) continue;
    stale.push_back(fmt::format("{}: stale: {} is not applicable to the implementation any more",
                                to_string(failure.place), failure.case_id));
  }
  return stale;
}

json to_json(const Baseline& baseline) {
  json failures = json::array();
  for (const KnownFailure& failure : baseline.failures) {
    json axes = json::array();
    for (const auto& [name, value] : failure.axes) axes.push_back({name, value});
    failures.push_back({{"case", failure.case_id},
                        {"axes", axes},
                        {"check", failure.check},
                        {"expected", failure.expected},
                        {"reason", failure.reason},
                        {"since", failure.since},
                        {"intermittent", failure.intermittent},
                        {"line", failure.place.line}});
  }
  return {
      {"file", baseline.file}, {"implementation", baseline.implementation}, {"failures", failures}};
}

Baseline baseline_from(const json& json) {
  Baseline baseline;
  baseline.file = json.at("file");
  baseline.implementation = json.at("implementation");
  for (const auto& written : json.at("failures")) {
    KnownFailure failure;
    failure.case_id = written.at("case");
    for (const auto& pair : written.at("axes")) failure.axes.emplace_back(pair.at(0), pair.at(1));
    failure.check = written.at("check");
    failure.expected = written.at("expected");
    failure.reason = written.at("reason");
    failure.since = written.value("since", "");
    failure.intermittent = written.value("intermittent", false);
    failure.place = {baseline.file, written.at("line"), 0};
    baseline.failures.push_back(std::move(failure));
  }
  return baseline;
}

}  // namespace ws2conform
