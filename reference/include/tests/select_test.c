/* select's types where libc's were there first: the names mean Winsock's from the header on. */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>
#include <winsock2.h>
#include <ws2tcpip.h>
/* And what comes after does not bring libc's back. */
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/types.h>

#ifdef __cplusplus
#include <algorithm>
#include <thread>
#define STATIC_ASSERT(condition) static_assert(condition, #condition)
#else
#define STATIC_ASSERT(condition) _Static_assert(condition, #condition)
#endif

STATIC_ASSERT(FD_SETSIZE == 64);
STATIC_ASSERT(sizeof(fd_set) == 65 * sizeof(SOCKET));
STATIC_ASSERT(POLLRDNORM == 0x100 && POLLRDBAND == 0x200 && POLLWRNORM == 0x10);

#define CHECK(what) \
  if (!(what)) return fprintf(stderr, "line %d\n", __LINE__), 1

int main(void) {
  WSADATA data;
  struct fd_set set;
  struct timeval none = {0, 0};
  WSAPOLLFD polled;
  SOCKET s;
  SOCKET i;

  FD_ZERO(&set);
  for (i = 1; i <= 70; ++i) FD_SET(i, &set);
  FD_SET(3, &set);
  CHECK(set.fd_count == 64 && FD_ISSET(64, &set) && !FD_ISSET(65, &set));
  FD_CLR(2, &set);
  FD_CLR(65, &set);
  CHECK(set.fd_count == 63 && !FD_ISSET(2, &set) && set.fd_array[1] == 3);

  CHECK(select(0, NULL, NULL, NULL, &none) == SOCKET_ERROR);
  CHECK(WSAGetLastError() == WSANOTINITIALISED);
  CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
  s = socket(AF_INET, SOCK_STREAM, 0);
  FD_ZERO(&set);
  FD_SET(s, &set);
  CHECK(select(0, &set, NULL, NULL, &none) == 0 && set.fd_count == 0);
  polled.fd = s;
  polled.events = POLLIN | POLLOUT;
  CHECK(WSAPoll(&polled, 1, 0) == 0 && polled.revents == 0);
  CHECK(WSACleanup() == 0);
  return 0;
}
