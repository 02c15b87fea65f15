#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace ws2 {

// What the reactor watches: a descriptor that must be served while the application is elsewhere.
// Its functions run on the reactor's thread, without any lock of the reactor.
class Watched {
 public:
  virtual ~Watched() = default;

  // Something changed at the descriptor since the last call: octets, room, an end. It is told once,
  // so whoever leaves octets unread reads them later unasked. Of what changed by one moment, lower
  // tags are told first, and 0 last: what existing connections said before new ones are taken.
  virtual void on_activity(std::uint64_t tag) = 0;
  // The deadline that was set for this watch is over.
  virtual void on_deadline(std::uint64_t tag) = 0;
};

// The one background thread of the process, started at the first watch. It serves listeners,
// sockets with registered events, connections whose disconnect is confirmed at once, and what
// closesocket leaves to finish; everything else is done by the calling threads. May be called with
// a socket's lock held; takes no such lock itself.
class Reactor {
 public:
  using Watch = std::uint64_t;
  static constexpr Watch kNone = 0;

  static Reactor& instance();

  // Starts to watch; activity that is already there is told at once. `owner` is kept alive only
  // while one of its functions runs. kNone: the system has no room for another.
  Watch add(int fd, std::weak_ptr<Watched> owner, std::uint64_t tag);
  // Before the descriptor is closed. A call to the owner may still be under way on the other
  // thread.
  void remove(Watch watch, int fd);
  // No activity is told of until resume(), which tells at once what is there then.
  void pause(Watch watch, int fd);
  void resume(Watch watch, int fd);
  // kNever: none. Each deadline is told once.
  void set_deadline(Watch watch, std::chrono::nanoseconds deadline);

  // Tells every owner that asked for it with await_descriptor() that one may be free again.
  void await_descriptor(Watch watch);
  void descriptor_freed();

 private:
  class Implementation;
  explicit Reactor(Implementation* implementation);
  // Never destroyed: the thread runs until the process ends.
  Implementation* const implementation_;
};

}  // namespace ws2
