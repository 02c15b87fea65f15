#pragma once

/* select and WSAPoll. Both names' types and constants exist in libc too, which everyday headers
   such as <stdlib.h> bring along; so libc's own come first, and what follows takes their place. */

#include "types.h"

/* Room in a set: 64 sockets, or what the program defines before it includes any header. Only a
   value that is not libc's can be told from libc's own once <sys/select.h> was included. */
#if defined(FD_SETSIZE) && (!defined(_SYS_SELECT_H) || FD_SETSIZE != __FD_SETSIZE)
#pragma push_macro("FD_SETSIZE")
#undef FD_SETSIZE
#include <sys/select.h>
#undef FD_SETSIZE
#pragma pop_macro("FD_SETSIZE")
#else
#include <sys/select.h>
#undef FD_SETSIZE
#define FD_SETSIZE 64
#endif
#include <poll.h>

/* libc's struct timeval is Winsock's: two long. */
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;

typedef struct ws2_fd_set {
  u_int fd_count; /* entries used */
  SOCKET fd_array[FD_SETSIZE];
} ws2_fd_set;
#define fd_set ws2_fd_set
typedef fd_set FD_SET, *PFD_SET, *LPFD_SET;

WS2_BEGIN_DECLS

/* Non-zero if the socket is in the set. */
WS2_API int WSAAPI __WSAFDIsSet(SOCKET s, fd_set* set);

/* `ignored` is there for BSD's sake. The time-out is left as it is. */
WS2_API int WSAAPI ws2_select(int ignored, fd_set* readfds, fd_set* writefds, fd_set* exceptfds,
                              const struct timeval* timeout);

WS2_END_DECLS

#define select ws2_select

/* A set that is full takes no more. */
static inline void ws2_fd_set_add(SOCKET s, fd_set* set) {
  u_int i = 0;
  while (i < set->fd_count && set->fd_array[i] != s) ++i;
  if (i < set->fd_count || set->fd_count >= FD_SETSIZE) return;
  set->fd_array[set->fd_count++] = s;
}

static inline void ws2_fd_set_remove(SOCKET s, fd_set* set) {
  u_int i = 0;
  while (i < set->fd_count && set->fd_array[i] != s) ++i;
  if (i == set->fd_count) return;
  for (--set->fd_count; i < set->fd_count; ++i) set->fd_array[i] = set->fd_array[i + 1];
}

#undef FD_SET
#undef FD_CLR
#undef FD_ISSET
#undef FD_ZERO
#define FD_SET(s, set) ws2_fd_set_add((SOCKET)(s), (set))
#define FD_CLR(s, set) ws2_fd_set_remove((SOCKET)(s), (set))
#define FD_ISSET(s, set) __WSAFDIsSet((SOCKET)(s), (set))
#define FD_ZERO(set) ((void)((set)->fd_count = 0))

#undef POLLIN
#undef POLLPRI
#undef POLLOUT
#undef POLLERR
#undef POLLHUP
#undef POLLNVAL
#undef POLLRDNORM
#undef POLLRDBAND
#undef POLLWRNORM
#undef POLLWRBAND
#define POLLRDNORM 0x0100
#define POLLRDBAND 0x0200
#define POLLIN (POLLRDNORM | POLLRDBAND)
#define POLLPRI 0x0400
#define POLLWRNORM 0x0010
#define POLLOUT (POLLWRNORM)
#define POLLWRBAND 0x0020
#define POLLERR 0x0001
#define POLLHUP 0x0002
#define POLLNVAL 0x0004

/* The constants being Winsock's now, libc's poll would misread them: GCC warns of it. */
#ifndef __clang__
WS2_BEGIN_DECLS
extern int poll(struct pollfd*, nfds_t, int)
    __attribute__((deprecated("with winsock2.h, POLLIN and the like are WSAPoll's")));
WS2_END_DECLS
#endif

typedef struct ws2_pollfd {
  SOCKET fd; /* INVALID_SOCKET: passed over */
  SHORT events;
  SHORT revents;
} WSAPOLLFD, *PWSAPOLLFD, *LPWSAPOLLFD;

WS2_BEGIN_DECLS

/* `timeout` in milliseconds, negative for ever. */
WS2_API int WSAAPI WSAPoll(LPWSAPOLLFD fdArray, ULONG fds, INT timeout);

WS2_END_DECLS
