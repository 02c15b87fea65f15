#pragma once

#include <list>
#include <optional>

#include "connection/byte_queue.hpp"
#include "connection/result.hpp"
#include "connection/state_bytes.hpp"

namespace ws2 {

/// How a receive treats what it finds.
struct ReceiveMode {
  bool peek = false;     ///< MSG_PEEK: leave everything where it is
  bool partial = false;  ///< MSG_PARTIAL: a message may be read in pieces
};

/// What came from the peer and the application has not read, and the end behind it. The one place
/// where "the end only after the last octet" is kept.
class ReceiveQueue {
 public:
  explicit ReceiveQueue(bool message_boundaries) : message_boundaries_(message_boundaries) {}

  /// Ignored once the queue is off or ended.
  void append(ByteView bytes, bool end_of_message);
  /// The first end counts, a later one changes nothing: a graceful end is never turned into a
  /// reset, nor the reverse. 0 is graceful, else the WSA error number of the loss.
  void end(int error);
  /// Receives fail with `error` from now on where the end would be, whatever end() said; what
  /// arrived_end() and reached_end() tell stays.
  void override_end(int error) { overriding_ = error; }
  /// Forgets what is unread.
  void drop_unread();
  /// The application wants nothing more: drops what is unread. Cannot be undone (SHUT-04).
  void turn_off();

  /// Reads what is there; WSAEWOULDBLOCK when nothing is and no end either.
  Received receive(MutableByteView buffer, ReceiveMode mode);

  [[nodiscard]] bool off() const { return off_; }
  /// Not off, nothing in it, and nothing of an incomplete message either.
  [[nodiscard]] bool is_idle() const {
    return !off_ && !end_ && bytes_.empty() && message_sizes_.empty();
  }
  /// Something can be read: at least an octet, or a whole message.
  [[nodiscard]] bool readable() const;
  /// What FIONREAD tells: octets to be read, those of the first message where messages count.
  [[nodiscard]] std::size_t available() const;
  /// Octets held, for flow control. A message counts for its place in the queue too, so that a
  /// peer cannot fill the memory with empty ones.
  [[nodiscard]] std::size_t size() const { return bytes_.size() + message_sizes_.size() * kPlace; }
  /// Octets of a message that has begun to arrive and is not complete.
  [[nodiscard]] std::size_t incomplete() const { return incomplete_; }
  /// Set once everything before the end was read or dropped.
  [[nodiscard]] std::optional<int> reached_end() const;
  /// Set once there is an end, whatever is unread before it.
  [[nodiscard]] std::optional<int> arrived_end() const { return end_; }
  /// How often something came that can be read, since the beginning.
  [[nodiscard]] std::size_t arrivals() const { return arrivals_; }

  void write_state(StateWriter& out) const;

 private:
  /// Octets that an element of message_sizes_ takes of the heap.
  static constexpr std::size_t kPlace = 32;

  Received receive_message(MutableByteView buffer, ReceiveMode mode);

  bool message_boundaries_;
  bool off_ = false;
  ByteQueue bytes_;
  /// Of the complete messages at the front of bytes_. A list takes no heap while it is empty, as it
  /// is on most of many connections; a deque would take half a kilobyte.
  std::list<std::size_t> message_sizes_;
  std::size_t incomplete_ = 0;  ///< octets of the message that is still arriving
  std::size_t arrivals_ = 0;
  std::optional<int> end_;
  std::optional<int> overriding_;
};

}  // namespace ws2
