#pragma once

#include <string>

namespace ws2::faults {

struct Scenario {
  std::string provider;
  /// Event objects and overlapped operations on one thread; else blocking calls on two.
  bool is_asynchronous = false;
};

/// Connects two sockets with data both ways, exchanges data, disconnects both ways and closes all.
/// Whatever fails on the way ends it early, with hard closes. Returns whether all went well.
/// Anything that was claimed but is not so, and anything that does not come, ends the process with
/// a word about it.
bool run(const Scenario& scenario);

[[noreturn]] void give_up(const std::string& why);

}  // namespace ws2::faults
