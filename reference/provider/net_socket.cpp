#include "provider/net_socket.hpp"

#include <poll.h>

#include <algorithm>
#include <tuple>

#include "provider/native_address.hpp"
#include "provider/pending.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

class BaseProvider final : public ServiceProvider {
 public:
  int open(const ProviderEntry& entry, std::shared_ptr<ServiceSocket>& socket) override {
    auto made = std::make_shared<NetSocket>(entry);
    const int error = made->open();
    if (error == 0) socket = std::move(made);
    return error;
  }
};

}  // namespace

ServiceProvider& base_provider() {
  static BaseProvider provider;
  return provider;
}

NetSocket::NetSocket(const ProviderEntry& entry) : entry_(entry), record_(entry.limits->edition) {
  options_.conditional_accept = entry.limits->delayed_accept;
}

NetSocket::~NetSocket() {
  if (channel_ && !channel_->is_done()) {
    // Nobody could close it as he should have.
    channel_->link().give_up();
    channel_->pump_out();
  }
  remove_watch();
}

int NetSocket::ensure_descriptor() {
  if (fd_) return 0;
  int error = open_tcp(entry_.family, fd_);
  SocketOptions options = native_options();
  // The name may still linger from the attempt before.
  if (is_bound_) options.reuse_address = true;
  if (error == 0) error = apply_options(fd_.get(), options, SocketOptions());
  if (error == 0 && entry_.family == Family::kInet6) {
    error = set_v6_only(fd_.get(), options.v6_only);
  }
  // A further attempt after a failed connect has a new descriptor, and the name of the first.
  if (error == 0 && is_bound_) error = bind_tcp(fd_.get(), *local_);
  if (error != 0) fd_.reset();
  return error;
}

SocketOptions NetSocket::native_options() const {
  SocketOptions options = options_;
  // Frames are written whole; waiting for more to send would only delay them.
  if (entry_.limits->delayed_accept) options.no_delay = true;
  return options;
}

int NetSocket::descriptor() const {
  if (queue_) return queue_->fd();
  return channel_ ? channel_->fd() : fd_.get();
}

int NetSocket::bind(const Endpoint& name) {
  const std::lock_guard lock(mutex_);
  if (is_bound_ || queue_ || channel_) return WSAEINVAL;
  if (name.family != entry_.family) return WSAEFAULT;
  int error = ensure_descriptor();
  if (error == 0) error = bind_tcp(fd_.get(), name);
  if (error == 0) local_ = local_endpoint(fd_.get());
  is_bound_ = error == 0 && local_;
  return error;
}

int NetSocket::local_name(Endpoint& name) {
  const std::lock_guard lock(mutex_);
  if (!is_bound_ && !queue_ && !channel_) return WSAEINVAL;
  const auto found = local_ ? local_ : local_endpoint(descriptor());
  if (!found) return WSAEINVAL;
  name = *found;
  return 0;
}

int NetSocket::peer_name(Endpoint& name) {
  const std::lock_guard lock(mutex_);
  if (!is_connected() || !peer_) return WSAENOTCONN;
  name = *peer_;
  return 0;
}

bool NetSocket::pump(Pump how) {
  if (!channel_) return false;
  const Connection& connection = channel_->connection();
  const auto before =
      std::tuple(connection.state(), connection.available(), connection.qos_changed(),
                 channel_->link().writable(), channel_->is_done());
  if (is_connecting() && !is_transport_connected_ && !channel_->is_done()) {
    const int error = connect_progress(channel_->fd(), *peer_);
    if (error == 0) {
      is_transport_connected_ = true;
      local_ = local_endpoint(channel_->fd());
      channel_->link().on_transport_connected(now());
    } else if (error != WSAEWOULDBLOCK) {
      channel_->fail(error);
    }
  }
  bool is_completed = false;
  if (is_transport_connected_) {
    channel_->pump_out();
    // What overlapped receives take makes room for more.
    bool is_any_over;
    do {
      if (how != Pump::kOut) channel_->pump_in(how == Pump::kDry || is_served());
      is_any_over = serve_overlapped();
      is_completed |= is_any_over;
    } while (is_any_over);
  }
  channel_->on_time();
  channel_->pump_out();
  is_completed |= serve_overlapped();
  const bool has_changed =
      is_completed ||
      before != std::tuple(connection.state(), connection.available(), connection.qos_changed(),
                           channel_->link().writable(), channel_->is_done());
  finish_connect();
  return has_changed;
}

bool NetSocket::settle() {
  if (record_.mask() != 0) signal(record_.note(conditions()));
  const bool is_watched = update_watch();
  if (!waiters_.is_empty()) waiters_.notify_all();
  for (const auto& observer : observers_) observer->set();
  return is_watched;
}

Conditions NetSocket::conditions() const {
  Conditions so;
  if (queue_) {
    so.acceptable = queue_->has_offer();
    so.requests = queue_->arrivals();
    return so;
  }
  so.connect_outcome = connect_outcome_;
  if (!is_connected()) return so;
  so.readable = channel_->connection().readable();
  so.writable = sends_.empty() && channel_->link().writable();
  so.qos_changed = channel_->connection().qos_changed();
  so.close_indication = channel_->connection().close_indication();
  so.arrivals = channel_->connection().arrivals();
  return so;
}

void NetSocket::signal(bool recorded) {
  if (recorded && event_object_) event_object_->set();
}

bool NetSocket::wants_watch() const {
  if (queue_) return !is_closed_ && (entry_.limits->delayed_accept || is_served());
  if (!channel_ || channel_->is_done()) return false;
  if (is_connecting() && is_connect_watched_) return true;
  return is_closed_ || is_served() || (channel_->awaits_room() && senders_ == 0);
}

bool NetSocket::update_watch() {
  if (!wants_watch()) {
    remove_watch();
    return true;
  }
  if (watch_ == Reactor::kNone) watch_ = Reactor::instance().add(descriptor(), weak_from_this(), 0);
  if (watch_ == Reactor::kNone) return false;
  // Not only a thread in accept() wants to know who comes.
  if (queue_ && (is_served() || !is_blocking_)) attendance_.give_back(watch_, queue_->fd());
  if (queue_ && queue_->has_more_incoming() && !attendance_.is_reactor_spared()) {
    Reactor::instance().resume(watch_, queue_->fd());
  }
  if (channel_) {
    Reactor::instance().set_deadline(watch_, channel_->link().deadline().value_or(kNever));
    if (channel_->has_more_input()) Reactor::instance().resume(watch_, channel_->fd());
  }
  return true;
}

void NetSocket::remove_watch() {
  if (watch_ == Reactor::kNone) return;
  Reactor::instance().remove(watch_, descriptor());
  watch_ = Reactor::kNone;
}

void NetSocket::on_activity(std::uint64_t tag) {
  const std::lock_guard lock(mutex_);
  try {
    if (queue_) {
      if (tag == 0 && !is_closed_) {
        if (queue_->take_incoming() != 0) Reactor::instance().await_descriptor(watch_);
      } else {
        queue_->on_activity(tag);
      }
    } else if (channel_) {
      pump(Pump::kDry);
    }
  } catch (const std::bad_alloc&) {
    abandon();
  }
  settle();
  if (is_closed_) finish_close();
}

void NetSocket::on_deadline(std::uint64_t tag) {
  const std::lock_guard lock(mutex_);
  try {
    if (queue_ && tag == 0) {
      if (!is_closed_) attendance_.on_deadline(watch_, queue_->fd());
    } else if (queue_) {
      queue_->on_deadline(tag);
    } else {
      pump(Pump::kDry);
    }
  } catch (const std::bad_alloc&) {
    abandon();
  }
  settle();
  if (is_closed_) finish_close();
}

void NetSocket::abandon() {
  // What came to a listener is tried again, as if a descriptor had been missing.
  if (queue_ && watch_ != Reactor::kNone) Reactor::instance().await_descriptor(watch_);
  if (!channel_ || is_closed_) return;
  channel_->link().give_up();
  pump(Pump::kOut);
  if (is_blocking_) broken_ = 0;
  settle();
}

std::chrono::nanoseconds NetSocket::deadline_in(int milliseconds) {
  return milliseconds <= 0 ? kNever : now() + std::chrono::milliseconds(milliseconds);
}

Wake NetSocket::wait_once(Lock& lock, int fd, short events, std::chrono::nanoseconds deadline) {
  if (channel_) channel_->hold(true);
  const Wake wake = waiters_.wait(lock, fd, events, deadline);
  if (waiters_.is_empty()) {
    if (channel_) channel_->hold(false);
    if (is_closed_) finish_close();
  }
  return wake;
}

int NetSocket::wait_until(Lock& lock, short events, std::chrono::nanoseconds deadline,
                          const std::function<bool()>& is_over) {
  while (true) {
    if (is_closed_) return WSAEINTR;
    if (is_over()) return 0;
    // A blocking call that would hardly find anything yet does not look before it waits.
    const bool looks =
        (events & POLLIN) != 0 && !(is_blocking_ && channel_ && channel_->was_read_dry());
    // Another thread may wait for what is found here.
    if (pump(looks ? Pump::kIn : Pump::kOut)) settle();
    if (is_over()) return 0;
    if (!is_blocking_) return WSAEWOULDBLOCK;
    if (deadline != kNever && deadline <= now()) return WSAETIMEDOUT;
    auto until = deadline;
    if (channel_) until = std::min(until, channel_->link().deadline().value_or(kNever));
    const bool wants_room =
        channel_ && (channel_->awaits_room() || (is_connecting() && !is_transport_connected_));
    const auto wanted = static_cast<short>(events | (wants_room ? POLLOUT : 0));
    const Wake wake = wait_once(lock, descriptor(), wanted, until);
    if (wake == Wake::kFailed) return WSAENOBUFS;
    if (wake == Wake::kReady && channel_) channel_->expect_input();
  }
}

int NetSocket::select_events(std::shared_ptr<EventObject> object, int mask) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  event_object_ = mask != 0 ? std::move(object) : nullptr;
  if (mask != 0) {
    is_blocking_ = false;
    if (queue_) queue_->count_incoming();
    pump(Pump::kDry);
  }
  signal(record_.select(mask, conditions()));
  if (settle()) return 0;
  event_object_ = nullptr;
  signal(record_.select(0, conditions()));
  return WSAENOBUFS;
}

int NetSocket::enumerate_events(EventObject* object, NetworkEvents& events) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (object != nullptr) object->reset();
  events = record_.take();
  // What FD_CONNECT has told, a repeated connect need not tell again.
  if ((events.bits & fd::kConnect) != 0) broken_ = 0;
  return 0;
}

}  // namespace ws2
