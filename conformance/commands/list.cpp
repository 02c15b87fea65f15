#include <fmt/format.h>

#include <set>

#include "conformance/case/loader.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/judge/invariants.hpp"

namespace ws2conform {
namespace {

CaseSet load(const Options& options) {
  return load_case_set(options.cases.empty() ? default_cases()
                                             : std::filesystem::path(options.cases));
}

void list_cases(const CaseSet& cases) {
  std::string area = "-";
  for (const Case& source : cases.cases) {
    if (source.area != area) fmt::print("{}{}\n", area == "-" ? "" : "\n", source.area);
    area = source.area;
    fmt::print("  {:<52} {}\n", source.id, source.title);
  }
}

void list_requirements(const CaseSet& cases) {
  std::map<std::string, std::set<std::string>> tested_by;
  for (const Case& source : cases.cases) {
    for (const std::string& id : source.requirements) tested_by[id].insert(source.id);
  }
  for (const auto& [id, requirement] : cases.requirements) {
    fmt::print("{:<10} {:<6} {}\n           {}; {}\n", id, to_string(requirement.level),
               requirement.statement, requirement.source,
               tested_by[id].empty() ? "no case names it"
                                     : fmt::format("cases: {}", fmt::join(tested_by[id], ", ")));
  }
}

void list_iuts() {
  for (const host::Iut& iut : host::list_iuts(places())) {
    const auto missing = host::missing_programs(iut);
    fmt::print("{:<12} {}{}\n", iut.name, iut.title,
               missing.empty() ? ""
                               : fmt::format("  [not installed: {}; {}]", fmt::join(missing, ", "),
                                             iut.install));
  }
}

void list_invariants() {
  for (const Invariant& invariant : all_invariants()) {
    fmt::print("{:<20} {:<9} {}\n", invariant.id, invariant.requirement, invariant.statement);
  }
}

}  // namespace

int list_command(const std::string& what, const Options& options) {
  if (what == "cases") {
    list_cases(load(options));
  } else if (what == "requirements") {
    list_requirements(load(options));
  } else if (what == "iuts") {
    list_iuts();
  } else if (what == "invariants") {
    list_invariants();
  } else if (what == "faults") {
    list_faults();
  } else {
    const std::vector<std::string> known = {"cases", "requirements", "iuts", "invariants",
                                            "faults"};
    throw UsageError(fmt::format("there is no list of \"{}\"; the lists are {}{}", what,
                                 fmt::join(known, ", "), did_you_mean(what, known)));
  }
  return kHolds;
}

}  // namespace ws2conform
