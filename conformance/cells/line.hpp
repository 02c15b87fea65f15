// How the adapter tells which cells of the state table were used: one line on standard error,
//
//   cells: idle/request, requesting/peer's accept
//
// written when it is told to reset, so that the suite keeps it with the history of the schedule.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "connection/state_table.hpp"

namespace ws2conform {

// By index_of().
using UsedCells = std::bitset<ws2::kStateCount * ws2::kInputCount>;

constexpr std::size_t cell_index(ws2::State state, ws2::Input input) {
  return static_cast<std::size_t>(state) * ws2::kInputCount + static_cast<std::size_t>(input);
}

// Empty for none, else with its line feed.
std::string cells_line(const UsedCells& used);

// That of "idle/request"; nothing where the table has no such cell.
std::optional<std::size_t> cell_named(std::string_view name);

// "idle/request".
std::string cell_name(std::size_t index);

// Adds what all such lines in `text` tell. Throws std::runtime_error for a cell that is not there:
// the line is of another version of the table.
void add_cells(std::string_view text, UsedCells& used);

}  // namespace ws2conform
