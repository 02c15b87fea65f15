#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/zoo/matrix/output.hpp"

namespace ws2conform {
namespace {

namespace fs = std::filesystem;
using namespace zoo;

fs::path zoo_program() {
  return places().build / "conformance" / "zoo" / "winsock-zoo";
}

std::vector<FaultEntry> chosen_faults(const std::vector<std::string>& patterns) {
  std::vector<FaultEntry> all = read_table(zoo_program());
  if (patterns.empty()) return all;
  std::vector<FaultEntry> chosen;
  std::vector<std::string> names;
  for (FaultEntry& fault : all) {
    names.push_back(fault.name);
    const bool is_meant = std::any_of(patterns.begin(), patterns.end(),
                                      [&](const std::string& p) { return matches(p, fault.name); });
    if (is_meant) chosen.push_back(std::move(fault));
  }
  if (chosen.empty()) {
    throw UsageError(fmt::format("no fault is called {}{}", fmt::join(patterns, ", "),
                                 did_you_mean(patterns.front(), names)));
  }
  return chosen;
}

// The cases that apply to the reference, which is what the faulty ones claim to be.
std::vector<Subject> subjects_of(const Ensemble& ensemble, const Options& options) {
  std::vector<Subject> subjects;
  for (Instance& instance : selected_instances(ensemble, options)) {
    if (!ensemble.gap(instance).empty()) continue;
    if (subjects.empty() || subjects.back().source != instance.source) {
      subjects.push_back({instance.source, {}});
    }
    subjects.back().instances.push_back(std::move(instance));
  }
  return subjects;
}

ExposureSettings exposure_settings(const Options& options, const ZooOptions& zoo) {
  ExposureSettings settings;
  settings.edition = options.edition;
  settings.seed = options.seed;
  settings.instances = zoo.instances;
  settings.schedules = zoo.schedules;
  // Most of what a fault breaks shows by silence, which is waited for thousands of times.
  constexpr double kHaste = 0.1;
  settings.patience = Patience().scaled(kHaste * options.time_factor);
  settings.certainty = Patience().scaled(options.time_factor);
  return settings;
}

// A row for each fault, in their order, by several threads.
std::vector<Exposed> expose_all(const std::vector<FaultEntry>& faults,
                                const std::vector<Subject>& subjects, const Ensemble& ensemble,
                                const ExposureSettings& settings, std::size_t jobs) {
  std::vector<Exposed> rows(faults.size());
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;  // of what follows, and of the console
  std::exception_ptr failure;
  const auto job = [&] {
    for (std::size_t i = next++; i < faults.size(); i = next++) {
      try {
        const host::Iut iut = with_fault(ensemble.casting.server, zoo_program(), faults[i]);
        rows[i] = {faults[i], expose(faults[i], iut, subjects, settings)};
        const std::lock_guard lock(mutex);
        fmt::print("{}", row_text(rows[i]));
        std::fflush(stdout);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
        next = faults.size();
      }
    }
  };
  {
    // Adapters end with the thread that started them.
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs; ++i) threads.emplace_back(job);
  }
  if (failure) std::rethrow_exception(failure);
  return rows;
}

void write_json(const nlohmann::json& json, const fs::path& path) {
  std::ofstream file(path);
  file << json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  if (!file) throw UsageError(path.string() + " cannot be written");
}

std::size_t count_cells(const std::vector<Exposed>& matrix) {
  std::size_t cells = 0;
  for (const Exposed& row : matrix) cells += row.cells.size();
  return cells;
}

}  // namespace

int list_faults() {
  for (const FaultEntry& fault : read_table(zoo_program())) {
    fmt::print("{:<45} {}\n{:<45} violates {}; killed by {}\n", fault.name, fault.description, "",
               fault.requirements.empty() ? "nothing"
                                          : fmt::format("{}", fmt::join(fault.requirements, " ")),
               fault.cases.empty() ? "no case in particular"
                                   : fmt::format("{}", fmt::join(fault.cases, " ")));
  }
  return kHolds;
}

int zoo_command(const Options& options, const ZooOptions& zoo) {
  const std::vector<FaultEntry> faults = chosen_faults(zoo.faults);
  const Ensemble ensemble = assemble(options);
  const std::vector<Subject> subjects = subjects_of(ensemble, options);
  // A job waits more than it works: for what a fault keeps from coming.
  constexpr std::size_t kJobsPerCore = 2;
  const std::size_t jobs = options.jobs > 0 ? options.jobs : kJobsPerCore * options.job_count();
  const std::vector<Exposed> matrix =
      expose_all(faults, subjects, ensemble, exposure_settings(options, zoo), jobs);
  const bool is_whole = zoo.faults.empty() && options.filter == "*" && options.provider.empty();
  const Excuses excuses =
      read_excuses(fs::path(WS2CONFORM_SOURCE_DIR) / "conformance" / "zoo" / "excuses.yaml");
  Score result = score(matrix, subjects, ensemble.cases, excuses, is_whole);
  if (!zoo.readme.empty() && is_whole) {
    const std::string line = readme_line(result);
    if (!zoo.check) {
      update_readme(zoo.readme, line);
    } else if (!readme_is_current(zoo.readme, line)) {
      result.problems.push_back(zoo.readme + " does not say: " + line);
    }
  }
  const fs::path out = zoo.out.empty() ? places().build / "zoo.json" : fs::path(zoo.out);
  write_json(matrix_json(matrix, result, subjects, excuses), out);
  fmt::print("{}matrix: {}\n", summary_text(result, subjects, count_cells(matrix)), out.string());
  return result.problems.empty() ? kHolds : kViolated;
}

}  // namespace ws2conform
