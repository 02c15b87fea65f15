#include "provider/channel.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "provider/clock.hpp"
#include "provider/native_socket.hpp"
#include "provider/reactor.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

/// Octets. What is kept for an application ends the reading earlier; only what is dropped can come
/// without end.
constexpr std::size_t kMostOctetsAtOnce = 1024 * 1024;

ssize_t write(int fd, ByteView first, ByteView second, int flags) {
  if (second.empty()) return ::send(fd, first.data(), first.size(), flags);
  const auto part = [](ByteView octets) {
    return iovec{const_cast<std::uint8_t*>(octets.data()), octets.size()};
  };
  std::array<iovec, 2> parts = {part(first), part(second)};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return ::sendmsg(fd, &message, flags);
}

MutableByteView scratch() {
  // Never initialised: only what was read into it is looked at.
  thread_local std::array<std::uint8_t, 64 * 1024> buffer;
  return buffer;
}

}  // namespace

void Channel::set_may_coalesce(bool may_coalesce) {
  note_send(false);
  may_coalesce_ = may_coalesce;
}

void Channel::note_send(bool is_large) {
  const bool was_large = std::exchange(was_send_large_, is_large);
  const bool coalesces = is_large && was_large && may_coalesce_;
  if (std::exchange(is_coalescing_, coalesces) != coalesces) set_no_delay(fd_.get(), !coalesces);
}

void Channel::pump_out() {
  if (!fd_) return;
  while (true) {
    const ByteView output = link_->output();
    const ByteView lent = link_->lent_output();
    if (output.empty() && lent.empty()) break;
    // The end that follows at once goes with the last octets: one segment, and the peer, who waits
    // for both, is woken once.
    const int more = link_->ends_with_output() ? MSG_MORE : 0;
    const ssize_t written = write(fd_.get(), output, lent, MSG_NOSIGNAL | more);
    if (written >= 0) {
      link_->on_written(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      on_write_error(errno);
    }
  }
  switch (link_->transport_step()) {
    case TransportStep::kNone:
      return;
    case TransportStep::kHalfClose:
      if (::shutdown(fd_.get(), SHUT_WR) == 0 || errno == ENOTCONN) {
        link_->on_half_closed();
      } else {
        // Otherwise the peer would wait for an end that is not on its way.
        on_write_error(errno);
      }
      return pump_out();
    case TransportStep::kAbort:
      if (is_held_) return;
      abort_tcp(fd_);
      return Reactor::instance().descriptor_freed();
    case TransportStep::kClose:
      if (is_held_) return;
      is_broken_ ? abort_tcp(fd_) : fd_.reset();
      return Reactor::instance().descriptor_freed();
  }
}

bool Channel::is_over() const {
  if (!fd_) return true;
  const TransportStep step = link_->transport_step();
  return step == TransportStep::kAbort || step == TransportStep::kClose;
}

std::size_t Channel::read(MutableByteView first, MutableByteView second) {
  std::array<iovec, 2> parts = {iovec{first.data(), first.size()},
                                iovec{second.data(), second.size()}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  ssize_t count;
  do {
    count = second.empty() ? ::recv(fd_.get(), first.data(), first.size(), 0)
                           : ::recvmsg(fd_.get(), &message, 0);
  } while (count < 0 && errno == EINTR);
  was_read_dry_ = count < static_cast<ssize_t>(first.size() + second.size());
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0) {
    if (write_error_ != 0) {
      on_read_error(write_error_);
    } else {
      link_->on_transport_end(now());
    }
  } else if (errno != EAGAIN) {
    on_read_error(errno);
  }
  return 0;
}

void Channel::pump_in(bool until_dry) {
  std::size_t total = 0;
  while (fd_ && link_->wants_input()) {
    has_more_input_ = total >= kMostOctetsAtOnce;
    if (has_more_input_) return;
    const std::size_t count = read(scratch());
    if (count == 0) return;
    total += count;
    link_->on_bytes(scratch().first(count), now());
    if (!until_dry && was_read_dry_) return;
  }
}

std::optional<std::size_t> Channel::read_into(MutableByteView room) {
  if (!fd_ || !link_->wants_input()) return std::nullopt;
  // With a body comes the head behind it, so that the next call finds its data at once.
  std::array<std::uint8_t, Codec::kHeadSize> head;
  const std::size_t rest = link_->body_rest();
  const std::size_t direct = link_->direct_input(room.size());
  if (rest == 0 && !link_->awaits_head()) return std::nullopt;
  const MutableByteView body =
      direct != 0 ? room.first(direct) : scratch().first(std::min(rest, scratch().size()));
  const bool is_head_next = body.size() == rest;
  const std::size_t count = read(body, is_head_next ? MutableByteView(head) : MutableByteView());
  const std::size_t in_body = std::min(count, body.size());
  // Of a message the beginning cannot be given out.
  const bool is_given_out =
      in_body == direct || (in_body != 0 && !connection().limits().message_boundaries);
  if (direct != 0 && is_given_out) {
    link_->on_direct_input(in_body);
  } else {
    link_->on_bytes(body.first(in_body), now());
  }
  link_->on_bytes(ByteView(head).first(count - in_body), now());
  return direct != 0 && is_given_out ? in_body : 0;
}

void Channel::on_time() {
  const auto deadline = link_->deadline();
  if (deadline && *deadline <= now()) link_->on_time(now());
}

void Channel::on_write_error(int native) {
  // What arrived before the connection broke counts, above all a graceful end. The system tells of
  // a reset once: told here, the end of input that follows stands for it. EPIPE comes after a real
  // one.
  write_error_ = native != EPIPE ? native : 0;
  pump_in(true);
  on_read_error(native);
}

void Channel::on_read_error(int native) {
  is_broken_ = true;
  if (native == ECONNRESET || native == EPIPE) return link_->on_transport_reset();
  // With octets on their way it is their confirmation that was waited for.
  const bool is_keep_alive = native == ETIMEDOUT && keep_alive_ && link_->output().empty() &&
                             link_->lent_output().empty() && are_octets_delivered(fd());
  link_->on_transport_failure(is_keep_alive ? WSAENETRESET : WSAECONNABORTED);
}

}  // namespace ws2
