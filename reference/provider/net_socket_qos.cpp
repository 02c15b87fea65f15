// Quality of service and socket groups.

#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {

int NetSocket::get_qos(Qos& qos) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!entry_.limits->qos) return WSAENOPROTOOPT;
  // QOS-07, reference choice: a socket here sends and receives, and the receiver's rule is the
  // weaker one.
  if (!is_bound_ && !queue_ && !channel_) return WSAEINVAL;
  if (channel_) pump(Pump::kIn);
  if (is_connected()) {
    qos = with_defaults(channel_->connection().qos(), *entry_.limits->qos);
    channel_->link().note_qos_read();
  } else {
    qos = with_defaults(qos_, *entry_.limits->qos);
  }
  signal(record_.after_get_qos(conditions()));
  settle();
  return 0;
}

int NetSocket::set_qos(const Qos& qos) {
  Lock lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!entry_.limits->qos) return WSAENOPROTOOPT;
  if (const int error = check(qos, *entry_.limits->qos); error != 0) return error;
  if (channel_) pump(Pump::kIn);
  // What was asked for is on its way, and cannot be changed before it is answered.
  if (is_connecting()) return WSAEINVAL;
  if (!is_connected()) {
    qos_ = changed(qos_, qos);
    if (queue_ && queue_->answers_at_once()) queue_->answer_at_once(standing_answer());
    return 0;
  }
  int error = 0;
  const auto is_over = [&] {
    error = channel_->link().set_qos(changed(channel_->connection().qos(), qos)).error();
    channel_->pump_out();
    return error != WSAEWOULDBLOCK;
  };
  const int waited = wait_until(lock, 0, deadline_in(options_.send_timeout), is_over);
  if (is_closed_) return WSAEINTR;
  settle();
  return waited != 0 ? waited : error;
}

int NetSocket::join_group(std::uint32_t group) {
  const std::lock_guard lock(mutex_);
  return group_.join(group);
}

}  // namespace ws2
