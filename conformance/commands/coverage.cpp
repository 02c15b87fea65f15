#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "conformance/case/ledger.hpp"
#include "conformance/cells/tally.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/commands/judged.hpp"
#include "conformance/history/merge.hpp"
#include "conformance/history/reader.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// The cases that apply to each provider with some choice of their axes.
using Applies = std::map<std::string, std::set<const Case*>>;

Applies applying(const Ensemble& ensemble) {
  Applies applies;
  for (const std::string& provider : ensemble.providers) {
    applies[provider];
    for (const Case& source : ensemble.cases.cases) {
      const std::vector<Instance> all = instances(source, provider);
      if (std::any_of(all.begin(), all.end(),
                      [&](const Instance& i) { return ensemble.gap(i).empty(); })) {
        applies[provider].insert(&source);
      }
    }
  }
  return applies;
}

long long count(const LedgerEntry& entry, const std::set<const Case*>& applying) {
  return std::count_if(entry.cases.begin(), entry.cases.end(),
                       [&](const Case* source) { return applying.count(source) > 0; });
}

// "SEED-A" of SEED-A01, "ACC" of ACC-02.
std::string family(const std::string& id) {
  const std::size_t digit = id.find_first_of("0123456789");
  const std::string head = id.substr(0, digit);
  return head.back() == '-' ? head.substr(0, head.size() - 1) : head;
}

json to_json(const Ensemble& ensemble, const std::vector<LedgerEntry>& entries,
             const Applies& applies) {
  json requirements = json::array();
  for (const LedgerEntry& entry : entries) {
    const Requirement& requirement = *entry.requirement;
    json cases = json::object();
    for (const Case* source : entry.cases) {
      json providers = json::array();
      for (const std::string& provider : ensemble.providers) {
        if (applies.at(provider).count(source) > 0) providers.push_back(provider);
      }
      cases[source->id] = std::move(providers);
    }
    requirements.push_back({{"id", requirement.id},
                            {"level", to_string(requirement.level)},
                            {"statement", requirement.statement},
                            {"source", requirement.source},
                            {"provenance", to_string(requirement.provenance)},
                            {"state", state_text(entry)},
                            {"reason", requirement.reason},
                            {"readings", requirement.readings},
                            {"wording", requirement.wording},
                            {"file", requirement.file},
                            {"line", requirement.line},
                            {"cases", std::move(cases)}});
  }
  return {{"implementation", ensemble.client.implementation},
          {"providers", ensemble.providers},
          {"requirements", std::move(requirements)}};
}

void print_table(const Ensemble& ensemble, const std::vector<LedgerEntry>& entries,
                 const Applies& applies) {
  fmt::print("{:<9} {:<7} {:<13} {:>5}", "", "level", "state", "cases");
  for (const std::string& provider : ensemble.providers) fmt::print(" {:>8}", provider);
  fmt::print("\n");
  for (const LedgerEntry& entry : entries) {
    const std::string state = state_text(entry);
    fmt::print("{:<9} {:<7} {:<13} {:>5}", entry.requirement->id,
               to_string(entry.requirement->level), state.empty() ? "NOTHING" : state,
               entry.cases.size());
    for (const std::string& provider : ensemble.providers) {
      const long long number = count(entry, applies.at(provider));
      const std::string cell = number > 0 ? std::to_string(number) : ".";
      fmt::print(" {:>{}}", cell, std::max<std::size_t>(8, provider.size()));
    }
    fmt::print("\n");
  }
}

void print_totals(const std::vector<LedgerEntry>& entries) {
  struct Totals {
    int all = 0;
    int tested = 0;
    int left_out = 0;
  };
  std::map<std::string, Totals> families;
  for (const LedgerEntry& entry : entries) {
    for (const std::string& name : {family(entry.requirement->id), std::string("~all")}) {
      Totals& totals = families[name];
      ++totals.all;
      if (!entry.cases.empty()) ++totals.tested;
      if (is_left_out(*entry.requirement)) ++totals.left_out;
    }
  }
  fmt::print("\n");
  for (const auto& [name, totals] : families) {
    fmt::print("{:<9} {:>4} requirements: {:>4} tested, {:>3} left out with a reason{}\n",
               name == "~all" ? "all" : name, totals.all, totals.tested, totals.left_out,
               totals.all > totals.tested + totals.left_out
                   ? fmt::format(", {} with NOTHING", totals.all - totals.tested - totals.left_out)
                   : "");
  }
}

CellTally cells_of(const std::vector<std::string>& files) {
  CellTally tally;
  std::vector<History> shards;
  for (const std::string& file : files) {
    shards.push_back(read_history(file, [&](const History& of, const ScheduleHistory& schedule) {
      tally.take(of, schedule);
    }));
  }
  merge(std::move(shards));  // or they are not of one run
  if (tally.empty()) {
    throw InputError({files.front(), 0, 0},
                     "it tells nothing of states: only a run of the reference does");
  }
  return tally;
}

}  // namespace

int coverage_command(bool as_json, const std::vector<std::string>& histories,
                     const Options& options) {
  std::optional<CellTally> cells;
  CellReasons reasons;
  if (!histories.empty()) {
    cells = cells_of(histories);
    reasons = read_cell_reasons(fs::path(WS2CONFORM_SOURCE_DIR) / "conformance" / "cells" /
                                "unreached.yaml");
  }
  const Ensemble ensemble = assemble(options);
  const std::vector<LedgerEntry> entries = ledger(ensemble.cases);
  const Applies applies = applying(ensemble);
  std::vector<std::string> problems = ledger_problems(ensemble.cases);
  if (cells) {
    const std::vector<std::string> more = cell_problems(*cells, reasons);
    problems.insert(problems.end(), more.begin(), more.end());
  }
  if (as_json) {
    json all = to_json(ensemble, entries, applies);
    if (cells) all["states"] = to_json(*cells, reasons);
    fmt::print("{}\n", all.dump(1));
  } else {
    print_table(ensemble, entries, applies);
    print_totals(entries);
    if (cells) fmt::print("\n{}", cells_text(*cells, reasons));
  }
  for (const std::string& problem : problems) fmt::print(stderr, "{}\n", problem);
  return problems.empty() ? kHolds : kViolated;
}

}  // namespace ws2conform
