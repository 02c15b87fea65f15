#pragma once

/* The functions whose names begin with WSA. */

#include "addresses.h"
#include "protocol_info.h"
#include "qos.h"

struct timeval;

#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN 128

typedef struct WSAData {
  WORD wVersion;
  WORD wHighVersion;
  unsigned short iMaxSockets;
  unsigned short iMaxUdpDg;
  char* lpVendorInfo;
  char szDescription[WSADESCRIPTION_LEN + 1];
  char szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

typedef struct _WSANETWORKEVENTS {
  long lNetworkEvents;
  int iErrorCode[FD_MAX_EVENTS];
} WSANETWORKEVENTS, *LPWSANETWORKEVENTS;

typedef int(CALLBACK* LPCONDITIONPROC)(LPWSABUF lpCallerId, LPWSABUF lpCallerData, LPQOS lpSQOS,
                                       LPQOS lpGQOS, LPWSABUF lpCalleeId, LPWSABUF lpCalleeData,
                                       GROUP* g, DWORD_PTR dwCallbackData);

WS2_BEGIN_DECLS

WS2_API int WSAAPI WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData);
WS2_API int WSAAPI WSACleanup(void);
WS2_API int WSAAPI WSAGetLastError(void);
WS2_API void WSAAPI WSASetLastError(int iError);

WS2_API int WSAAPI WSAEnumProtocolsA(LPINT lpiProtocols, LPWSAPROTOCOL_INFOA lpProtocolBuffer,
                                     LPDWORD lpdwBufferLength);
WS2_API int WSAAPI WSAEnumProtocolsW(LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                                     LPDWORD lpdwBufferLength);

WS2_API SOCKET WSAAPI WSASocketA(int af, int type, int protocol, LPWSAPROTOCOL_INFOA lpProtocolInfo,
                                 GROUP g, DWORD dwFlags);
WS2_API SOCKET WSAAPI WSASocketW(int af, int type, int protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                                 GROUP g, DWORD dwFlags);
#ifdef UNICODE
#define WSAEnumProtocols WSAEnumProtocolsW
#define WSASocket WSASocketW
#else
#define WSAEnumProtocols WSAEnumProtocolsA
#define WSASocket WSASocketA
#endif

WS2_API int WSAAPI WSAConnect(SOCKET s, const struct sockaddr* name, int namelen,
                              LPWSABUF lpCallerData, LPWSABUF lpCalleeData, LPQOS lpSQOS,
                              LPQOS lpGQOS);
/* To one address of the name or the list after the other until one connects. A blocking socket is
   wanted; a nonblocking one tries the first and is then told of it as usual. NULL time-out: as long
   as the provider takes. An address of IPv4 is tried on an IPv6 socket too. */
WS2_API BOOL WSAAPI WSAConnectByNameA(SOCKET s, LPCSTR nodename, LPCSTR servicename,
                                      LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress,
                                      LPDWORD RemoteAddressLength, LPSOCKADDR RemoteAddress,
                                      const struct timeval* timeout, LPWSAOVERLAPPED Reserved);
WS2_API BOOL WSAAPI WSAConnectByNameW(SOCKET s, LPWSTR nodename, LPWSTR servicename,
                                      LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress,
                                      LPDWORD RemoteAddressLength, LPSOCKADDR RemoteAddress,
                                      const struct timeval* timeout, LPWSAOVERLAPPED Reserved);
WS2_API BOOL WSAAPI WSAConnectByList(SOCKET s, PSOCKET_ADDRESS_LIST SocketAddress,
                                     LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress,
                                     LPDWORD RemoteAddressLength, LPSOCKADDR RemoteAddress,
                                     const struct timeval* timeout, LPWSAOVERLAPPED Reserved);
#ifdef UNICODE
#define WSAConnectByName WSAConnectByNameW
#else
#define WSAConnectByName WSAConnectByNameA
#endif
WS2_API SOCKET WSAAPI WSAAccept(SOCKET s, struct sockaddr* addr, LPINT addrlen,
                                LPCONDITIONPROC lpfnCondition, DWORD_PTR dwCallbackData);

WS2_API int WSAAPI WSASend(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                           LPDWORD lpNumberOfBytesSent, DWORD dwFlags, LPWSAOVERLAPPED lpOverlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WS2_API int WSAAPI WSARecv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                           LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags,
                           LPWSAOVERLAPPED lpOverlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
/* For WSASend and WSARecv, for as long as the structure is not used for another operation. After
   closesocket it tells of operations that the closing ended, and of no others. */
WS2_API BOOL WSAAPI WSAGetOverlappedResult(SOCKET s, LPWSAOVERLAPPED lpOverlapped,
                                           LPDWORD lpcbTransfer, BOOL fWait, LPDWORD lpdwFlags);

WS2_API int WSAAPI WSASendDisconnect(SOCKET s, LPWSABUF lpOutboundDisconnectData);
WS2_API int WSAAPI WSARecvDisconnect(SOCKET s, LPWSABUF lpInboundDisconnectData);

WS2_API int WSAAPI WSAIoctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                            LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                            LPWSAOVERLAPPED lpOverlapped,
                            LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);

/* Addresses as text: "127.0.0.1:80", "[::1%2]:80", without the port when it is 0. The length of the
   text is in characters with the terminator; WSAEFAULT sets it to what is needed. */
WS2_API INT WSAAPI WSAAddressToStringA(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
                                       LPWSAPROTOCOL_INFOA lpProtocolInfo, LPSTR lpszAddressString,
                                       LPDWORD lpdwAddressStringLength);
WS2_API INT WSAAPI WSAAddressToStringW(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
                                       LPWSAPROTOCOL_INFOW lpProtocolInfo, LPWSTR lpszAddressString,
                                       LPDWORD lpdwAddressStringLength);
WS2_API INT WSAAPI WSAStringToAddressA(LPSTR AddressString, INT AddressFamily,
                                       LPWSAPROTOCOL_INFOA lpProtocolInfo, LPSOCKADDR lpAddress,
                                       LPINT lpAddressLength);
WS2_API INT WSAAPI WSAStringToAddressW(LPWSTR AddressString, INT AddressFamily,
                                       LPWSAPROTOCOL_INFOW lpProtocolInfo, LPSOCKADDR lpAddress,
                                       LPINT lpAddressLength);
#ifdef UNICODE
#define WSAAddressToString WSAAddressToStringW
#define WSAStringToAddress WSAStringToAddressW
#else
#define WSAAddressToString WSAAddressToStringA
#define WSAStringToAddress WSAStringToAddressA
#endif

WS2_API WSAEVENT WSAAPI WSACreateEvent(void);
WS2_API BOOL WSAAPI WSACloseEvent(WSAEVENT hEvent);
WS2_API BOOL WSAAPI WSASetEvent(WSAEVENT hEvent);
WS2_API BOOL WSAAPI WSAResetEvent(WSAEVENT hEvent);
WS2_API DWORD WSAAPI WSAWaitForMultipleEvents(DWORD cEvents, const WSAEVENT* lphEvents,
                                              BOOL fWaitAll, DWORD dwTimeout, BOOL fAlertable);
WS2_API int WSAAPI WSAEventSelect(SOCKET s, WSAEVENT hEventObject, long lNetworkEvents);
WS2_API int WSAAPI WSAEnumNetworkEvents(SOCKET s, WSAEVENT hEventObject,
                                        LPWSANETWORKEVENTS lpNetworkEvents);

WS2_END_DECLS
