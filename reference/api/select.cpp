// select and WSAPoll.

#include "ws2/select.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "api/call.hpp"
#include "ws2/functions.h"

namespace ws2 {
namespace {

/// A socket that is asked about, and how it stands.
struct Asked {
  std::shared_ptr<ServiceSocket> socket;  ///< nullptr: passed over
  Readiness now = {};
  bool is_closed = false;  ///< since the call began
};

/// Sets `observer` for every change of the sockets, for as long as it lives.
class Observation {
 public:
  Observation(std::vector<Asked>& sockets, std::shared_ptr<EventObject> observer)
      : sockets_(sockets), observer_(std::move(observer)) {}
  ~Observation() {
    for (std::size_t i = 0; i < observed_; ++i) {
      if (sockets_[i].socket) sockets_[i].socket->unobserve(observer_.get());
    }
  }
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  int begin() {
    for (const Asked& asked : sockets_) {
      const int error = asked.socket ? asked.socket->observe(observer_) : 0;
      // One that was closed is found when it is looked at.
      if (error != 0 && error != WSAENOTSOCK) return error;
      ++observed_;
    }
    return 0;
  }

 private:
  std::vector<Asked>& sockets_;
  std::shared_ptr<EventObject> observer_;
  std::size_t observed_ = 0;
};

using Clock = std::chrono::steady_clock;
using Deadline = std::optional<Clock::time_point>;  ///< absent: never

Deadline deadline_in(std::chrono::microseconds time) {
  return Clock::now() + time;
}

/// Looks at the sockets until `is_over` says that it has seen enough, or until the deadline.
template <typename IsOver>
int watch(std::vector<Asked>& sockets, Deadline deadline, IsOver is_over) {
  const auto look = [&sockets] {
    for (Asked& asked : sockets) {
      if (asked.socket) asked.is_closed = asked.socket->readiness(asked.now) != 0;
    }
  };
  look();
  if (is_over() || (deadline && *deadline <= Clock::now())) return 0;
  const auto observer = std::make_shared<EventObject>();
  Observation observation(sockets, observer);
  if (const int error = observation.begin(); error != 0) return error;
  while (true) {
    observer->reset();
    look();
    if (is_over()) return 0;
    std::optional<std::chrono::milliseconds> left;
    if (deadline) {
      left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now());
      if (*left <= std::chrono::milliseconds(0)) return 0;
    }
    // What changed by the last moment counts: it is looked at once more.
    (void)EventObject::wait({&observer, 1}, false, left);
  }
}

/// One of select's sets, and how a socket gets into the answer.
struct Set {
  fd_set* set;
  bool (*is_ready)(const Readiness&);
  std::size_t first = 0;  ///< its first socket among all

  /// The array may be longer than this library's FD_SETSIZE.
  SOCKET* entries() const { return set->fd_array; }
};

int select(std::span<Set> sets, const timeval* timeout, int& count) {
  std::vector<Asked> sockets;
  for (Set& one : sets) {
    if (one.set == nullptr) continue;
    one.first = sockets.size();
    for (u_int i = 0; i < one.set->fd_count; ++i) {
      sockets.push_back({.socket = ws2::sockets().find(one.entries()[i])});
      if (!sockets.back().socket) return WSAENOTSOCK;
    }
  }
  // Reference choice: an empty set beside one that is not empty is as good as none.
  if (sockets.empty()) return WSAEINVAL;
  Deadline deadline;
  if (timeout != nullptr) {
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0) return WSAEINVAL;
    // No deadline is as good as one beyond the end of the clock.
    constexpr auto kMost = std::chrono::hours(24 * 365 * 100);
    const std::chrono::seconds seconds(timeout->tv_sec);
    if (seconds < kMost)
      deadline = deadline_in(seconds + std::chrono::microseconds(timeout->tv_usec));
  }
  const auto is_closed = [&] {
    return std::any_of(sockets.begin(), sockets.end(),
                       [](const Asked& asked) { return asked.is_closed; });
  };
  const auto is_ready = [&](const Set& one, u_int i) {
    return one.is_ready(sockets[one.first + i].now);
  };
  const auto any_ready = [&] {
    for (const Set& one : sets) {
      if (one.set == nullptr) continue;
      for (u_int i = 0; i < one.set->fd_count; ++i) {
        if (is_ready(one, i)) return true;
      }
    }
    return false;
  };
  const int error = watch(sockets, deadline, [&] { return is_closed() || any_ready(); });
  if (error != 0) return error;
  // Reference choice: like a handle that was none to begin with.
  if (is_closed()) return WSAENOTSOCK;
  for (const Set& one : sets) {
    if (one.set == nullptr) continue;
    u_int kept = 0;
    for (u_int i = 0; i < one.set->fd_count; ++i) {
      if (is_ready(one, i)) one.entries()[kept++] = one.entries()[i];
    }
    one.set->fd_count = kept;
    count += static_cast<int>(kept);
  }
  return 0;
}

/// What WSAPoll answers for a socket.
SHORT events_of(const Asked& asked, SHORT wanted) {
  if (asked.is_closed) return POLLNVAL;
  const Readiness& now = asked.now;
  int events = 0;
  // Told whether asked for or not. POLLHUP comes when FD_CLOSE does.
  if (now.unconnected) events |= POLLHUP | POLLERR | POLLWRNORM;
  if (now.ended) events |= *now.ended == 0 ? POLLHUP : POLLHUP | POLLERR;
  // The end itself is POLLHUP's alone.
  if (now.has_data || (now.readable && !now.ended)) events |= POLLRDNORM;
  if (now.writable) events |= POLLWRNORM;
  return static_cast<SHORT>(events & (wanted | POLLHUP | POLLERR));
}

int poll(std::span<WSAPOLLFD> polled, int timeout, int& count) {
  std::vector<Asked> sockets;
  bool is_any_valid = false;
  for (WSAPOLLFD& one : polled) {
    if ((one.events & ~(POLLRDNORM | POLLRDBAND | POLLWRNORM)) != 0) return WSAEINVAL;
    Asked asked;
    if (static_cast<INT_PTR>(one.fd) >= 0) {
      asked.socket = ws2::sockets().find(one.fd);
      asked.is_closed = !asked.socket;
    }
    is_any_valid = is_any_valid || asked.socket;
    sockets.push_back(std::move(asked));
  }
  if (!is_any_valid) return WSAEINVAL;
  Deadline deadline;
  if (timeout >= 0) deadline = deadline_in(std::chrono::milliseconds(timeout));
  const int error = watch(sockets, deadline, [&] {
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      if (events_of(sockets[i], polled[i].events) != 0) return true;
    }
    return false;
  });
  if (error != 0) return error;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    polled[i].revents = events_of(sockets[i], polled[i].events);
    if (polled[i].revents != 0) ++count;
  }
  return 0;
}

}  // namespace
}  // namespace ws2

int WSAAPI __WSAFDIsSet(SOCKET s, fd_set* set) {
  if (set == nullptr) return 0;
  const SOCKET* entries = set->fd_array;
  return std::find(entries, entries + set->fd_count, s) != entries + set->fd_count;
}

int WSAAPI ws2_select(int, fd_set* readfds, fd_set* writefds, fd_set* exceptfds,
                      const timeval* timeout) {
  int count = 0;
  const int result = ws2::call([&] {
    ws2::Set sets[] = {
        {readfds, [](const ws2::Readiness& now) { return now.readable; }},
        {writefds, [](const ws2::Readiness& now) { return now.writable; }},
        {exceptfds, [](const ws2::Readiness& now) { return now.unconnected; }},
    };
    return ws2::select(sets, timeout, count);
  });
  return result == 0 ? count : result;
}

int WSAAPI WSAPoll(LPWSAPOLLFD fdArray, ULONG fds, INT timeout) {
  int count = 0;
  const int result = ws2::call([&] {
    if (fdArray == nullptr) return fds == 0 ? WSAEINVAL : WSAEFAULT;
    return ws2::poll({fdArray, fds}, timeout, count);
  });
  return result == 0 ? count : result;
}
