#include "api/tests/faults/faults.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <new>
#include <system_error>
#include <thread>

namespace ws2::faults {
namespace {

std::atomic<int> left = 0;
std::atomic<Kind> armed = Kind::kMemory;
std::atomic<bool> has_struck = false;

bool strikes(Kind kind) {
  if (!is_inside || armed.load() != kind) return false;
  // The ordinary case first: no need to count for ever.
  if (left.load() <= 0 || left.fetch_sub(1) != 1) return false;
  has_struck = true;
  return true;
}

/// The same with room for one octet; `first` lives as long as what is returned.
msghdr first_octet(const msghdr& message, iovec& first) {
  const iovec* part = message.msg_iov;
  while (part->iov_len == 0) ++part;
  first = {part->iov_base, 1};
  msghdr made = message;
  made.msg_iov = &first;
  made.msg_iovlen = 1;
  return made;
}

bool has_octets(const msghdr& message) {
  return std::any_of(message.msg_iov, message.msg_iov + message.msg_iovlen,
                     [](const iovec& part) { return part.iov_len > 0; });
}

bool fails(Kind kind, int error) {
  if (!strikes(kind)) return false;
  errno = error;
  return true;
}

}  // namespace

void arm(Kind kind, int position) {
  armed = kind;
  has_struck = false;
  left = position;
}

bool disarm() {
  left = 0;
  return has_struck;
}

}  // namespace ws2::faults

using ws2::faults::fails;
using ws2::faults::first_octet;
using ws2::faults::has_octets;
using ws2::faults::Kind;
using ws2::faults::strikes;

// What the linker's --wrap makes of the library's calls, and of the functions themselves.
extern "C" {

int __real_socket(int, int, int);
int __real_bind(int, const sockaddr*, socklen_t);
int __real_listen(int, int);
int __real_accept4(int, sockaddr*, socklen_t*, int);
int __real_connect(int, const sockaddr*, socklen_t);
int __real_shutdown(int, int);
int __real_getsockopt(int, int, int, void*, socklen_t*);
int __real_setsockopt(int, int, int, const void*, socklen_t);
int __real_getsockname(int, sockaddr*, socklen_t*);
int __real_getpeername(int, sockaddr*, socklen_t*);
ssize_t __real_send(int, const void*, std::size_t, int);
ssize_t __real_recv(int, void*, std::size_t, int);
ssize_t __real_sendmsg(int, const msghdr*, int);
ssize_t __real_recvmsg(int, msghdr*, int);
int __real_getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**);
int __real_getnameinfo(const sockaddr*, socklen_t, char*, socklen_t, char*, socklen_t, int);
int __real_poll(pollfd*, nfds_t, int);
int __real_ppoll(pollfd*, nfds_t, const timespec*, const sigset_t*);
int __real_epoll_create1(int);
int __real_epoll_ctl(int, int, int, epoll_event*);
int __real_epoll_wait(int, epoll_event*, int, int);
int __real_eventfd(unsigned, int);

int __wrap_socket(int domain, int type, int protocol) {
  return fails(Kind::kShortage, EMFILE) ? -1 : __real_socket(domain, type, protocol);
}
int __wrap_bind(int fd, const sockaddr* name, socklen_t size) {
  return fails(Kind::kShortage, ENOMEM) ? -1 : __real_bind(fd, name, size);
}
int __wrap_listen(int fd, int backlog) {
  return fails(Kind::kShortage, EADDRINUSE) ? -1 : __real_listen(fd, backlog);
}
int __wrap_accept4(int fd, sockaddr* name, socklen_t* size, int flags) {
  if (fails(Kind::kShortage, EMFILE) || fails(Kind::kInterruption, EINTR)) return -1;
  return __real_accept4(fd, name, size, flags);
}
int __wrap_connect(int fd, const sockaddr* name, socklen_t size) {
  if (fails(Kind::kShortage, ENOBUFS)) return -1;
  const int result = __real_connect(fd, name, size);
  // An interrupted connect goes on.
  return fails(Kind::kInterruption, EINTR) ? -1 : result;
}
int __wrap_shutdown(int fd, int how) {
  return fails(Kind::kShortage, ENOBUFS) ? -1 : __real_shutdown(fd, how);
}
int __wrap_getsockopt(int fd, int level, int option, void* value, socklen_t* size) {
  return fails(Kind::kShortage, ENOBUFS) ? -1 : __real_getsockopt(fd, level, option, value, size);
}
int __wrap_setsockopt(int fd, int level, int option, const void* value, socklen_t size) {
  return fails(Kind::kShortage, ENOMEM) ? -1 : __real_setsockopt(fd, level, option, value, size);
}
int __wrap_getsockname(int fd, sockaddr* name, socklen_t* size) {
  return fails(Kind::kShortage, ENOBUFS) ? -1 : __real_getsockname(fd, name, size);
}
int __wrap_getpeername(int fd, sockaddr* name, socklen_t* size) {
  return fails(Kind::kShortage, ENOBUFS) ? -1 : __real_getpeername(fd, name, size);
}
ssize_t __wrap_send(int fd, const void* data, std::size_t size, int flags) {
  if (fails(Kind::kInterruption, EINTR) || fails(Kind::kShortage, ENOMEM) ||
      fails(Kind::kReset, ECONNRESET)) {
    return -1;
  }
  return __real_send(fd, data, size > 0 && strikes(Kind::kPiece) ? 1 : size, flags);
}
ssize_t __wrap_recv(int fd, void* data, std::size_t size, int flags) {
  if (fails(Kind::kInterruption, EINTR) || fails(Kind::kShortage, ENOMEM) ||
      fails(Kind::kReset, ECONNRESET)) {
    return -1;
  }
  return __real_recv(fd, data, size > 0 && strikes(Kind::kPiece) ? 1 : size, flags);
}
ssize_t __wrap_sendmsg(int fd, const msghdr* message, int flags) {
  if (fails(Kind::kInterruption, EINTR) || fails(Kind::kShortage, ENOMEM) ||
      fails(Kind::kReset, ECONNRESET)) {
    return -1;
  }
  iovec first;
  if (!has_octets(*message) || !strikes(Kind::kPiece)) return __real_sendmsg(fd, message, flags);
  const msghdr piece = first_octet(*message, first);
  return __real_sendmsg(fd, &piece, flags);
}
ssize_t __wrap_recvmsg(int fd, msghdr* message, int flags) {
  if (fails(Kind::kInterruption, EINTR) || fails(Kind::kShortage, ENOMEM) ||
      fails(Kind::kReset, ECONNRESET)) {
    return -1;
  }
  iovec first;
  if (!has_octets(*message) || !strikes(Kind::kPiece)) return __real_recvmsg(fd, message, flags);
  msghdr piece = first_octet(*message, first);
  const ssize_t count = __real_recvmsg(fd, &piece, flags);
  message->msg_flags = piece.msg_flags;
  return count;
}
int __wrap_getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                       addrinfo** list) {
  return fails(Kind::kShortage, 0) ? EAI_MEMORY : __real_getaddrinfo(node, service, hints, list);
}
int __wrap_getnameinfo(const sockaddr* name, socklen_t size, char* host, socklen_t host_size,
                       char* service, socklen_t service_size, int flags) {
  if (fails(Kind::kShortage, 0)) return EAI_MEMORY;
  return __real_getnameinfo(name, size, host, host_size, service, service_size, flags);
}
int __wrap_poll(pollfd* polled, nfds_t count, int timeout) {
  if (fails(Kind::kInterruption, EINTR) || fails(Kind::kShortage, ENOMEM)) return -1;
  return __real_poll(polled, count, timeout);
}
int __wrap_ppoll(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  if (fails(Kind::kInterruption, EINTR) || fails(Kind::kShortage, ENOMEM)) return -1;
  return __real_ppoll(polled, count, timeout, mask);
}
int __wrap_epoll_create1(int flags) {
  return fails(Kind::kShortage, EMFILE) ? -1 : __real_epoll_create1(flags);
}
int __wrap_epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
  // The other operations need nothing that could be short.
  if (operation == EPOLL_CTL_ADD && fails(Kind::kShortage, ENOSPC)) return -1;
  return __real_epoll_ctl(epoll, operation, fd, event);
}
int __wrap_epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
  if (fails(Kind::kInterruption, EINTR)) return -1;
  return __real_epoll_wait(epoll, events, most, timeout);
}
int __wrap_eventfd(unsigned count, int flags) {
  return fails(Kind::kShortage, EMFILE) ? -1 : __real_eventfd(count, flags);
}

}  // extern "C"

// std::thread's part that is not in its header.
#define START_THREAD \
  _ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
extern "C" {
// `state` is a std::unique_ptr of a type that is private: it is handed over by its address.
void JOIN(__real_, START_THREAD)(std::thread*, void* state, void (*)());
void JOIN(__wrap_, START_THREAD)(std::thread* self, void* state, void (*depend)()) {
  if (strikes(Kind::kShortage)) {
    throw std::system_error(EAGAIN, std::generic_category());
  }
  JOIN(__real_, START_THREAD)(self, state, depend);
}
}

void* operator new(std::size_t size) {
  if (strikes(Kind::kMemory)) throw std::bad_alloc();
  if (void* made = std::malloc(size > 0 ? size : 1)) return made;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return strikes(Kind::kMemory) ? nullptr : std::malloc(size > 0 ? size : 1);
}
void operator delete(void* made) noexcept {
  std::free(made);
}
void operator delete(void* made, std::size_t) noexcept {
  std::free(made);
}
