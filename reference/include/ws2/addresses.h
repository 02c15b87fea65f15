#pragma once

/* Socket addresses. The header brings its own and does not include libc's: AF_INET6 differs, and
   the BSD names must not be declared twice. */

#if defined(_SYS_SOCKET_H) || defined(_NETINET_IN_H)
#error "winsock2.h cannot share a source file with <sys/socket.h> or <netinet/in.h>"
#endif

#include "constants.h"
#include "types.h"

typedef USHORT ADDRESS_FAMILY;

typedef struct sockaddr {
  ADDRESS_FAMILY sa_family;
  CHAR sa_data[14];
} SOCKADDR, *PSOCKADDR, *LPSOCKADDR;

typedef struct in_addr {
  union {
    struct {
      UCHAR s_b1, s_b2, s_b3, s_b4;
    } S_un_b;
    struct {
      USHORT s_w1, s_w2;
    } S_un_w;
    ULONG S_addr; /* network byte order */
  } S_un;
#define s_addr S_un.S_addr
} IN_ADDR, *PIN_ADDR, *LPIN_ADDR;

typedef struct sockaddr_in {
  ADDRESS_FAMILY sin_family;
  USHORT sin_port; /* network byte order */
  struct in_addr sin_addr;
  CHAR sin_zero[8];
} SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;

typedef struct in6_addr {
  union {
    UCHAR Byte[16];
    USHORT Word[8];
  } u;
#define s6_addr u.Byte
#define s6_words u.Word
} IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;

typedef struct sockaddr_in6 {
  ADDRESS_FAMILY sin6_family;
  USHORT sin6_port; /* network byte order */
  ULONG sin6_flowinfo;
  struct in6_addr sin6_addr;
  ULONG sin6_scope_id;
} SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;

typedef struct sockaddr_storage {
  ADDRESS_FAMILY ss_family;
  CHAR ss_pad1[6];
  int64_t ss_align;
  CHAR ss_pad2[112];
} SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;

typedef struct _SOCKET_ADDRESS {
  LPSOCKADDR lpSockaddr;
  INT iSockaddrLength;
} SOCKET_ADDRESS, *PSOCKET_ADDRESS, *LPSOCKET_ADDRESS;

typedef struct _SOCKET_ADDRESS_LIST {
  INT iAddressCount;
  SOCKET_ADDRESS Address[1]; /* as many as iAddressCount says */
} SOCKET_ADDRESS_LIST, *PSOCKET_ADDRESS_LIST, *LPSOCKET_ADDRESS_LIST;

#define INADDR_ANY ((ULONG)0x00000000)
#define INADDR_LOOPBACK ((ULONG)0x7f000001)
#define INADDR_BROADCAST ((ULONG)0xffffffff)
#define INADDR_NONE ((ULONG)0xffffffff)
#define ADDR_ANY INADDR_ANY

#define IN6ADDR_ANY_INIT \
  {                      \
    {                    \
      { 0 }              \
    }                    \
  }
#define IN6ADDR_LOOPBACK_INIT                            \
  {                                                      \
    {                                                    \
      { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } \
    }                                                    \
  }

#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65

WS2_BEGIN_DECLS

extern WS2_API const struct in6_addr in6addr_any WS2_SYMBOL(ws2_in6addr_any);
extern WS2_API const struct in6_addr in6addr_loopback WS2_SYMBOL(ws2_in6addr_loopback);

/* 32 bits, as everywhere: u_long is wider here. */
WS2_API ULONG WSAAPI htonl(ULONG hostlong) WS2_SYMBOL(ws2_htonl);
WS2_API ULONG WSAAPI ntohl(ULONG netlong) WS2_SYMBOL(ws2_ntohl);
WS2_API u_short WSAAPI htons(u_short hostshort) WS2_SYMBOL(ws2_htons);
WS2_API u_short WSAAPI ntohs(u_short netshort) WS2_SYMBOL(ws2_ntohs);

WS2_API ULONG WSAAPI inet_addr(const char* text) WS2_SYMBOL(ws2_inet_addr);
/* The text lives until the calling thread's next inet_ntoa. */
WS2_API char* WSAAPI inet_ntoa(struct in_addr address) WS2_SYMBOL(ws2_inet_ntoa);

WS2_END_DECLS
