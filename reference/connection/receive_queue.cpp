#include "connection/receive_queue.hpp"

#include <algorithm>

#include "ws2/errors.h"

namespace ws2 {

void ReceiveQueue::append(ByteView bytes, bool end_of_message) {
  if (off_ || end_) return;
  bytes_.append(bytes);
  if (!message_boundaries_) {
    if (!bytes.empty()) ++arrivals_;
    return;
  }
  incomplete_ += bytes.size();
  if (!end_of_message) return;
  message_sizes_.push_back(incomplete_);
  incomplete_ = 0;
  ++arrivals_;
}

void ReceiveQueue::end(int error) {
  if (end_) return;
  end_ = error;
}

void ReceiveQueue::turn_off() {
  off_ = true;
  drop_unread();
}

void ReceiveQueue::drop_unread() {
  bytes_.clear();
  message_sizes_.clear();
  incomplete_ = 0;
}

bool ReceiveQueue::readable() const {
  return message_boundaries_ ? !message_sizes_.empty() : !bytes_.empty();
}

std::size_t ReceiveQueue::available() const {
  if (!message_boundaries_) return bytes_.size();
  return message_sizes_.empty() ? 0 : message_sizes_.front();
}

std::optional<int> ReceiveQueue::reached_end() const {
  // A message cut off by the end can never be read, so it does not hold the end back.
  return readable() ? std::nullopt : end_;
}

Received ReceiveQueue::receive(MutableByteView buffer, ReceiveMode mode) {
  if (off_) return {CallResult(WSAESHUTDOWN), 0, false};
  if (readable()) {
    if (message_boundaries_) return receive_message(buffer, mode);
    const std::size_t count = std::min(buffer.size(), bytes_.size());
    std::ranges::copy(bytes_.front().first(count), buffer.begin());
    if (!mode.peek) bytes_.consume(count);
    return {{}, count, false};
  }
  if (!end_) return {CallResult(WSAEWOULDBLOCK), 0, false};
  if (const int error = overriding_.value_or(*end_); error != 0)
    return {CallResult(error), 0, false};
  // TEAR-28, TEAR-29: with MSG_PARTIAL a message-oriented receive counts as a stream's.
  if (message_boundaries_ && !mode.partial) return {CallResult(WSAEDISCON), 0, false};
  return {{}, 0, message_boundaries_};
}

void ReceiveQueue::write_state(StateWriter& out) const {
  out.put(off_);
  out.put(bytes_.front());
  out.put(message_sizes_.size());
  for (const std::size_t size : message_sizes_) out.put(size);
  out.put(incomplete_);
  out.put(arrivals_);
  out.put(end_);
  out.put(overriding_);
}

Received ReceiveQueue::receive_message(MutableByteView buffer, ReceiveMode mode) {
  std::size_t& message = message_sizes_.front();
  const std::size_t count = std::min(buffer.size(), message);
  std::ranges::copy(bytes_.front().first(count), buffer.begin());
  const bool whole = count == message;
  // Reference choice (FLAG-05): without MSG_PARTIAL a message that does not fit stays whole, for a
  // receive with a buffer that is large enough.
  if (!whole && !mode.partial) return {CallResult(WSAEMSGSIZE), count, false};
  if (!mode.peek) {
    bytes_.consume(count);
    message -= count;
    if (whole) message_sizes_.pop_front();
  }
  return {{}, count, whole};
}

}  // namespace ws2
