#pragma once

#include <string>

namespace ws2 {

/// The transitions of the state table that lead somewhere else, as a Mermaid state diagram.
/// STATES.md holds this text; a unit test keeps the two alike.
[[nodiscard]] std::string state_diagram();

}  // namespace ws2
