// Requirements and cases brought together: what is tested by what, and what is said of the rest.
#pragma once

#include <string>
#include <vector>

#include "conformance/case/model.hpp"

namespace ws2conform {

struct LedgerEntry {
  const Requirement* requirement;
  std::vector<const Case*> cases;  // that name it, in the set's order
};

// One entry a requirement, by ID. Refers to `cases`.
std::vector<LedgerEntry> ledger(const CaseSet& cases);

// "tested", or the state that the ledger gives; "" for what has neither a case nor a state.
std::string state_text(const LedgerEntry& entry);

// What is wrong with the ledger as a whole, a line with its place for each: a requirement that
// nothing tests and no state excuses, one that is left out and tested nevertheless, an ambiguous
// one that no case looks at.
std::vector<std::string> ledger_problems(const CaseSet& cases);

}  // namespace ws2conform
