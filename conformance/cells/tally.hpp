// Which cases reached which cell of the reference's state table.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "conformance/cells/line.hpp"
#include "conformance/history/history.hpp"

namespace ws2conform {

struct CellTally {
  // By cell_index(): the IDs of the cases.
  std::array<std::set<std::string>, UsedCells().size()> cases;

  const std::set<std::string>& of(ws2::State state, ws2::Input input) const {
    return cases[cell_index(state, input)];
  }
};

// Absent where the run has recorded no cells: its implementation was not the adapter that does.
// Throws InputError with the schedule where it recorded some that do not exist.
std::optional<CellTally> tally_cells(const History& history);

// {"states": [name...], "inputs": [name...], "cells": [...]}: one cell for each input and state, in
// that order, with state, input, outcome, reach ("two ends", "hostile peer" or "never"), reason
// (where it is never reached) and cases.
nlohmann::json to_json(const CellTally& tally);

// For people: the table with the number of cases in each cell, and below it the cells that two
// well-behaved ends can use and no case reaches.
std::string cells_text(const CellTally& tally);

}  // namespace ws2conform
