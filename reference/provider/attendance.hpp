#pragma once

#include <chrono>

#include "provider/reactor.hpp"

namespace ws2 {

/// Who takes the connections that come to a listener: a thread that waits in accept(), or the
/// reactor while the application is elsewhere. A server that comes back to accept() again and again
/// is spared the reactor: it gets the listener only when nobody was there for kPatience, and until
/// then whoever comes waits in the operating system's queue. Guarded by the listener's lock.
class Attendance {
 public:
  static constexpr std::chrono::milliseconds kPatience{10};

  /// The calling thread takes who comes, until end(). False: another thread does already.
  bool begin(Reactor::Watch watch, int fd);
  void end(Reactor::Watch watch);
  /// The reactor has nothing to do with the listener at the moment.
  bool is_reactor_spared() const { return is_paused_; }
  /// Gives it to the reactor now.
  void give_back(Reactor::Watch watch, int fd);
  /// The watch's deadline, which only this sets, is over.
  void on_deadline(Reactor::Watch watch, int fd);

 private:
  void set_deadline(Reactor::Watch watch);

  bool is_attended_ = false;
  bool is_paused_ = false;
  bool has_deadline_ = false;
  std::chrono::nanoseconds ended_at_{};
};

}  // namespace ws2
