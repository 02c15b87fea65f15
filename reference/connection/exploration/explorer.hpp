#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "connection/exploration/world.hpp"

namespace ws2 {

/// The cells of the state table, one bit each.
using Cells = std::bitset<kStateCount * kInputCount>;
[[nodiscard]] constexpr std::size_t index_of(State state, Input input) {
  return static_cast<std::size_t>(state) * kInputCount + static_cast<std::size_t>(input);
}

struct Exploration {
  std::size_t states = 0;
  std::size_t transitions = 0;
  Cells cells;
  /// The first promise that was found broken, and the shortest way to it.
  std::optional<std::string> broken;
  std::vector<Action> way;
};

/// Every world that can be reached within the bounds, each looked at once: two worlds are one when
/// their state and what the applications have seen are equal, octet for octet. Checks the promises
/// at every step, and that from every world both ends can still come to their end.
[[nodiscard]] Exploration explore(const Limits& limits, const Bounds& bounds);

/// For people: what is broken, and the way, an action a line.
[[nodiscard]] std::string report(const Exploration& exploration);

}  // namespace ws2
