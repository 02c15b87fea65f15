#include "table.hpp"

#include <algorithm>
#include <cstdio>

namespace bench {
namespace {

struct Figures {
  Spread rate;
  Spread rate_ratio;
  Spread cpu_us;
  Spread cpu_ratio;
  Spread switches;
};

Figures figures(const Scenario& scenario, const Series& row, const Series& first) {
  std::vector<double> rate, rate_ratio, cpu, cpu_ratio, switches;
  const double units = row.operations * scenario.units_per_operation;
  const double first_units = first.operations * scenario.units_per_operation;
  for (std::size_t i = 0; i < row.rounds.size(); ++i) {
    const Measured& own = row.rounds[i];
    const Measured& other = first.rounds[i];
    rate.push_back(units / own.seconds);
    rate_ratio.push_back(rate.back() / (first_units / other.seconds));
    cpu.push_back(own.cpu_seconds / units * 1e6);
    cpu_ratio.push_back(other.cpu_seconds / first_units * 1e6 / cpu.back());
    switches.push_back(own.switches / units);
  }
  return {spread(rate), spread(rate_ratio), spread(cpu), spread(cpu_ratio), spread(switches)};
}

void print(const Figures& of) {
  std::printf(" | %9.0f  %5.2f (%4.2f-%4.2f)  %8.1f  %5.2f (%4.2f-%4.2f)  %5.1f", of.rate.median,
              of.rate_ratio.median, of.rate_ratio.low, of.rate_ratio.high, of.cpu_us.median,
              of.cpu_ratio.median, of.cpu_ratio.low, of.cpu_ratio.high, of.switches.median);
}

}  // namespace

Spread spread(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {at(0.5), at(0.25), at(0.75)};
}

void print_table(const Scenario& scenario, const Placement& pinned, const Placement& unpinned) {
  const std::string title(scenario.title);
  const std::string unit(scenario.unit);
  std::printf("\n%s (%s)\n", title.c_str(), unit.c_str());
  std::printf("%-29s | %-62s | %s\n", "", "both processes on one processor", "anywhere");
  const char* const heads = "per second  ratio (middle)        CPU us  ratio (middle)      waits";
  std::printf("%-29s | %s | %s\n", "", heads, heads);
  for (std::size_t i = 0; i < scenario.rows.size(); ++i) {
    std::printf("%-29s", scenario.rows[i].label.c_str());
    print(figures(scenario, pinned[i], pinned[0]));
    print(figures(scenario, unpinned[i], unpinned[0]));
    std::printf("\n");
  }
  for (const Row& row : scenario.rows) {
    if (row.label != row.contender->name) continue;
    std::printf("  %s: %s\n", row.label.c_str(), std::string(row.contender->remark).c_str());
  }
  std::fflush(stdout);
}

}  // namespace bench
