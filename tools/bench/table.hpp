#pragma once

#include <vector>

#include "scenario.hpp"

namespace bench {

/// Of the rounds of one row: the middle, and between which values the middle half is.
struct Spread {
  double median = 0;
  double low = 0;
  double high = 0;
};
Spread spread(std::vector<double> values);

/// Rounds of one row in one placement, each beside that of the first row in the same round.
struct Series {
  std::vector<Measured> rounds;
  int operations = 0;
};

/// One for each row.
using Placement = std::vector<Series>;

void print_table(const Scenario& scenario, const Placement& pinned, const Placement& unpinned);

}  // namespace bench
