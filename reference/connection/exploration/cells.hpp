#pragma once

#include <string>
#include <string_view>

#include "connection/state_table.hpp"

namespace ws2 {

/// How a cell of the state table can come to be used.
enum class Reach : unsigned char {
  kTwoEnds,      ///< by two ends that behave well
  kHostilePeer,  ///< only by a peer that breaks the protocol
  kNever,        ///< not at all: whoever owns the core never passes it that input there
};

struct CellClaim {
  Reach reach = Reach::kTwoEnds;
  /// Why not, where it is kNever.
  std::string_view reason = {};
};

[[nodiscard]] CellClaim claim(State state, Input input);

/// What the table makes of the input there: "→ requesting", "fails: 10057".
[[nodiscard]] std::string outcome_of(State state, Input input);

/// All cells as a Markdown table with their claims, and the reasons below. CELLS.md holds it.
[[nodiscard]] std::string cell_table();

}  // namespace ws2
