// What select and WSAPoll need: how a socket stands, and who is to be told of a change.

#include <algorithm>

#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {

int NetSocket::readiness(Readiness& found) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  found = {};
  if (queue_) {
    if (attendance_.is_reactor_spared()) {
      queue_->take_incoming();
      settle();
    }
    found.readable = queue_->has_offer();
    return 0;
  }
  if (pump(Pump::kDry)) settle();
  found.unconnected = connect_outcome_.value_or(0) != 0;
  if (!is_connected()) return 0;
  found.readable = is_receive_ending_ || channel_->connection().receive_ready();
  found.has_data = channel_->connection().readable();
  found.writable = sends_.empty() && channel_->link().writable();
  found.ended = channel_->connection().close_indication();
  return 0;
}

int NetSocket::observe(std::shared_ptr<EventObject> observer) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  observers_.push_back(std::move(observer));
  // From here on the reactor is told of changes only, so nothing may be left unread.
  pump(Pump::kDry);
  if (settle()) return 0;
  observers_.pop_back();
  return WSAENOBUFS;
}

void NetSocket::unobserve(const EventObject* observer) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(observers_.begin(), observers_.end(),
                   [observer](const auto& candidate) { return candidate.get() == observer; });
  // A socket that was closed has forgotten it.
  if (found == observers_.end()) return;
  observers_.erase(found);
  update_watch();
}

}  // namespace ws2
