#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "round.hpp"

namespace bench {

/// One line of a table.
struct Row {
  std::string label;
  const Contender* contender;
  /// The job with so many operations in it.
  std::function<Job(int operations)> job;
};

/// One table: rows that do the same thing, the first of which is what the others are compared with.
struct Scenario {
  std::string_view name;
  std::string_view title;
  std::string_view unit;       ///< what is counted, in the plural
  double units_per_operation;  ///< how many of them one operation is
  int most_operations;         ///< in one round
  int smoke_operations;
  std::vector<Row> rows;
};

/// Without the contenders that are not installed.
std::vector<Scenario> scenarios();

}  // namespace bench
