#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "provider/descriptor.hpp"
#include "provider/endpoint.hpp"
#include "provider/service_provider.hpp"

// The operating system's TCP sockets. All descriptors are close-on-exec and nonblocking. Functions
// that can fail return 0 or a WSA error number.
namespace ws2 {

/// What an application set, kept to be read back and to be given to further descriptors.
struct SocketOptions {
  bool conditional_accept = false;
  bool exclusive_address = false;
  int group_priority = 0;
  bool keep_alive = false;
  /// TCP_MAXRT, in seconds: -1 never, 0 (reference choice: the default) as the system does.
  int max_retransmission = 0;
  bool no_delay = false;
  bool oob_inline = false;
  bool overlapped = true;
  bool reuse_address = false;
  bool v6_only = true;
  std::optional<int> keep_alive_count;  ///< absent, as all below: the system's
  std::optional<int> keep_alive_idle;
  std::optional<int> keep_alive_interval;
  std::optional<int> receive_buffer;
  std::optional<int> send_buffer;
  int receive_timeout = 0;
  int send_timeout = 0;
  Linger linger;
};

/// Seconds; the system counts milliseconds in an int.
constexpr int kMaxRetransmissionLimit = std::numeric_limits<int>::max() / 1000;
/// Of keep-alive, as the system has them: seconds, and probes.
constexpr int kKeepAliveSecondsLimit = 32767;
constexpr int kKeepAliveCountLimit = 127;

int open_tcp(Family family, Descriptor& made);
/// Applies what the system has to know and the descriptor does not have yet: it has `have`, which
/// for a new one are the defaults. Without `have` nobody knows.
int apply_options(int fd, const SocketOptions& want, const std::optional<SocketOptions>& have);
/// The one option that changes while data flows.
void set_no_delay(int fd, bool no_delay);
/// Only before the socket has a name.
int set_v6_only(int fd, bool v6_only);
int bind_tcp(int fd, const Endpoint& name);
int listen_tcp(int fd, int backlog);

/// WSAEWOULDBLOCK: begun. Any other error ends the attempt.
int connect_tcp(int fd, const Endpoint& to);
/// How an attempt that was begun stands: WSAEWOULDBLOCK, 0, or what it failed with.
int connect_progress(int fd, const Endpoint& to);

/// WSAEWOULDBLOCK when nobody waits. `caller` is absent when there was no time to learn it.
int accept_tcp(int fd, Descriptor& made, std::optional<Endpoint>& caller);
/// Connections are given out once they have octets, not before: for peers that speak first. Those
/// that say nothing come after a second or more.
void give_out_speaking(int fd);
bool is_readable(int fd);

/// What the system has for an option that nobody set: a buffer's size, a part of keep-alive.
int system_value(int fd, Option which, int& value);

/// Whether the peer's system has confirmed all octets that were sent; also of a broken connection.
bool are_octets_delivered(int fd);
/// Whether the peer's system has confirmed everything that was sent, the end included.
bool is_delivered(int fd);
/// How many descriptors the process may have.
std::size_t descriptor_limit();
/// Closes with a reset.
void abort_tcp(Descriptor& fd);

}  // namespace ws2
