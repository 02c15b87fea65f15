// Which cases reached which cell of the reference's state table.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "conformance/cells/line.hpp"
#include "conformance/cells/reasons.hpp"
#include "conformance/history/history.hpp"

namespace ws2conform {

class CellTally {
 public:
  // What the adapters of a run wrote of one schedule. Throws InputError with the schedule where
  // that names cells that do not exist.
  void take(const History& of, const ScheduleHistory& schedule);

  // The implementation was not the adapter that tells.
  bool empty() const;

  // The IDs of the cases.
  const std::set<std::string>& of(ws2::State state, ws2::Input input) const {
    return of(cell_index(state, input));
  }
  const std::set<std::string>& of(std::size_t index) const { return cases_[index]; }

 private:
  std::array<std::set<std::string>, UsedCells().size()> cases_;  // by cell_index()
};

// {"states": [name...], "inputs": [name...], "cells": [...]}: one cell for each input and state, in
// that order, with state, input, outcome, reach ("two ends", "hostile peer" or "never"), reason
// (where it is never reached, or no case reaches it) and cases.
nlohmann::json to_json(const CellTally& tally, const CellReasons& reasons = {});

// For people: the table with the number of cases in each cell, and below it the cells that two
// well-behaved ends can use and no case reaches, with the reasons.
std::string cells_text(const CellTally& tally, const CellReasons& reasons);

// Sentences: cells that no case reaches and that have no reason, and reasons for cells that one
// does.
std::vector<std::string> cell_problems(const CellTally& tally, const CellReasons& reasons);

}  // namespace ws2conform
