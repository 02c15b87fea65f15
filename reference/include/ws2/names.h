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

WS2_BEGIN_DECLS

/* Returns 0 or an error number, which is also WSAGetLastError's. */
WS2_API int WSAAPI getaddrinfo(const char* node, const char* service, const struct addrinfo* hints,
                               struct addrinfo** result) WS2_SYMBOL(ws2_getaddrinfo);
WS2_API void WSAAPI freeaddrinfo(struct addrinfo* list) WS2_SYMBOL(ws2_freeaddrinfo);
/* The text for a value of getaddrinfo; it lives for ever. */
WS2_API char* WSAAPI gai_strerrorA(int error) WS2_SYMBOL(ws2_gai_strerror);
#define gai_strerror gai_strerrorA

WS2_API int WSAAPI inet_pton(int family, const char* text, void* address) WS2_SYMBOL(ws2_inet_pton);
/* `size` is of the text with its terminator. */
WS2_API const char* WSAAPI inet_ntop(int family, const void* address, char* text, size_t size)
    WS2_SYMBOL(ws2_inet_ntop);

WS2_END_DECLS
