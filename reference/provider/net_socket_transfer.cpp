// Data, disconnect data, shutdown.

#include <poll.h>

#include "provider/net_socket.hpp"
#include "provider/transfer_task.hpp"
#include "ws2/errors.h"

namespace ws2 {

int NetSocket::send(std::span<const ByteView> buffers, bool end_of_message, std::size_t& sent) {
  Lock lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  SendTask task(buffers, end_of_message, entry_.limits->message_boundaries);
  int error = 0;
  const auto is_over = [&] {
    // It is behind the overlapped ones that were there first.
    if (!sends_.empty()) return false;
    const auto outcome = task.advance(*channel_);
    if (!outcome) return false;
    error = *outcome;
    // A blocking send leaves nothing to the reactor.
    return error != 0 || !is_blocking_ || !channel_->awaits_room();
  };
  ++senders_;
  const int waited = wait_until(lock, 0, deadline_in(options_.send_timeout), is_over);
  --senders_;
  if (is_closed_) return WSAEINTR;
  if (error == 0) error = waited;
  sent = task.sent();
  // What the link has taken is sent.
  const bool is_blocked = waited == WSAEWOULDBLOCK;
  const bool is_partly_done = task.is_begun() && (is_blocked || waited == WSAETIMEDOUT);
  signal(record_.after_send(is_blocked && !is_partly_done, conditions()));
  settle();
  return is_partly_done ? 0 : error;
}

int NetSocket::receive(std::span<const MutableByteView> buffers, const ReceiveCall& call,
                       ReceiveResult& received) {
  Lock lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  received = {};
  if (call.is_faulty) {
    signal(record_.after_receive(WSAEFAULT, conditions()));
    return WSAEFAULT;
  }
  if (!is_connected()) return WSAENOTCONN;
  if (is_receive_ending_) return WSAESHUTDOWN;
  ReceiveTask task(buffers, call);
  // Where the reactor is to leave nothing unread, what comes has to come by the queue.
  const bool reads = !is_served();
  if (reads && !is_blocking_) channel_->expect_input();
  channel_->note_receive();
  int error = 0;
  const auto is_over = [&] {
    if (!receives_.empty()) return false;
    const auto outcome = task.advance(*channel_, reads);
    error = outcome.value_or(0);
    return outcome.has_value();
  };
  const int waited = wait_until(lock, POLLIN, deadline_in(options_.receive_timeout), is_over);
  if (is_closed_) return WSAEINTR;
  error = task.finish(error != 0 ? error : waited);
  received = task.received();
  // With room in the queue again, what the system holds can be looked at (EVT-06).
  if (is_served()) pump(Pump::kDry);
  signal(record_.after_receive(error, conditions()));
  settle();
  return error;
}

int NetSocket::send_disconnect(std::optional<ByteView> data) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  pump(Pump::kIn);
  hand_over_sends();
  const int error = channel_->link().send_disconnect(outgoing_disconnect_data(data)).error();
  pump(Pump::kOut);
  settle();
  return error;
}

int NetSocket::receive_disconnect(std::optional<MutableByteView> buffer, std::size_t& bytes) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  pump(Pump::kIn);
  RecvDisconnected got;
  if (receives_.empty()) {
    got = channel_->link().recv_disconnect(buffer);
  } else {
    // What the answer is, while the overlapped receives go on.
    Connection probe = channel_->connection();
    got = probe.recv_disconnect(buffer);
    is_receive_ending_ = got.result.ok();
  }
  bytes = got.bytes;
  pump(Pump::kOut);
  settle();
  return got.result.error();
}

int NetSocket::shutdown(ShutdownHow how) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  pump(Pump::kIn);
  Link& link = channel_->link();
  if (how != ShutdownHow::kReceive) hand_over_sends();
  int error = 0;
  // Overlapped receives go on; what ends receiving for good comes after the last of them.
  const bool is_receive_put_off = how != ShutdownHow::kSend && !receives_.empty();
  if (is_receive_put_off) is_receive_ending_ = true;
  // LEG-05: SO_DISCDATA goes with the end of sending, whatever call makes it.
  if (const auto data = outgoing_disconnect_data({}); data && how != ShutdownHow::kReceive) {
    if (how == ShutdownHow::kBoth && !is_receive_put_off) {
      error = link.shutdown(ShutdownHow::kReceive).error();
    }
    if (error == 0) error = link.send_disconnect(data).error();
  } else if (!is_receive_put_off) {
    error = link.shutdown(how).error();
  } else if (how == ShutdownHow::kBoth) {
    error = link.shutdown(ShutdownHow::kSend).error();
  }
  pump(Pump::kOut);
  settle();
  return error;
}

int NetSocket::available(std::size_t& bytes) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (queue_) return WSAEINVAL;
  if (pump(Pump::kDry)) settle();
  bytes = is_connected() ? channel_->connection().available() : 0;
  return 0;
}

}  // namespace ws2
