// closesocket: what ends at once, what is waited for, and what goes on in the background.

#include "provider/background.hpp"
#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {

int NetSocket::close() {
  Lock lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (is_connected() && options_.linger.on && options_.linger.seconds > 0 && !is_blocking_) {
    pump(Pump::kDry);
    // CLOSE-08: nothing is begun, and the application calls again, blocking or without linger.
    if (!channel_->is_done()) return WSAEWOULDBLOCK;
  }
  is_closed_ = true;
  event_object_ = nullptr;
  // EVT-10, EVT-24: nothing is recorded any more.
  (void)record_.select(0, {});
  callee_.reset();
  abort_overlapped();
  group_.leave();
  // Before anything is lingered for.
  waiters_.notify_all();
  for (const auto& observer : std::exchange(observers_, {})) observer->set();
  int error = WSAENOBUFS;
  try {
    error = queue_ ? close_listener() : close_connection(lock);
  } catch (const std::bad_alloc&) {
    if (channel_) {
      channel_->link().give_up();
      channel_->pump_out();
    }
  }
  if (waiters_.is_empty()) finish_close();
  return error;
}

int NetSocket::close_listener() {
  remove_watch();
  queue_->close();
  if (!queue_->is_done()) (void)Background::keep(shared_from_this(), false);
  return 0;
}

int NetSocket::close_connection(Lock& lock) {
  if (!channel_) return 0;
  const bool is_hard = options_.linger.on && options_.linger.seconds == 0;
  if (is_hard) {
    channel_->link().abort();
  } else {
    if (const auto data = outgoing_disconnect_data({})) {
      (void)channel_->link().send_disconnect(data);
    }
    channel_->link().close(now());
  }
  pump(Pump::kDry);
  if (channel_->is_done()) return 0;
  if (is_hard) return 0;  // a thread still polls; the last one to leave closes
  if (!Background::keep(shared_from_this(), channel_->awaits_room()) || !update_watch()) {
    // Nobody could finish it.
    channel_->link().abort();
    channel_->pump_out();
    return WSAENOBUFS;
  }
  return options_.linger.on && is_connected() ? linger(lock) : 0;
}

int NetSocket::linger(Lock& lock) {
  const auto deadline = deadline_in(options_.linger.seconds * 1000);
  const auto is_over = [this] {
    return channel_->is_over() || (channel_->link().flushed() && is_delivered(channel_->fd()));
  };
  // The reactor moves the octets and tells of every change, the peer's confirmations included.
  while (!is_over()) {
    const Wake wake = wait_once(lock, -1, 0, deadline);
    // It goes on in the background, but when it is over cannot be told.
    if (wake == Wake::kFailed) return WSAENOBUFS;
    if (wake != Wake::kTimedOut) continue;
    if (is_over()) break;
    channel_->link().abort();
    pump(Pump::kDry);
    break;
  }
  return 0;
}

void NetSocket::finish_close() {
  if (queue_) {
    queue_->close_descriptor();
    Reactor::instance().descriptor_freed();
    if (queue_->is_done()) Background::release(this);
    return;
  }
  if (fd_) {
    fd_.reset();
    Reactor::instance().descriptor_freed();
  }
  if (!channel_) return;
  channel_->pump_out();
  if (channel_->is_done()) {
    remove_watch();
    Background::release(this);
  } else if (!Background::keep(shared_from_this(), channel_->awaits_room())) {
    channel_->link().give_up();
    channel_->pump_out();
    remove_watch();
  }
}

}  // namespace ws2
