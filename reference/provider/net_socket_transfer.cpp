// Data, disconnect data, shutdown.

#include <poll.h>

#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {

int NetSocket::send(std::span<const ByteView> buffers, bool end_of_message, std::size_t& sent) {
  Lock lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  // A message is one unit, an empty one too; a stream takes buffer after buffer.
  Bytes joined;
  ByteView single;
  if (entry_.limits->message_boundaries && buffers.size() != 1) {
    for (const ByteView& part : buffers) joined.insert(joined.end(), part.begin(), part.end());
    single = joined;
    buffers = {&single, 1};
  }
  sent = 0;
  int error = 0;
  std::size_t index = 0;
  std::size_t offset = 0;
  const auto is_over = [&] {
    while (index < buffers.size()) {
      const auto [result, bytes] =
          channel_->link().send(buffers[index].subspan(offset), end_of_message);
      offset += bytes;
      sent += bytes;
      if (result.error() == WSAEWOULDBLOCK) {
        channel_->pump_out();
        // Room came of it, or it has to be waited for.
        if (!channel_->link().writable()) return false;
        continue;
      }
      error = result.error();
      if (error != 0) return true;
      if (offset < buffers[index].size()) continue;
      offset = 0;
      ++index;
    }
    channel_->pump_out();
    // A blocking send leaves nothing to the reactor.
    return !is_blocking_ || !channel_->awaits_room();
  };
  ++senders_;
  const int waited = wait_until(lock, 0, deadline_in(options_.send_timeout), is_over);
  --senders_;
  if (is_closed_) return WSAEINTR;
  if (error == 0) error = waited;
  // What the link has taken is sent, be it an empty message.
  const bool is_begun = sent > 0 || index == buffers.size();
  const bool is_partly_done = is_begun && (waited == WSAEWOULDBLOCK || waited == WSAETIMEDOUT);
  const bool is_blocked = waited == WSAEWOULDBLOCK;
  signal(record_.after_send(is_blocked && !is_partly_done, conditions()));
  settle();
  return is_partly_done ? 0 : error;
}

int NetSocket::receive(std::span<const MutableByteView> buffers, const ReceiveCall& call,
                       ReceiveResult& received) {
  Lock lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  received = {};
  if (call.is_faulty) {
    signal(record_.after_receive(WSAEFAULT, conditions()));
    return WSAEFAULT;
  }
  if (!is_connected()) return WSAENOTCONN;
  // A message may have to be read whole before it can be spread over the buffers.
  Bytes joined;
  MutableByteView single = buffers.empty() ? MutableByteView() : buffers.front();
  if (buffers.size() > 1) {
    std::size_t size = 0;
    for (const MutableByteView& part : buffers) size += part.size();
    joined.resize(size);
    single = joined;
  }
  int error = 0;
  const ReceiveMode mode{.peek = call.peek, .partial = call.partial};
  const auto is_over = [&] {
    const Received result = channel_->link().receive(single.subspan(received.bytes), mode);
    if (result.result.error() == WSAEWOULDBLOCK) return false;
    error = result.result.error();
    received.bytes += result.bytes;
    received.end_of_message = result.end_of_message;
    const bool wants_more =
        call.wait_for_all && error == 0 && result.bytes > 0 && received.bytes < single.size();
    return !wants_more;
  };
  const int waited = wait_until(lock, POLLIN, deadline_in(options_.receive_timeout), is_over);
  if (is_closed_) return WSAEINTR;
  if (error == 0) error = waited;
  // MSG_WAITALL: what came before the end, the error or the time-out is given out first.
  if (received.bytes > 0 && error != WSAEMSGSIZE) error = 0;
  if (buffers.size() > 1) {
    ByteView rest(joined.data(), received.bytes);
    for (const MutableByteView& part : buffers) {
      const std::size_t count = std::min(part.size(), rest.size());
      std::copy_n(rest.begin(), count, part.begin());
      rest = rest.subspan(count);
    }
  }
  // With room in the queue again, what the system holds can be looked at (EVT-06).
  if (has_listeners()) pump(Pump::kDry);
  signal(record_.after_receive(error, conditions()));
  settle();
  return error;
}

int NetSocket::send_disconnect(std::optional<ByteView> data) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  pump(Pump::kIn);
  const int error = channel_->link().send_disconnect(data).error();
  channel_->pump_out();
  settle();
  return error;
}

int NetSocket::receive_disconnect(std::optional<MutableByteView> buffer, std::size_t& bytes) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  pump(Pump::kIn);
  const RecvDisconnected got = channel_->link().recv_disconnect(buffer);
  bytes = got.bytes;
  channel_->pump_out();
  settle();
  return got.result.error();
}

int NetSocket::shutdown(ShutdownHow how) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  pump(Pump::kIn);
  const int error = channel_->link().shutdown(how).error();
  channel_->pump_out();
  settle();
  return error;
}

int NetSocket::available(std::size_t& bytes) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (queue_) return WSAEINVAL;
  if (pump(Pump::kDry)) settle();
  bytes = is_connected() ? channel_->connection().available() : 0;
  return 0;
}

}  // namespace ws2
