#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <type_traits>

#include "provider/native_address.hpp"
#include "provider/native_error.hpp"
#include "provider/native_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

int set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : winsock_error(errno);
}

short ready(int fd, short events) {
  pollfd polled{fd, events, 0};
  int count;
  do {
    count = ::poll(&polled, 1, 0);
  } while (count < 0 && errno == EINTR);
  return count > 0 ? polled.revents : static_cast<short>(0);
}

}  // namespace

int open_tcp(Family family, Descriptor& made) {
  made = Descriptor(::socket(native_family(family), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return made ? 0 : winsock_error(errno);
}

int apply_options(int fd, const SocketOptions& want, const std::optional<SocketOptions>& have) {
  int error = 0;
  const auto apply = [&](auto SocketOptions::*member, int level, int option) {
    if (error != 0 || (have && have.value().*member == want.*member)) return;
    if constexpr (std::is_same_v<decltype(want.*member), const std::optional<int>&>) {
      if (want.*member) error = set(fd, level, option, *(want.*member));
    } else {
      error = set(fd, level, option, want.*member);
    }
  };
  apply(&SocketOptions::no_delay, IPPROTO_TCP, TCP_NODELAY);
  if (error == 0 && (!have || have->max_retransmission != want.max_retransmission)) {
    const int seconds =
        want.max_retransmission < 0 ? kMaxRetransmissionLimit : want.max_retransmission;
    error = set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, seconds * 1000);
  }
  apply(&SocketOptions::reuse_address, SOL_SOCKET, SO_REUSEADDR);
  apply(&SocketOptions::keep_alive, SOL_SOCKET, SO_KEEPALIVE);
  apply(&SocketOptions::keep_alive_count, IPPROTO_TCP, TCP_KEEPCNT);
  apply(&SocketOptions::keep_alive_idle, IPPROTO_TCP, TCP_KEEPIDLE);
  apply(&SocketOptions::keep_alive_interval, IPPROTO_TCP, TCP_KEEPINTVL);
  apply(&SocketOptions::receive_buffer, SOL_SOCKET, SO_RCVBUF);
  apply(&SocketOptions::send_buffer, SOL_SOCKET, SO_SNDBUF);
  return error;
}

void set_no_delay(int fd, bool no_delay) {
  (void)set(fd, IPPROTO_TCP, TCP_NODELAY, no_delay);
}

int set_v6_only(int fd, bool v6_only) {
  return set(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6_only);
}

int bind_tcp(int fd, const Endpoint& name) {
  const NativeAddress address(name);
  return ::bind(fd, address.get(), address.size) == 0 ? 0 : winsock_error(errno);
}

int listen_tcp(int fd, int backlog) {
  return ::listen(fd, backlog) == 0 ? 0 : winsock_error(errno);
}

int connect_tcp(int fd, const Endpoint& to) {
  const NativeAddress address(to);
  // An interrupted connect goes on like a nonblocking one.
  if (::connect(fd, address.get(), address.size) == 0) return 0;
  return errno == EINTR ? WSAEWOULDBLOCK : winsock_error(errno);
}

int connect_progress(int fd, const Endpoint& to) {
  const NativeAddress address(to);
  // Asking again gives the outcome once it is there.
  if (::connect(fd, address.get(), address.size) == 0 || errno == EISCONN) return 0;
  return errno == EALREADY || errno == EINTR ? WSAEWOULDBLOCK : winsock_error(errno);
}

void give_out_speaking(int fd) {
  // Without it everything works too.
  (void)set(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 1);
}

int accept_tcp(int fd, Descriptor& made, std::optional<Endpoint>& caller) {
  while (true) {
    NativeAddress address;
    made = Descriptor(::accept4(fd, address.get(), &address.size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    caller = made ? address.endpoint() : std::nullopt;
    if (made) return 0;
    switch (errno) {
      case EINTR:
      // Errors of the connection that was to be taken, which is gone (accept(2)).
      case ECONNABORTED:
      case EPROTO:
      case ENETDOWN:
      case ENOPROTOOPT:
      case EHOSTDOWN:
      case ENONET:
      case EHOSTUNREACH:
      case ENETUNREACH:
        continue;
      default:
        return winsock_error(errno);
    }
  }
}

bool is_readable(int fd) {
  return ready(fd, POLLIN) != 0;
}

int system_value(int fd, Option which, int& value) {
  const auto get = [&](int level, int option) {
    socklen_t length = sizeof value;
    return ::getsockopt(fd, level, option, &value, &length) == 0 ? 0 : winsock_error(errno);
  };
  switch (which) {
    case Option::kKeepAliveCount:
      return get(IPPROTO_TCP, TCP_KEEPCNT);
    case Option::kKeepAliveIdle:
      return get(IPPROTO_TCP, TCP_KEEPIDLE);
    case Option::kKeepAliveInterval:
      return get(IPPROTO_TCP, TCP_KEEPINTVL);
    case Option::kReceiveBuffer:
      return get(SOL_SOCKET, SO_RCVBUF);
    case Option::kSendBuffer:
      return get(SOL_SOCKET, SO_SNDBUF);
    default:
      return WSAENOPROTOOPT;
  }
}

bool are_octets_delivered(int fd) {
  int waiting = 0;
  return ::ioctl(fd, SIOCOUTQ, &waiting) != 0 || waiting == 0;
}

bool is_delivered(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return true;
  return info.tcpi_state == TCP_FIN_WAIT2 || info.tcpi_state == TCP_TIME_WAIT ||
         info.tcpi_state == TCP_CLOSE;
}

std::size_t descriptor_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

void abort_tcp(Descriptor& fd) {
  const ::linger at_once{1, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fd.reset();
}

}  // namespace ws2
