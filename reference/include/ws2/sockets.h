#pragma once

/* The functions with BSD names. */

#include "addresses.h"

struct linger {
  u_short l_onoff;
  u_short l_linger; /* seconds */
};
typedef struct linger LINGER;

WS2_BEGIN_DECLS

WS2_API SOCKET WSAAPI socket(int family, int type, int protocol) WS2_SYMBOL(ws2_socket);
WS2_API int WSAAPI closesocket(SOCKET s) WS2_SYMBOL(ws2_closesocket);
WS2_API int WSAAPI bind(SOCKET s, const struct sockaddr* name, int namelen) WS2_SYMBOL(ws2_bind);
WS2_API int WSAAPI listen(SOCKET s, int backlog) WS2_SYMBOL(ws2_listen);
WS2_API int WSAAPI connect(SOCKET s, const struct sockaddr* name, int namelen)
    WS2_SYMBOL(ws2_connect);
WS2_API SOCKET WSAAPI accept(SOCKET s, struct sockaddr* addr, int* addrlen) WS2_SYMBOL(ws2_accept);
WS2_API int WSAAPI send(SOCKET s, const char* buf, int len, int flags) WS2_SYMBOL(ws2_send);
WS2_API int WSAAPI recv(SOCKET s, char* buf, int len, int flags) WS2_SYMBOL(ws2_recv);
WS2_API int WSAAPI shutdown(SOCKET s, int how) WS2_SYMBOL(ws2_shutdown);
WS2_API int WSAAPI getsockname(SOCKET s, struct sockaddr* name, int* namelen)
    WS2_SYMBOL(ws2_getsockname);
WS2_API int WSAAPI getpeername(SOCKET s, struct sockaddr* name, int* namelen)
    WS2_SYMBOL(ws2_getpeername);
WS2_API int WSAAPI getsockopt(SOCKET s, int level, int option, char* value, int* length)
    WS2_SYMBOL(ws2_getsockopt);
WS2_API int WSAAPI setsockopt(SOCKET s, int level, int option, const char* value, int length)
    WS2_SYMBOL(ws2_setsockopt);
WS2_API int WSAAPI ioctlsocket(SOCKET s, long command, u_long* argument)
    WS2_SYMBOL(ws2_ioctlsocket);

WS2_END_DECLS
