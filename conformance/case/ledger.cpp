#include "conformance/case/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ws2conform {

std::vector<LedgerEntry> ledger(const CaseSet& cases) {
  std::vector<LedgerEntry> entries;
  for (const auto& [id, requirement] : cases.requirements) {
    LedgerEntry entry{&requirement, {}};
    for (const Case& source : cases.cases) {
      const auto& named = source.requirements;
      if (std::find(named.begin(), named.end(), id) != named.end()) entry.cases.push_back(&source);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string state_text(const LedgerEntry& entry) {
  if (entry.requirement->state != State::kOpen)
    return std::string(to_string(entry.requirement->state));
  return entry.cases.empty() ? "" : "tested";
}

std::vector<std::string> ledger_problems(const CaseSet& cases) {
  std::vector<std::string> problems;
  for (const LedgerEntry& entry : ledger(cases)) {
    const Requirement& requirement = *entry.requirement;
    const auto problem = [&](const std::string& text) {
      problems.push_back(
          fmt::format("{}:{}: {} {}", requirement.file, requirement.line, requirement.id, text));
    };
    if (is_left_out(requirement)) {
      if (entry.cases.empty()) continue;
      problem(fmt::format("is {}, yet case {} tests it", to_string(requirement.state),
                          entry.cases.front()->id));
    } else if (entry.cases.empty()) {
      problem(requirement.state == State::kOpen
                  ? "has no state: no case tests it, and it is neither excluded nor untestable"
                  : fmt::format("is {}, and no case looks at which reading holds",
                                to_string(requirement.state)));
    }
  }
  return problems;
}

}  // namespace ws2conform
