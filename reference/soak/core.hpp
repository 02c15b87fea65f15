#pragma once

#include <string>

namespace soak {

/// Keeps the calling thread, and the threads and processes it starts from now on, on the core it is
/// on. Two processes on two cores pay for waking each other, several times what the calls between
/// them cost, and the system moves them as it likes: what they spend can be compared only on one.
/// Throws std::runtime_error where the system does not allow it.
void stay_on_one_core();

/// The cores that the calling thread may run on, in order, with a space behind each.
[[nodiscard]] std::string cores();

}  // namespace soak
