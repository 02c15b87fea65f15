#pragma once

#include "connection/state_table.hpp"

namespace ws2 {

/// Told of every input that a connection is passed, with the state that it meets, before it has an
/// effect: for whoever wants to know which cells of the state table are used. Null by default, and
/// then an input costs one comparison more. Set before there is a connection; called by whatever
/// thread passes the input, with the connection's lock held.
using InputWatch = void (*)(State, Input) noexcept;
extern InputWatch input_watch;

}  // namespace ws2
