#pragma once

#include <memory>

#include "provider/reactor.hpp"

namespace ws2 {

/// Sockets that the application has closed and that still owe their peers something. They live here
/// until they are done. When the process ends, it waits (up to kExitPatience seconds) until what
/// they had queued is with the operating system, which sends it on: a closesocket just before the
/// end of a program loses nothing.
class Background {
 public:
  static constexpr int kExitPatience = 10;

  /// `owes`: octets are left that the operating system has no room for yet.
  /// False: there is no memory to remember it.
  static bool keep(const std::shared_ptr<Watched>& socket, bool owes);
  static void release(const Watched* socket);
};

}  // namespace ws2
