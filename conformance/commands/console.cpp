#include "conformance/commands/console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "conformance/case/model.hpp"
#include "conformance/cells/tally.hpp"
#include "conformance/judge/wording.hpp"
#include "reports/annotations.hpp"
#include "reports/readings.hpp"
#include "reports/text/format.hpp"
#include "reports/write.hpp"

namespace ws2conform {
namespace {

std::string name_of(const InstanceResult& result) {
  return result.case_id + "/" + to_string(result.axes);
}

const ScheduleResult* first_bad(const InstanceResult& instance) {
  for (const ScheduleResult& schedule : instance.schedules) {
    if (schedule.verdict == instance.verdict) return &schedule;
  }
  return nullptr;
}

nlohmann::json json_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw UsageError(path.string() + " cannot be read");
  return nlohmann::json::parse(file);
}

// What the file holds that the command line names; by default the one of `name` beside the program,
// and null where there is none.
nlohmann::json appendix(const std::string& named, const char* name) {
  const std::filesystem::path path =
      named.empty() ? places().build / name : std::filesystem::path(named);
  return named.empty() && !std::filesystem::exists(path) ? nullptr : json_of(path);
}

// The score of the zoo that the README tells, in the form of zoo.json without the matrix; null
// where it tells none. What a build knows that has not run the zoo.
nlohmann::json told_score() {
  std::ifstream readme(std::filesystem::path(WS2CONFORM_SOURCE_DIR) / "README.md");
  const std::string text{std::istreambuf_iterator<char>(readme), {}};
  std::smatch found;
  const std::regex line(
      "held against (\\d+) implementations[^;]*; it catches (\\d+) of them \\((\\d+) %\\)");
  if (!std::regex_search(text, found, line)) return nullptr;
  return {{"score",
           {{"faults", std::stoul(found[1])},
            {"killed", std::stoul(found[2])},
            {"percent", std::stoul(found[3])}}}};
}

// What `write` throws at a file of another form, as a word about that file.
template <typename Write>
void understood(const std::filesystem::path& path, Write write) {
  try {
    write();
  } catch (const nlohmann::json::exception& error) {
    throw UsageError(path.string() + " is not of the form it should have: " + error.what());
  }
}

// The matrix, with the folders of its pairs as they are called from `folder`.
nlohmann::json interop(const std::filesystem::path& matrix, const std::filesystem::path& folder) {
  const auto place = [](const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal();
  };
  nlohmann::json found = json_of(matrix);
  for (nlohmann::json& pair : found.at("pairs")) {
    const std::filesystem::path own =
        place(matrix.parent_path() / pair.at("folder").get<std::string>());
    pair["folder"] = own.lexically_relative(place(folder)).generic_string();
  }
  return found;
}

}  // namespace

Console::Console(std::size_t total)
    : total_(total), terminal_(this_terminal()), begun_(Clock::now()) {}

void Console::clear() {
  if (terminal_.interactive) fmt::print("\r\033[K");
}

void Console::show(const std::string& name) {
  if (!terminal_.interactive) return;
  const std::chrono::duration<double> taken = Clock::now() - begun_;
  clear();
  // One column less: a terminal whose last column is written to may begin a new line.
  fmt::print(
      "{}", fitted(progress_text(done_, bad_, total_, taken.count(), name), terminal_.columns - 1));
  std::fflush(stdout);
}

void Console::started(const std::string& name) {
  show(name);
}

void Console::finished(const InstanceResult& result) {
  ++done_;
  const bool fine = result.verdict <= Verdict::kKnownFailure;
  if (!fine) ++bad_;
  clear();
  if (!terminal_.interactive || !fine) fmt::print("{}", verdict_line(result));
  std::fflush(stdout);
}

std::string progress_text(std::size_t done, std::size_t bad, std::size_t total, double seconds,
                          const std::string& name) {
  std::string text = fmt::format("[{}/{}]", done, total);
  if (bad > 0) text += fmt::format(" {} not passing", bad);
  // The first second says little of the rate.
  if (seconds >= 1 && done > 0) {
    const double rate = static_cast<double>(done) / seconds;
    const auto left = static_cast<long>(std::ceil(static_cast<double>(total - done) / rate));
    text += fmt::format("  {:.0f}/s, ", rate);
    text +=
        left >= 120 ? fmt::format("{} min left", (left + 59) / 60) : fmt::format("{} s left", left);
  }
  return text + "  " + name;
}

std::string verdict_line(const InstanceResult& instance) {
  std::string detail = instance.reason;
  if (instance.verdict == Verdict::kPass) detail = plural(instance.schedules.size(), "schedule");
  return fmt::format("{:<14} {}  ({})\n", to_string(instance.verdict), name_of(instance), detail);
}

std::string verdicts_text(const RunResult& run) {
  std::string text;
  for (const InstanceResult& instance : run.instances) text += verdict_line(instance);
  return text + failures_text(run) + summary_text(run);
}

std::string failures_text(const RunResult& run) {
  std::string text;
  for (const InstanceResult& instance : run.instances) {
    if (instance.verdict > Verdict::kKnownFailure) text += failure_text(instance, run);
  }
  return text;
}

std::string failure_text(const InstanceResult& instance, const RunResult& run) {
  std::string text = fmt::format("\n{}: {}\n  {}\n", to_string(instance.verdict), name_of(instance),
                                 instance.title);
  const ScheduleResult* schedule = first_bad(instance);
  if (schedule == nullptr) return text + "  " + instance.reason + "\n";
  if (schedule->violations.empty()) {
    text += "  " + schedule->reason + "\n";
    text += fmt::format("  case: {}:{}\n", instance.file, instance.line);
  }
  for (const Violation& violation : schedule->violations) {
    text += "  " + violation.message + "\n";
    for (const std::string& id : violation.requirements) {
      const auto requirement = run.requirements.find(id);
      if (requirement == run.requirements.end()) continue;
      text += fmt::format("  requirement {} ({}): {}\n", id, requirement->second.source,
                          requirement->second.statement);
    }
    text += fmt::format("  written at {}:{}\n", violation.file, violation.line);
  }
  std::size_t bad = 0;
  for (const ScheduleResult& s : instance.schedules) bad += s.verdict != Verdict::kPass ? 1 : 0;
  text += fmt::format("  schedule: {}  ({} of {} schedules)\n", schedule->order, bad,
                      instance.schedules.size());
  text += fmt::format("  again:    {}\n", reports::replay_command(schedule->replay_id, run));
  return text;
}

void Windows::take(const ScheduleHistory& schedule) {
  all_ += schedule.duration;
  std::map<std::string, std::chrono::nanoseconds> called;  // windowed calls, by actor
  for (const Event& event : schedule.events) {
    if (event.kind == Event::Kind::kCall && event.body->contains(kWindowed)) {
      called[event.actor] = event.at;
      cases_.insert(schedule.case_id);
    } else if (event.kind == Event::Kind::kReturn && called.count(event.actor) > 0) {
      windows_ += event.at - called.at(event.actor);
      called.erase(event.actor);
    }
  }
}

std::string Windows::text() const {
  if (cases_.empty()) return "";
  return fmt::format("windowed: {}; {:.1f} s in windows, {:.2f} % of the schedules' time\n",
                     plural(cases_.size(), "case"), std::chrono::duration<double>(windows_).count(),
                     100.0 * static_cast<double>(windows_.count()) /
                         static_cast<double>(std::max<long long>(1, all_.count())));
}

std::string summary_text(const RunResult& run) {
  return counts_text(run) + reports::readings_text(run);
}

std::string counts_text(const RunResult& run) {
  std::set<std::string> cases;
  std::size_t schedules = 0;
  bool sampled = false;
  std::map<Verdict, std::size_t> verdicts;
  for (const InstanceResult& instance : run.instances) {
    cases.insert(instance.case_id);
    schedules += instance.schedules.size();
    sampled = sampled || (instance.verdict == Verdict::kPass &&
                          instance.schedules.size() < instance.schedules_possible);
    ++verdicts[instance.verdict];
  }
  std::string counts;
  for (const auto& [verdict, count] : verdicts) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, to_string(verdict));
  }
  std::string text = fmt::format(
      "\n{}, {} with their axes, {}{} in {:.1f} s\n{}\n", plural(cases.size(), "case"),
      run.instances.size(), plural(schedules, "schedule"),
      sampled ? " (a sample where there are more)" : "",
      std::chrono::duration<double>(run.duration).count(), counts.empty() ? "nothing ran" : counts);
  for (const std::string& missing : run.missing) text += missing + "\n";
  for (const std::string& stale : run.stale) text += stale + "\n";
  for (const ImplementationInfo& info : run.implementations) {
    text += fmt::format("{}: {} ({} {})\n", info.role, info.iut, info.implementation, info.version);
  }
  return text;
}

void write_json(const nlohmann::json& json, const std::filesystem::path& path) {
  std::ofstream file(path);
  file << json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  if (!file) throw UsageError(path.string() + " cannot be written");
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw UsageError(
        fmt::format("the report folder {} cannot be made: {}", folder.string(), error.message()));
  }
}

std::string annotations_text(const RunResult& run, const Options& options) {
  return options.format == "github" ? reports::annotations(run) : "";
}

ExitCode exit_code(const RunResult& run) {
  const auto any = [&](Verdict verdict) {
    return std::any_of(run.instances.begin(), run.instances.end(),
                       [&](const InstanceResult& i) { return i.verdict == verdict; });
  };
  const bool said_something = any(Verdict::kPass) || any(Verdict::kFail) ||
                              any(Verdict::kKnownFailure) || any(Verdict::kUnexpectedPass) ||
                              any(Verdict::kInconclusive);
  if (any(Verdict::kError) && !said_something) return kNotDriven;
  if (any(Verdict::kFail) || any(Verdict::kUnexpectedPass) || any(Verdict::kError))
    return kViolated;
  if (!run.stale.empty()) return kWrongInput;
  return any(Verdict::kInconclusive) || !run.complete ? kInconclusiveExit : kHolds;
}

void write_report(const RunResult& run, const CellTally& cells, const std::filesystem::path& folder,
                  const Options& options) {
  make_folder(folder);
  reports::Appendices appendices;
  appendices.zoo = appendix(options.zoo, "zoo.json");
  if (appendices.zoo.is_null()) appendices.zoo = told_score();
  appendices.model = appendix(options.model, "model.json");
  if (!cells.empty()) {
    appendices.cells =
        to_json(cells, read_cell_reasons(std::filesystem::path(WS2CONFORM_SOURCE_DIR) /
                                         "conformance" / "cells" / "unreached.yaml"));
  }
  understood("zoo.json or model.json", [&] { reports::write(run, folder, appendices); });
}

void write_comparison(const std::vector<reports::ComparedRun>& runs,
                      const std::filesystem::path& folder, const Options& options) {
  make_folder(folder);
  understood(options.matrix, [&] {
    reports::write_comparison(
        runs, options.matrix.empty() ? nullptr : interop(options.matrix, folder), folder);
  });
}

}  // namespace ws2conform
