#include <poll.h>

#include <algorithm>
#include <cstring>

#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {

int NetSocket::connect(const ConnectCall& call) {
  Lock lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (queue_) return WSAEINVAL;
  if (is_connecting()) {
    // An attempt may have come to its end since (CONN-14).
    if (pump(Pump::kDry)) settle();
    if (is_connecting()) return WSAEALREADY;
  }
  if (is_connected()) return WSAEISCONN;
  // The outcome of an attempt that nobody has been told of yet.
  if (broken_ != 0) return std::exchange(broken_, 0);
  if (call.to.family != entry_.family) return WSAEAFNOSUPPORT;
  if (call.to.is_wildcard() || call.to.port == 0) return WSAEADDRNOTAVAIL;

  // Nothing has happened yet: an error here leaves the socket as it was.
  std::optional<Qos> qos = qos_;
  if (call.qos) {
    if (!entry_.limits->qos) return WSAEOPNOTSUPP;
    if (const int error = check(*call.qos, *entry_.limits->qos); error != 0) return error;
    // UDATA-17.
    qos = changed(qos_, *call.qos);
  }
  Limits limits = *entry_.limits;
  if (options_.max_retransmission != 0) {
    limits.timeouts.request = std::chrono::seconds(std::max(0, options_.max_retransmission));
  }
  auto link = Link::caller(limits, entry_.make_codec(*entry_.limits));
  // LEG-06: the options mean the same as the arguments, which go first.
  const ByteView caller_data =
      call.caller_data.empty() ? ByteView(connect_data_.outgoing) : call.caller_data;
  std::optional<std::size_t> capacity;
  if (connect_data_.reserved > 0) capacity = connect_data_.reserved;
  if (call.callee) capacity = call.callee->capacity;
  if (const auto result = link->request(caller_data, capacity, qos, now()); !result.ok()) {
    return result.error();
  }
  if (const int error = ensure_descriptor(); error != 0) return error;
  if (const int error = group_.claim(call.to); error != 0) return error;
  qos_ = qos;
  const int begun = connect_tcp(fd_.get(), call.to);
  if (begun != 0 && begun != WSAEWOULDBLOCK) {
    fd_.reset();
    group_.release();
    record_.after_connect();
    connect_outcome_ = begun;
    if (!is_blocking_) broken_ = begun;
    settle();
    return is_blocking_ ? begun : WSAEWOULDBLOCK;
  }
  channel_.emplace(std::move(fd_), std::move(link));
  channel_->set_keep_alive(options_.keep_alive);
  channel_->set_may_coalesce(may_coalesce());
  is_transport_connected_ = false;
  connect_outcome_.reset();
  callee_ = call.callee;
  peer_ = call.to;
  record_.after_connect();
  is_connect_watched_ = !is_blocking_;
  // A blocking call reads when it has waited for something to read.
  pump(is_blocking_ ? Pump::kOut : Pump::kDry);
  if (!settle()) {
    channel_.reset();
    group_.release();
    return WSAENOBUFS;
  }
  // On a nonblocking socket an attempt that is over already is told of like any other, by
  // FD_CONNECT, SO_ERROR or the next call (CONN-14).
  if (!is_blocking_) return WSAEWOULDBLOCK;
  const auto deadline = call.patience ? now() + *call.patience : kNever;
  const int waited = wait_until(lock, POLLIN, deadline, [this] { return !is_connecting(); });
  if (waited == WSAETIMEDOUT) {
    // The attempt is withdrawn, and the socket free for another.
    channel_->fail(WSAETIMEDOUT);
    finish_connect();
  } else if (waited != 0) {
    return waited;
  }
  settle();
  // Told here, so not again by SO_ERROR or the next call.
  broken_ = 0;
  return connect_outcome_.value_or(WSAEINTR);
}

void NetSocket::finish_connect() {
  if (!is_connecting()) return;
  const Connection& connection = channel_->connection();
  connect_outcome_ = connection.connect_outcome();
  if (!connect_outcome_) return;
  is_connect_watched_ = false;
  if (*connect_outcome_ == 0) {
    connected_at_ = now();
    if (callee_) {
      // UDATA-08. A provider that carries none leaves 0 (UDATA-22).
      const Bytes& data = connection.callee_data();
      if (!data.empty()) std::memcpy(callee_->data, data.data(), data.size());
      *callee_->length = static_cast<std::uint32_t>(data.size());
    }
  } else {
    broken_ = *connect_outcome_;
    group_.release();
    peer_.reset();
    if (!is_bound_) local_.reset();
    channel_->pump_out();
    remove_watch();
    channel_.reset();
  }
  callee_.reset();
}

}  // namespace ws2
