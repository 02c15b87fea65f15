#include "conformance/zoo/matrix/score.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ws2conform::zoo {
namespace {

using Problems = std::vector<std::string>;

const Case* find_case(const CaseSet& cases, const std::string& id) {
  const auto found = std::find_if(cases.cases.begin(), cases.cases.end(),
                                  [&](const Case& source) { return source.id == id; });
  return found == cases.cases.end() ? nullptr : &*found;
}

void judge_cells(const Exposed& row, Problems& problems) {
  const FaultEntry& fault = row.fault;
  for (const Cell& cell : row.cells) {
    if (cell.outcome == Outcome::kWrongReason) {
      problems.push_back(
          fmt::format("{}: {} is red for a reason that the fault does not name{}: {}: {}",
                      fault.name, cell.instance, cell.reached ? "" : " (and it was not reached)",
                      cell.check, cell.message));
    } else if (fault.is_total() && cell.outcome == Outcome::kPassed) {
      problems.push_back(fmt::format("{}: {} passes", fault.name, cell.instance));
    }
  }
}

void judge_fault(const Exposed& row, const std::vector<Subject>& subjects, bool is_whole,
                 Problems& problems) {
  const FaultEntry& fault = row.fault;
  judge_cells(row, problems);
  for (const std::string& symptom : fault.vague_symptoms()) {
    problems.push_back(fmt::format("{}: the symptom {} names no check", fault.name, symptom));
  }
  const std::set<std::string> killed_by = row.killed_by();
  if (fault.is_null()) {
    if (!killed_by.empty()) problems.push_back("the null fault was killed");
    return;
  }
  for (const std::string& id : fault.cases) {
    const bool ran = std::any_of(subjects.begin(), subjects.end(),
                                 [&](const Subject& s) { return s.source->id == id; });
    if (ran && killed_by.count(id) == 0) {
      problems.push_back(fmt::format("{}: {} is named and does not kill it", fault.name, id));
    }
  }
  if (killed_by.empty() && is_whole) {
    problems.push_back(
        fmt::format("{}: survives{}", fault.name, row.was_reached() ? "" : ": no case reaches it"));
  }
}

void judge_names(const std::vector<Exposed>& matrix, const CaseSet& cases, Problems& problems) {
  for (const Exposed& row : matrix) {
    for (const std::string& id : row.fault.cases) {
      if (find_case(cases, id) == nullptr) {
        problems.push_back(fmt::format("{}: there is no case {}", row.fault.name, id));
      }
    }
    for (const std::string& id : row.fault.requirements) {
      if (cases.requirements.count(id) == 0) {
        problems.push_back(fmt::format("{}: there is no requirement {}", row.fault.name, id));
      }
    }
  }
}

// Every requirement of level must that a case names has a fault that violates it.
void judge_requirements(const std::vector<Exposed>& matrix, const CaseSet& cases,
                        const Excuses& excuses, Problems& problems) {
  std::set<std::string> violated;
  for (const Exposed& row : matrix) {
    violated.insert(row.fault.requirements.begin(), row.fault.requirements.end());
  }
  std::set<std::string> tested;
  for (const Case& source : cases.cases) {
    tested.insert(source.requirements.begin(), source.requirements.end());
  }
  for (const auto& [id, requirement] : cases.requirements) {
    if (requirement.level != Level::kMust || tested.count(id) == 0) continue;
    if (violated.count(id) == 0 && excuses.requirements.count(id) == 0) {
      problems.push_back(fmt::format("{}: no fault violates it", id));
    }
  }
  for (const auto& [id, reason] : excuses.requirements) {
    if (violated.count(id) > 0) problems.push_back(id + ": excused, and a fault violates it");
    if (tested.count(id) == 0) problems.push_back(id + ": excused, and no case tests it");
  }
}

void judge_cases(const Score& score, const std::vector<Subject>& subjects, const Excuses& excuses,
                 Problems& problems) {
  for (const Subject& subject : subjects) {
    const std::string& id = subject.source->id;
    const bool kills = score.kills.count(id) > 0;
    const bool excused = excuses.cases.count(id) > 0;
    if (!kills && !excused) problems.push_back(id + ": kills nothing");
    if (kills && excused) problems.push_back(id + ": excused for killing nothing, and kills");
  }
}

std::map<std::string, std::string> subsumed(
    const std::map<std::string, std::set<std::string>>& kills) {
  std::map<std::string, std::string> result;
  for (const auto& [id, killed] : kills) {
    for (const auto& [other, more] : kills) {
      const bool is_more =
          more.size() > killed.size() || (more.size() == killed.size() && other < id);
      if (other != id && is_more &&
          std::includes(more.begin(), more.end(), killed.begin(), killed.end())) {
        result[id] = other;
        break;
      }
    }
  }
  return result;
}

}  // namespace

std::set<std::string> Exposed::killed_by() const {
  std::set<std::string> ids;
  for (const Cell& cell : cells) {
    if (cell.outcome == Outcome::kKilled) ids.insert(cell.case_id);
  }
  return ids;
}

bool Exposed::was_reached() const {
  return std::any_of(cells.begin(), cells.end(), [](const Cell& cell) { return cell.reached; });
}

Score score(const std::vector<Exposed>& matrix, const std::vector<Subject>& subjects,
            const CaseSet& cases, const Excuses& excuses, bool is_whole) {
  Score result;
  for (const Exposed& row : matrix) {
    judge_fault(row, subjects, is_whole, result.problems);
    if (row.fault.is_null() || row.fault.is_total()) continue;
    ++result.faults;
    const std::set<std::string> killed_by = row.killed_by();
    if (!killed_by.empty()) ++result.killed;
    if (killed_by.size() == 1) result.only_by[row.fault.name] = *killed_by.begin();
    for (const std::string& id : killed_by) result.kills[id].insert(row.fault.name);
  }
  result.subsumed = subsumed(result.kills);
  if (is_whole) {
    judge_names(matrix, cases, result.problems);
    judge_requirements(matrix, cases, excuses, result.problems);
    judge_cases(result, subjects, excuses, result.problems);
  }
  return result;
}

}  // namespace ws2conform::zoo
