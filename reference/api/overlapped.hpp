#pragma once

#include <cstddef>
#include <memory>

#include "provider/event_object.hpp"
#include "ws2/types.h"

namespace ws2 {

/// An overlapped operation and the application's structure for it, which stays its own and has to
/// live until the operation is complete. Of the members that Winsock reserves, Offset keeps the
/// flags.
class Overlapped {
 public:
  explicit Overlapped(WSAOVERLAPPED& structure) : structure_(&structure) {}

  /// Marks the structure as pending and resets its event object, if it has one. WSA_INVALID_HANDLE
  /// for one that is none.
  int begin();
  /// It was not started after all: no completion is indicated.
  void fail(int error);
  /// Sets the event object, and wakes whoever waits in WSAGetOverlappedResult.
  void complete(int error, std::size_t bytes, DWORD flags);

 private:
  WSAOVERLAPPED* structure_;
  std::shared_ptr<EventObject> event_;
};

}  // namespace ws2
