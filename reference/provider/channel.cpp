#include "provider/channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "provider/clock.hpp"
#include "provider/native_socket.hpp"
#include "provider/reactor.hpp"
#include "ws2/errors.h"

namespace ws2 {

namespace {

/// Octets. What is kept for an application ends the reading earlier; only what is dropped can come
/// without end.
constexpr std::size_t kMostAtOnce = 1024 * 1024;

}  // namespace

void Channel::pump_out() {
  if (!fd_) return;
  while (true) {
    const ByteView output = link_->output();
    if (output.empty()) break;
    // The end that follows at once goes with the last octets: one segment, and the peer, who waits
    // for both, is woken once.
    const int more = link_->ends_with_output() ? MSG_MORE : 0;
    const ssize_t written = ::send(fd_.get(), output.data(), output.size(), MSG_NOSIGNAL | more);
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
      ::shutdown(fd_.get(), SHUT_WR);
      link_->on_half_closed();
      return pump_out();
    case TransportStep::kAbort:
      if (is_held_) return;
      abort_tcp(fd_);
      return Reactor::instance().descriptor_freed();
    case TransportStep::kClose:
      if (is_held_) return;
      fd_.reset();
      return Reactor::instance().descriptor_freed();
  }
}

bool Channel::is_over() const {
  if (!fd_) return true;
  const TransportStep step = link_->transport_step();
  return step == TransportStep::kAbort || step == TransportStep::kClose;
}

void Channel::pump_in(bool until_dry) {
  // Never initialised: only what recv wrote is read.
  thread_local std::array<std::uint8_t, 64 * 1024> buffer;
  std::size_t total = 0;
  while (fd_ && link_->wants_input()) {
    has_more_input_ = total >= kMostAtOnce;
    if (has_more_input_) return;
    const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    was_read_dry_ = count < static_cast<ssize_t>(buffer.size());
    if (count > 0) {
      total += static_cast<std::size_t>(count);
      link_->on_bytes({buffer.data(), static_cast<std::size_t>(count)}, now());
      if (!until_dry && static_cast<std::size_t>(count) < buffer.size()) return;
    } else if (count == 0) {
      if (end_is_reset_) return link_->on_transport_reset();
      return link_->on_transport_end(now());
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      return on_read_error(errno);
    }
  }
}

void Channel::on_time() {
  const auto deadline = link_->deadline();
  if (deadline && *deadline <= now()) link_->on_time(now());
}

void Channel::on_write_error(int native) {
  // What arrived before the connection broke counts, above all a graceful end. The system tells of
  // a reset once: told here, the end of input that follows stands for it. EPIPE comes after a real
  // one.
  end_is_reset_ = native != EPIPE;
  pump_in(true);
  on_read_error(native);
}

void Channel::on_read_error(int native) {
  if (native == ECONNRESET || native == EPIPE) return link_->on_transport_reset();
  const bool is_keep_alive = native == ETIMEDOUT && keep_alive_ && link_->output().empty();
  link_->on_transport_failure(is_keep_alive ? WSAENETRESET : WSAECONNABORTED);
}

}  // namespace ws2
