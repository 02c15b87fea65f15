#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>

#include "conformance/case/hash.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/commands/walking.hpp"
#include "conformance/walks/yaml_text.hpp"
#include "conformance/zoo/matrix/output.hpp"
#include "conformance/zoo/matrix/readme.hpp"
#include "conformance/zoo/matrix/search.hpp"

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

// Calls `work` with every number below `count`, by several threads. Adapters end with the thread
// that started them. The first exception ends all.
template <typename Work>
void by_several_threads(std::size_t count, const Options& options, Work work) {
  // A job waits more than it works: for what a fault keeps from coming.
  constexpr std::size_t kJobsPerCore = 2;
  const std::size_t jobs = options.jobs > 0 ? options.jobs : kJobsPerCore * options.job_count();
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;  // of the exception
  std::exception_ptr failure;
  const auto job = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs; ++i) threads.emplace_back(job);
  }
  if (failure) std::rethrow_exception(failure);
}

// A row for each fault, in their order. `note` is told of each row that is done, one at a time.
template <typename Row, typename Make, typename Note>
std::vector<Row> rows_of(const std::vector<FaultEntry>& faults, const Ensemble& ensemble,
                         const Options& options, Make make, Note note) {
  std::vector<Row> rows(faults.size());
  std::mutex mutex;  // of `note`, and of the console
  by_several_threads(faults.size(), options, [&](std::size_t i) {
    rows[i] = make(faults[i], with_fault(ensemble.casting.server, zoo_program(), faults[i]));
    const std::lock_guard lock(mutex);
    fmt::print("{}", row_text(rows[i]));
    std::fflush(stdout);
    note(rows[i]);
  });
  return rows;
}

// What is red in haste where nothing is wrong would be red of every fault, and kill it for nothing.
void find_what_takes_time(std::vector<Subject>& subjects, const Ensemble& ensemble,
                          const Options& options, const ExposureSettings& settings) {
  for (const FaultEntry& fault : read_table(zoo_program())) {
    if (!fault.is_null()) continue;
    const host::Iut iut = with_fault(ensemble.casting.server, zoo_program(), fault);
    by_several_threads(subjects.size(), options, [&](std::size_t i) {
      for (const Cell& cell : expose(fault, iut, {subjects[i]}, settings)) {
        subjects[i].takes_time = cell.takes_time;
      }
    });
  }
}

std::size_t count_cells(const std::vector<Exposed>& matrix) {
  std::size_t cells = 0;
  for (const Exposed& row : matrix) cells += row.cells.size();
  return cells;
}

// The walks that `explore` would take, one after the other.
std::deque<Case> all_walks(const Ensemble& ensemble, const Options& options, std::size_t count,
                           std::vector<Trial>& trials) {
  std::deque<Case> walks;
  walks::Series series = walk_series(ensemble, options);
  for (std::size_t i = 0; i < count; ++i) {
    auto [id, provider, generated] = series.next();
    if (!generated || !ensemble.gap(instances(generated->walk, provider).front()).empty()) continue;
    walks.push_back(std::move(generated->walk));
    Instance instance = instances(walks.back(), provider).front();
    std::vector<Schedule> schedules = walks::schedules_of_a_walk(instance, options.seed);
    trials.push_back({std::move(instance), std::move(schedules)});
  }
  return walks;
}

// The line is put into the documents or, where it is only checked, missed in `problems`.
void tell_readmes(const ZooOptions& zoo, const std::string& what, const std::string& line,
                  std::vector<std::string>& problems) {
  for (const std::string& readme : zoo.readmes) {
    if (!zoo.check) {
      update_readme(readme, what, line);
    } else if (!readme_is_current(readme, what, line)) {
      problems.push_back(readme + " does not say: " + line);
    }
  }
}

Walks told_of(const std::vector<Trial>& trials, const Options& options, const ZooOptions& zoo) {
  Walks walks{zoo.walks, options.edition, fnv1a(std::to_string(options.seed))};
  for (const Trial& trial : trials) {
    walks.digest = fnv1a(trial.instance.name(), walks.digest);
    walks.digest = fnv1a(walks::yaml_text(*trial.instance.source), walks.digest);
  }
  return walks;
}

// Of an earlier search, where that is asked for.
std::vector<Searched> earlier_rows(const fs::path& path, const Walks& walks,
                                   const std::vector<FaultEntry>& faults, const ZooOptions& zoo) {
  std::ifstream file(path);
  if (!zoo.resume || !file) return {};
  return rows_of_search(nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false), walks,
                        faults);
}

// What random walks find, told and written down as it comes. A figure, and no verdict.
int explored_zoo(const Options& options, const ZooOptions& zoo) {
  const std::vector<FaultEntry> faults = chosen_faults(zoo.faults);
  const Ensemble ensemble = assemble(options);
  std::vector<Trial> trials;
  const std::deque<Case> kept = all_walks(ensemble, options, zoo.walks, trials);
  const Walks walks = told_of(trials, options, zoo);
  const fs::path out = zoo.out.empty() ? places().build / "explored.json" : fs::path(zoo.out);
  std::vector<Searched> rows = earlier_rows(out, walks, faults, zoo);
  std::vector<FaultEntry> left;
  std::copy_if(faults.begin(), faults.end(), std::back_inserter(left), [&](const FaultEntry& one) {
    return std::none_of(rows.begin(), rows.end(),
                        [&](const Searched& row) { return row.fault.name == one.name; });
  });
  const ExposureSettings settings = exposure_settings(options, zoo);
  rows_of<Searched>(
      left, ensemble, options,
      [&](const FaultEntry& fault, const host::Iut& iut) {
        return search(fault, iut, trials, settings);
      },
      [&](const Searched& row) {
        rows.push_back(row);
        write_json(search_json(rows, walks), out);
      });
  std::vector<std::string> problems;
  const std::string line = figure(rows, walks);
  if (zoo.faults.empty()) tell_readmes(zoo, "explore", line, problems);
  fmt::print("\n{}written to {}\n", line, out.string());
  for (const std::string& problem : problems) fmt::print("{}", problem);
  return problems.empty() ? kHolds : kViolated;
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
  if (zoo.explore) return explored_zoo(options, zoo);
  const std::vector<FaultEntry> faults = chosen_faults(zoo.faults);
  const Ensemble ensemble = assemble(options);
  std::vector<Subject> subjects = subjects_of(ensemble, options);
  const ExposureSettings settings = exposure_settings(options, zoo);
  find_what_takes_time(subjects, ensemble, options, settings);
  const auto matrix = rows_of<Exposed>(
      faults, ensemble, options,
      [&](const FaultEntry& fault, const host::Iut& iut) {
        return Exposed{fault, expose(fault, iut, subjects, settings)};
      },
      [](const Exposed&) {});
  const bool is_whole = zoo.faults.empty() && options.filter == "*" && options.provider.empty();
  const Excuses excuses =
      read_excuses(fs::path(WS2CONFORM_SOURCE_DIR) / "conformance" / "zoo" / "excuses.yaml");
  Score result = score(matrix, subjects, ensemble.cases, excuses, is_whole);
  if (is_whole) tell_readmes(zoo, "zoo", readme_line(result), result.problems);
  // Reports take zoo.json for the whole.
  const char* const name = is_whole ? "zoo.json" : "zoo-selected.json";
  const fs::path out = zoo.out.empty() ? places().build / name : fs::path(zoo.out);
  write_json(matrix_json(matrix, result, subjects, excuses), out);
  fmt::print("{}matrix: {}\n", summary_text(result, subjects, count_cells(matrix)), out.string());
  return result.problems.empty() ? kHolds : kViolated;
}

}  // namespace ws2conform
