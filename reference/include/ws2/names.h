#pragma once

/* Names to addresses and back, as in ws2tcpip.h. */

#include "addresses.h"
#include "errors.h"

#define AI_PASSIVE 0x00000001
#define AI_CANONNAME 0x00000002
#define AI_NUMERICHOST 0x00000004
#define AI_NUMERICSERV 0x00000008

#define EAI_AGAIN WSATRY_AGAIN
#define EAI_BADFLAGS WSAEINVAL
#define EAI_FAIL WSANO_RECOVERY
#define EAI_FAMILY WSAEAFNOSUPPORT
#define EAI_MEMORY WSA_NOT_ENOUGH_MEMORY
#define EAI_NONAME WSAHOST_NOT_FOUND
#define EAI_SERVICE WSATYPE_NOT_FOUND
#define EAI_SOCKTYPE WSAESOCKTNOSUPPORT

#define NI_MAXHOST 1025
#define NI_MAXSERV 32
#define NI_NOFQDN 0x01
#define NI_NUMERICHOST 0x02
#define NI_NAMEREQD 0x04
#define NI_NUMERICSERV 0x08
#define NI_DGRAM 0x10

typedef struct addrinfo {
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  size_t ai_addrlen;
  char* ai_canonname;
  struct sockaddr* ai_addr;
  struct addrinfo* ai_next;
} ADDRINFOA, *PADDRINFOA;

typedef struct addrinfoW {
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  size_t ai_addrlen;
  PWSTR ai_canonname;
  struct sockaddr* ai_addr;
  struct addrinfoW* ai_next;
} ADDRINFOW, *PADDRINFOW;

WS2_BEGIN_DECLS

/* Returns 0 or an error number, which is also WSAGetLastError's. */
WS2_API int WSAAPI getaddrinfo(const char* node, const char* service, const struct addrinfo* hints,
                               struct addrinfo** result) WS2_SYMBOL(ws2_getaddrinfo);
WS2_API void WSAAPI freeaddrinfo(struct addrinfo* list) WS2_SYMBOL(ws2_freeaddrinfo);
WS2_API INT WSAAPI GetAddrInfoW(PCWSTR node, PCWSTR service, const ADDRINFOW* hints,
                                PADDRINFOW* result);
WS2_API void WSAAPI FreeAddrInfoW(PADDRINFOW list);
/* Rooms are of the texts with their terminators; a text whose room is 0 is not wanted. 122
   (ERROR_INSUFFICIENT_BUFFER) for one that does not fit. */
WS2_API INT WSAAPI getnameinfo(const struct sockaddr* name, INT name_length, char* host,
                               DWORD host_room, char* service, DWORD service_room, INT flags)
    WS2_SYMBOL(ws2_getnameinfo);
WS2_API INT WSAAPI GetNameInfoW(const struct sockaddr* name, INT name_length, PWSTR host,
                                DWORD host_room, PWSTR service, DWORD service_room, INT flags);
#define GetAddrInfoA getaddrinfo
#define FreeAddrInfoA freeaddrinfo
#define GetNameInfoA getnameinfo
#ifdef UNICODE
#define GetAddrInfo GetAddrInfoW
#define FreeAddrInfo FreeAddrInfoW
#define GetNameInfo GetNameInfoW
typedef ADDRINFOW ADDRINFOT, *PADDRINFOT;
#else
#define GetAddrInfo GetAddrInfoA
#define FreeAddrInfo FreeAddrInfoA
#define GetNameInfo GetNameInfoA
typedef ADDRINFOA ADDRINFOT, *PADDRINFOT;
#endif
/* The text for a value of getaddrinfo; it lives for ever. */
WS2_API char* WSAAPI gai_strerrorA(int error) WS2_SYMBOL(ws2_gai_strerror);
#define gai_strerror gai_strerrorA

WS2_API int WSAAPI inet_pton(int family, const char* text, void* address) WS2_SYMBOL(ws2_inet_pton);
/* `size` is of the text with its terminator. */
WS2_API const char* WSAAPI inet_ntop(int family, const void* address, char* text, size_t size)
    WS2_SYMBOL(ws2_inet_ntop);

WS2_END_DECLS
