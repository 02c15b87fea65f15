// Does an adapter tell the truth about what it does not have?
#pragma once

#include <string>
#include <vector>

#include "conformance/execution/actors.hpp"

namespace ws2conform {

// In no API, and not to be.
inline constexpr const char* kMadeUpOperation = "WSATeleport";

// The operations of the adapter protocol that the hello does not list: declared gaps.
std::vector<std::string> undeclared_operations(const Hello& hello);

// A request for one of them that would make sense to an adapter that has it after all.
nlohmann::json gap_request(const std::string& operation, const Hello& hello);

// Asks for an operation that does not exist and for every declared gap. Throws CannotDrive when one
// of them is answered as if the call had been made: what such an adapter says is no evidence.
// Anything else that goes wrong is left for the run to find.
void probe(Actor& actor, const host::Iut& iut, const Patience& patience);

}  // namespace ws2conform
