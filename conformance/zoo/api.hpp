// The API's functions that a fault can replace. The adapter's calls go through this table (the
// linker sees to that, see meson.build); calls that the reference makes of itself do not.
#pragma once

#include "ws2/functions.h"
#include "ws2/names.h"
#include "ws2/sockets.h"

// X(result, symbol, name, parameters, arguments)
#define WS2_ZOO_FUNCTIONS(X)                                                                       \
  X(SOCKET, WSAAccept, WSAAccept,                                                                  \
    (SOCKET s, sockaddr * a, LPINT n, LPCONDITIONPROC f, DWORD_PTR d), (s, a, n, f, d))            \
  X(SOCKET, WSASocketA, WSASocketA,                                                                \
    (int f, int t, int p, LPWSAPROTOCOL_INFOA i, GROUP g, DWORD flags), (f, t, p, i, g, flags))    \
  X(int, WSAConnect, WSAConnect,                                                                   \
    (SOCKET s, const sockaddr* a, int n, LPWSABUF r, LPWSABUF e, LPQOS q, LPQOS g),                \
    (s, a, n, r, e, q, g))                                                                         \
  X(int, WSAStartup, WSAStartup, (WORD v, LPWSADATA d), (v, d))                                    \
  X(int, WSACleanup, WSACleanup, (), ())                                                           \
  X(int, WSAEnumProtocolsA, WSAEnumProtocolsA, (LPINT p, LPWSAPROTOCOL_INFOA i, LPDWORD n),        \
    (p, i, n))                                                                                     \
  X(int, WSAEnumNetworkEvents, WSAEnumNetworkEvents, (SOCKET s, WSAEVENT e, LPWSANETWORKEVENTS n), \
    (s, e, n))                                                                                     \
  X(int, WSAEventSelect, WSAEventSelect, (SOCKET s, WSAEVENT e, long m), (s, e, m))                \
  X(int, WSASendDisconnect, WSASendDisconnect, (SOCKET s, LPWSABUF b), (s, b))                     \
  X(int, WSARecvDisconnect, WSARecvDisconnect, (SOCKET s, LPWSABUF b), (s, b))                     \
  X(int, WSARecv, WSARecv,                                                                         \
    (SOCKET s, LPWSABUF b, DWORD c, LPDWORD n, LPDWORD f, LPWSAOVERLAPPED o,                       \
     LPWSAOVERLAPPED_COMPLETION_ROUTINE r),                                                        \
    (s, b, c, n, f, o, r))                                                                         \
  X(BOOL, WSAGetOverlappedResult, WSAGetOverlappedResult,                                          \
    (SOCKET s, LPWSAOVERLAPPED o, LPDWORD n, BOOL w, LPDWORD f), (s, o, n, w, f))                  \
  X(int, WSAIoctl, WSAIoctl,                                                                       \
    (SOCKET s, DWORD c, LPVOID i, DWORD in, LPVOID o, DWORD on, LPDWORD n, LPWSAOVERLAPPED v,      \
     LPWSAOVERLAPPED_COMPLETION_ROUTINE r),                                                        \
    (s, c, i, in, o, on, n, v, r))                                                                 \
  X(SOCKET, ws2_accept, accept, (SOCKET s, sockaddr * a, int* n), (s, a, n))                       \
  X(int, ws2_connect, connect, (SOCKET s, const sockaddr* a, int n), (s, a, n))                    \
  X(int, ws2_closesocket, closesocket, (SOCKET s), (s))                                            \
  X(int, ws2_listen, listen, (SOCKET s, int b), (s, b))                                            \
  X(int, ws2_recv, recv, (SOCKET s, char* b, int n, int f), (s, b, n, f))                          \
  X(int, ws2_send, send, (SOCKET s, const char* b, int n, int f), (s, b, n, f))                    \
  X(int, ws2_shutdown, shutdown, (SOCKET s, int how), (s, how))                                    \
  X(int, ws2_getaddrinfo, getaddrinfo,                                                             \
    (const char* h, const char* s, const addrinfo* i, addrinfo** r), (h, s, i, r))                 \
  X(int, ws2_getsockname, getsockname, (SOCKET s, sockaddr * a, int* n), (s, a, n))                \
  X(int, ws2_getpeername, getpeername, (SOCKET s, sockaddr * a, int* n), (s, a, n))                \
  X(int, ws2_getsockopt, getsockopt, (SOCKET s, int l, int o, char* v, int* n), (s, l, o, v, n))   \
  X(int, ws2_setsockopt, setsockopt, (SOCKET s, int l, int o, const char* v, int n),               \
    (s, l, o, v, n))

namespace ws2conform::zoo {

struct Api {
#define WS2_ZOO_MEMBER(result, symbol, name, parameters, arguments) result(*name) parameters;
  WS2_ZOO_FUNCTIONS(WS2_ZOO_MEMBER)
#undef WS2_ZOO_MEMBER
};

// What the adapter's calls go to.
Api& api();
// The reference's own.
const Api& reference_api();

}  // namespace ws2conform::zoo
