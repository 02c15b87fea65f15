#pragma once

#include <memory>

#include "provider/descriptor.hpp"
#include "wire/link.hpp"

namespace ws2 {

/// A link and the TCP connection that carries it. Moves octets between the two, never blocking. Not
/// thread-safe.
class Channel {
 public:
  Channel(Descriptor fd, std::unique_ptr<Link> link) : fd_(std::move(fd)), link_(std::move(link)) {}

  /// To be told once, where the constructor was given no descriptor.
  void attach(Descriptor fd) { fd_ = std::move(fd); }

  Link& link() { return *link_; }
  const Link& link() const { return *link_; }
  const Connection& connection() const { return link_->connection(); }
  int fd() const { return fd_.get(); }

  /// What a broken connection is reported with when nothing arrives any more (TEAR-32, TEAR-33).
  void set_keep_alive(bool keep_alive) { keep_alive_ = keep_alive; }

  /// When one send after the other is large, segments need not end where sends do: the descriptor
  /// is then without TCP_NODELAY, until something else is sent or an answer is waited for.
  void set_may_coalesce(bool may_coalesce);
  void note_send(bool is_large);
  void note_receive() { note_send(false); }

  /// Writes what is to be written and takes the transport's next step.
  void pump_out();
  /// Reads as long as the link wants octets, at least once. `until_dry`: on to where the system
  /// says that there are no more, as whoever is told of changes only must; but has_more_input()
  /// where a peer sends faster than it can be dropped, so that others get their turn.
  void pump_in(bool until_dry);
  bool has_more_input() const { return has_more_input_; }
  /// The last read found the end of what there was: the next had better wait for more.
  bool was_read_dry() const { return was_read_dry_; }
  void expect_input() { was_read_dry_ = false; }
  /// Reads once, for a receive() that found nothing: what it would find next goes straight into
  /// `room` where that can be. The octets that went there, 0 when there is nothing to read or it
  /// went to the link; nothing where it has to be pump_in().
  std::optional<std::size_t> read_into(MutableByteView room);
  /// The transport has failed, with that WSA error number.
  void fail(int error) {
    is_broken_ = true;
    link_->on_transport_failure(error);
  }
  /// The link's deadline may be over.
  void on_time();

  /// Octets wait for the system to have room.
  bool awaits_room() const { return fd_ && !link_->output().empty(); }
  /// The descriptor is closed: nothing more to do.
  bool is_done() const { return !fd_; }

  /// The connection is over, even if the descriptor is still held.
  bool is_over() const;

  /// For a socket that another thread may be polling: while held, the descriptor is not closed.
  void hold(bool held) { is_held_ = held; }

 private:
  /// The octets read, 0 where there are none; then it has seen to what that means.
  std::size_t read(MutableByteView first, MutableByteView second = {});
  void on_write_error(int native);
  void on_read_error(int native);

  Descriptor fd_;
  std::unique_ptr<Link> link_;
  bool keep_alive_ = false;
  bool may_coalesce_ = false;
  bool is_coalescing_ = false;
  bool was_send_large_ = false;
  bool is_held_ = false;
  int write_error_ = 0;  // errno for which the end of input stands; 0: it is an end
  /// The system has failed: the peer, who may not know, is not to see a graceful end.
  bool is_broken_ = false;
  bool was_read_dry_ = false;
  bool has_more_input_ = false;
};

}  // namespace ws2
