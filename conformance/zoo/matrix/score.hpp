// What the matrix comes to.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/zoo/matrix/excuses.hpp"
#include "conformance/zoo/matrix/exposure.hpp"

namespace ws2conform::zoo {

// A fault with its row of the matrix.
struct Exposed {
  FaultEntry fault;
  std::vector<Cell> cells;

  std::set<std::string> killed_by() const;
  bool was_reached() const;
};

struct Score {
  std::size_t faults = 0;  // without the null fault and the total one
  std::size_t killed = 0;
  std::map<std::string, std::set<std::string>> kills;  // by case, the total fault left out
  std::map<std::string, std::string> only_by;          // fault -> the one case that kills it
  // Cases all of whose kills another case makes too: case -> that one.
  std::map<std::string, std::string> subsumed;
  std::vector<std::string> problems;  // a sentence each; none when all is well

  int percent() const { return faults == 0 ? 0 : static_cast<int>(100 * killed / faults); }
};

// `is_whole`: nothing was left out by filters, so that what is missing is missing.
Score score(const std::vector<Exposed>& matrix, const std::vector<Subject>& subjects,
            const CaseSet& cases, const Excuses& excuses, bool is_whole);

}  // namespace ws2conform::zoo
