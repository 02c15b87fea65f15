#include <algorithm>

#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

// Where an option is kept of which the system has a value of its own.
std::optional<int> SocketOptions::*system_option(Option option) {
  switch (option) {
    case Option::kKeepAliveCount:
      return &SocketOptions::keep_alive_count;
    case Option::kKeepAliveIdle:
      return &SocketOptions::keep_alive_idle;
    case Option::kKeepAliveInterval:
      return &SocketOptions::keep_alive_interval;
    case Option::kReceiveBuffer:
      return &SocketOptions::receive_buffer;
    default:
      return &SocketOptions::send_buffer;
  }
}

}  // namespace

int NetSocket::set_blocking(bool blocking) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (blocking && record_.mask() != 0) return WSAEINVAL;
  is_blocking_ = blocking;
  return 0;
}

int NetSocket::get_option(Option option, int& value) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  switch (option) {
    case Option::kAcceptsConnections:
      value = queue_ != nullptr;
      return 0;
    case Option::kBroken:
      if (pump(Pump::kIn)) settle();
      value = std::exchange(broken_, 0);
      return 0;
    case Option::kConditionalAccept:
      value = options_.conditional_accept;
      return 0;
    case Option::kConnectTime:
      value = -1;
      if (is_connected()) {
        value = static_cast<int>(
            std::chrono::duration_cast<std::chrono::seconds>(now() - connected_at_).count());
      }
      return 0;
    case Option::kExclusiveAddress:
      value = options_.exclusive_address;
      return 0;
    case Option::kGroupId:
      value = static_cast<int>(group_.id());
      return 0;
    case Option::kGroupPriority:
      value = options_.group_priority;
      return 0;
    case Option::kKeepAlive:
      value = options_.keep_alive;
      return 0;
    case Option::kMaxRetransmission:
      value = options_.max_retransmission;
      return 0;
    case Option::kNoDelay:
      value = options_.no_delay;
      return 0;
    case Option::kOobInline:
      value = options_.oob_inline;
      return 0;
    case Option::kOverlapped:
      value = options_.overlapped;
      return 0;
    case Option::kKeepAliveCount:
    case Option::kKeepAliveIdle:
    case Option::kKeepAliveInterval:
    case Option::kReceiveBuffer:
    case Option::kSendBuffer: {
      // As it was set: of buffers the system itself tells twice as much.
      if (const auto& set = options_.*system_option(option)) {
        value = *set;
        return 0;
      }
      // The system's, of a socket without a descriptor by way of another one.
      Descriptor spare;
      if (descriptor() < 0) {
        if (const int error = open_tcp(entry_.family, spare); error != 0) return error;
      }
      return system_value(spare ? spare.get() : descriptor(), option, value);
    }
    case Option::kReceiveTimeout:
      value = options_.receive_timeout;
      return 0;
    case Option::kReuseAddress:
      value = options_.reuse_address;
      return 0;
    case Option::kSendTimeout:
      value = options_.send_timeout;
      return 0;
    case Option::kV6Only:
      if (entry_.family != Family::kInet6) return WSAENOPROTOOPT;
      value = options_.v6_only;
      return 0;
  }
  return WSAENOPROTOOPT;
}

int NetSocket::set_option(Option option, int value) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  SocketOptions changed = options_;
  switch (option) {
    case Option::kAcceptsConnections:
    case Option::kBroken:
    case Option::kConnectTime:
    case Option::kGroupId:
      return WSAENOPROTOOPT;
    case Option::kGroupPriority:
      options_.group_priority = value;
      return 0;
    case Option::kConditionalAccept:
      // ACC-39.
      if (queue_) return WSAEINVAL;
      // A bare TCP connection is made by the operating system, which asks nobody.
      if (value != 0 && !entry_.limits->delayed_accept) return WSAENOPROTOOPT;
      options_.conditional_accept = value != 0;
      return 0;
    case Option::kExclusiveAddress:
      if (is_bound_ || options_.reuse_address) return WSAEINVAL;
      options_.exclusive_address = value != 0;
      return 0;
    case Option::kKeepAlive:
      changed.keep_alive = value != 0;
      break;
    case Option::kMaxRetransmission:
      if (value < -1 || value > kMaxRetransmissionLimit) return WSAEINVAL;
      changed.max_retransmission = value;
      break;
    case Option::kNoDelay:
      changed.no_delay = value != 0;
      break;
    case Option::kOobInline:
      options_.oob_inline = value != 0;
      return 0;
    case Option::kOverlapped:
      options_.overlapped = value != 0;
      return 0;
    case Option::kKeepAliveCount:
    case Option::kKeepAliveIdle:
    case Option::kKeepAliveInterval: {
      const bool counts = option == Option::kKeepAliveCount;
      const int limit = counts ? kKeepAliveCountLimit : kKeepAliveSecondsLimit;
      if (value < 1 || value > limit) return WSAEINVAL;
      changed.*system_option(option) = value;
      break;
    }
    case Option::kReceiveBuffer:
    case Option::kSendBuffer:
      if (value < 0) return WSAEINVAL;
      changed.*system_option(option) = value;
      break;
    case Option::kReceiveTimeout:
      options_.receive_timeout = value;
      return 0;
    case Option::kReuseAddress:
      if (value != 0 && options_.exclusive_address) return WSAEINVAL;
      changed.reuse_address = value != 0;
      break;
    case Option::kSendTimeout:
      options_.send_timeout = value;
      return 0;
    case Option::kV6Only:
      if (entry_.family != Family::kInet6) return WSAENOPROTOOPT;
      if (is_bound_) return WSAEINVAL;
      if (const int fd = descriptor(); fd >= 0) {
        if (const int error = set_v6_only(fd, value != 0); error != 0) return error;
      }
      options_.v6_only = value != 0;
      return 0;
  }
  if (channel_) channel_->set_may_coalesce(false);
  const SocketOptions before = native_options();
  std::swap(options_, changed);
  if (const int fd = descriptor(); fd >= 0) {
    if (const int error = apply_options(fd, native_options(), before); error != 0) {
      options_ = changed;
      return error;
    }
  }
  if (queue_) is_inheritance_known_ = false;
  if (channel_) channel_->set_may_coalesce(may_coalesce());
  if (channel_) channel_->set_keep_alive(options_.keep_alive);
  return 0;
}

int NetSocket::get_linger(Linger& linger) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  linger = options_.linger;
  return 0;
}

int NetSocket::set_linger(const Linger& linger) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  options_.linger = linger;
  return 0;
}

}  // namespace ws2
