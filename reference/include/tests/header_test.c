/* The public header on its own: compiled as C and as C++, beside the headers that programs have
   anyway. What is wrong does not compile, or ends the program with the line's number. */

#include <winsock2.h>
#include <ws2tcpip.h>
/* Everyday headers must not disturb it, nor it them. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#ifdef __cplusplus
#include <functional>
#include <string>
#include <type_traits>
#define STATIC_ASSERT(condition) static_assert(condition, #condition)

/* BSD names remain free for members and for the standard library. */
struct Session {
  int connect(int x) { return bind + x; }
  int bind = 1;
  int (*send)(int) = nullptr;
};
static int twice(int x) {
  return 2 * x;
}
static int use_cplusplus() {
  Session session;
  session.send = twice;
  const auto bound = std::bind(twice, 4);
  return bound() == 8 && session.connect(1) == 2 && session.send(3) == 6;
}
#else
#define STATIC_ASSERT(condition) _Static_assert(condition, #condition)
static int use_cplusplus(void) {
  return 1;
}
#endif

/* Sizes and layouts that a program may rely on. */
STATIC_ASSERT(sizeof(DWORD) == 4 && sizeof(ULONG) == 4 && sizeof(LONG) == 4);
STATIC_ASSERT(sizeof(WORD) == 2 && sizeof(BOOL) == 4 && sizeof(GROUP) == 4);
STATIC_ASSERT(sizeof(SOCKET) == sizeof(void*) && sizeof(WSAEVENT) == sizeof(void*));
STATIC_ASSERT(sizeof(struct sockaddr) == 16 && sizeof(struct sockaddr_in) == 16);
STATIC_ASSERT(sizeof(struct sockaddr_in6) == 28 && sizeof(struct sockaddr_storage) == 128);
STATIC_ASSERT(sizeof(struct in_addr) == 4 && sizeof(struct in6_addr) == 16);
STATIC_ASSERT(sizeof(struct linger) == 4 && sizeof(FLOWSPEC) == 32);
STATIC_ASSERT(sizeof(WSAPROTOCOL_INFO) == 372);
STATIC_ASSERT(sizeof(WCHAR) == 2 && sizeof(WSAPROTOCOL_INFOW) == 628);
STATIC_ASSERT(offsetof(WSAPROTOCOL_INFOW, szProtocol) == 116);
STATIC_ASSERT(SIO_GET_QOS == 0xc8000007u && SIO_SET_QOS == 0x8800000bu);
STATIC_ASSERT(offsetof(WSAPROTOCOL_INFO, szProtocol) == 116);
STATIC_ASSERT(offsetof(QOS, ReceivingFlowspec) == 32 && offsetof(QOS, ProviderSpecific) == 64);
STATIC_ASSERT(offsetof(WSABUF, len) == 0);
STATIC_ASSERT(offsetof(struct sockaddr_in6, sin6_scope_id) == 24);

/* Values that are part of the interface. */
STATIC_ASSERT(AF_INET == 2 && AF_INET6 == 23);
STATIC_ASSERT(INVALID_SOCKET == ~(SOCKET)0 && SOCKET_ERROR == -1);
STATIC_ASSERT(CF_ACCEPT == 0 && CF_REJECT == 1 && CF_DEFER == 2);
STATIC_ASSERT(SD_RECEIVE == 0 && SD_SEND == 1 && SD_BOTH == 2);
STATIC_ASSERT(FD_READ == 1 && FD_WRITE == 2 && FD_OOB == 4 && FD_ACCEPT == 8);
STATIC_ASSERT(FD_CONNECT == 16 && FD_CLOSE == 32 && FD_QOS == 64 && FD_GROUP_QOS == 128);
STATIC_ASSERT(XP1_CONNECT_DATA == 0x80 && XP1_DISCONNECT_DATA == 0x100);
STATIC_ASSERT(SO_CONDITIONAL_ACCEPT == 0x3002 && SO_DONTLINGER == ~0x80);
STATIC_ASSERT((unsigned)FIONBIO == 0x8004667eu && FIONREAD == 0x4004667f);
STATIC_ASSERT(WSAEDISCON == 10101 && WSATRY_AGAIN == 11002 && WSAECONNREFUSED == 10061);
STATIC_ASSERT(WSA_WAIT_TIMEOUT == 258 && WSA_MAXIMUM_WAIT_EVENTS == 64);
STATIC_ASSERT(POLLIN == 0x300 && POLLOUT == 0x10 && POLLPRI == 0x400);
STATIC_ASSERT(POLLERR == 1 && POLLHUP == 2 && POLLNVAL == 4);
STATIC_ASSERT(sizeof(((fd_set*)0)->fd_array) == FD_SETSIZE * sizeof(SOCKET));
STATIC_ASSERT(sizeof(TIMEVAL) == 2 * sizeof(long));
STATIC_ASSERT(MAKEWORD(2, 1) == 0x102 && LOBYTE(0x102) == 2 && HIBYTE(0x102) == 1);

static int CALLBACK condition(LPWSABUF caller_id, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos,
                              LPWSABUF callee_id, LPWSABUF callee_data, GROUP* g,
                              DWORD_PTR context) {
  (void)caller_id, (void)caller_data, (void)sqos, (void)gqos, (void)callee_id, (void)callee_data;
  (void)g, (void)context;
  return CF_ACCEPT;
}

#define CHECK(what) \
  if (!(what)) return fprintf(stderr, "line %d\n", __LINE__), 1

int main(void) {
  const LPCONDITIONPROC function = condition;
  /* Literals of WCHAR, as <uchar.h> has them. */
  const WCHAR* wide = u"\u00e9";
  struct sockaddr_in name;
  struct in6_addr any = IN6ADDR_ANY_INIT;
  struct in6_addr loopback = IN6ADDR_LOOPBACK_INIT;
  WSADATA data;
  SOCKET s;
  int size = sizeof name;
  int ends[2];

  CHECK(function != NULL);
  CHECK(wide[0] == 0xe9 && wide[1] == 0);
  CHECK(use_cplusplus());
  CHECK(memcmp(&any, &in6addr_any, sizeof any) == 0);
  CHECK(memcmp(&loopback, &in6addr_loopback, sizeof loopback) == 0);
  CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
  s = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(s != INVALID_SOCKET);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(bind(s, (struct sockaddr*)&name, sizeof name) == 0);
  CHECK(getsockname(s, (struct sockaddr*)&name, &size) == 0 && name.sin_port != 0);
  CHECK(closesocket(s) == 0);
  CHECK(WSACleanup() == 0);
  /* libc's own functions are still libc's. */
  CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
  CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
  return 0;
}
