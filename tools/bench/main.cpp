// Measures the reference implementation side by side with others. README.md says how to read it.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>

#include "octets.hpp"
#include "table.hpp"

namespace bench {
namespace {

struct Options {
  int rounds = 9;
  double seconds = 0.3;
  int cpu = 0;
  std::vector<std::string> only;
  std::vector<std::string> rows;
  bool smoke = false;
  int once = 0;
};

/// So many operations as fill the time of a round, by a short round before.
int calibrate(const Scenario& scenario, const Row& row, const Options& options, int cpu) {
  int operations = scenario.smoke_operations;
  for (int tries = 0; tries < 2; ++tries) {
    const Measured short_one = run_round(*row.contender, row.job(operations), cpu);
    const double wanted = operations * options.seconds / short_one.seconds;
    operations = static_cast<int>(
        std::clamp<double>(wanted, 5, static_cast<double>(scenario.most_operations)));
    // A slow one is known well enough.
    if (short_one.seconds > options.seconds / 4) break;
  }
  return operations;
}

Placement measure(const Scenario& scenario, const Options& options, int cpu) {
  Placement placement(scenario.rows.size());
  for (std::size_t i = 0; i < placement.size(); ++i) {
    placement[i].operations = calibrate(scenario, scenario.rows[i], options, cpu);
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (std::size_t i = 0; i < placement.size(); ++i) {
      // There and back, so that none always runs after the same one.
      const std::size_t index = round % 2 == 0 ? i : placement.size() - 1 - i;
      const Row& row = scenario.rows[index];
      placement[index].rounds.push_back(
          run_round(*row.contender, row.job(placement[index].operations), cpu));
    }
  }
  return placement;
}

void run_once(const Scenario& scenario, int operations, int cpu) {
  for (const Row& row : scenario.rows) {
    run_round(*row.contender, row.job(operations), cpu);
    std::printf("%s, %s: done\n", std::string(scenario.name).c_str(), row.label.c_str());
    // The next round's processes would have it too.
    std::fflush(stdout);
  }
}

bool is_wanted(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::ranges::find(names, name) != names.end();
}

void say_what_is_missing() {
  for (const Contender& each : contenders()) {
    if (each.serve != nullptr) continue;
    std::printf("Without %s: that takes the Debian package %s.\n", std::string(each.name).c_str(),
                std::string(each.package).c_str());
  }
  std::fflush(stdout);
}

int run(const Options& options) {
  set_thorough(options.smoke);
  say_what_is_missing();
  for (Scenario& scenario : [] {
         static auto all = scenarios();
         return std::span(all);
       }()) {
    if (!is_wanted(options.only, scenario.name)) continue;
    std::erase_if(scenario.rows,
                  [&](const Row& row) { return !is_wanted(options.rows, row.label); });
    if (scenario.rows.empty()) continue;
    if (options.smoke || options.once > 0) {
      const int operations = options.smoke ? scenario.smoke_operations : options.once;
      run_once(scenario, operations, options.smoke ? kAnywhere : options.cpu);
      continue;
    }
    const Placement pinned = measure(scenario, options, options.cpu);
    print_table(scenario, pinned, measure(scenario, options, kAnywhere));
  }
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  bench::Options options;
  CLI::App app{"Measures the reference implementation side by side with others."};
  app.add_option("--rounds", options.rounds, "rounds of each row")->check(CLI::Range(1, 1000));
  app.add_option("--seconds", options.seconds, "length of a round")->check(CLI::Range(0.001, 60.0));
  app.add_option("--cpu", options.cpu, "the processor to pin to")->check(CLI::Range(0, 4095));
  app.add_option("--only", options.only, "these tables only");
  app.add_option("--row", options.rows,
                 "these rows only; the first is what others are compared with");
  app.add_flag("--smoke", options.smoke,
               "a few operations of each, octets verified, nothing timed");
  app.add_option("--once", options.once, "so many operations of each row, once: for strace, perf");
  CLI11_PARSE(app, argc, argv);
  try {
    return bench::run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
