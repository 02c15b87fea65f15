/* A program that knows the library only as installed: C11 and C++20 alike. One connection within
   one process, with user data both ways and disconnect data. Prints what each end was given. */
#include <stdio.h>
#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#define CHECK(what)                                                                   \
  do {                                                                                \
    if (!(what)) {                                                                    \
      fprintf(stderr, "line %d: error %d: %s\n", __LINE__, WSAGetLastError(), #what); \
      return 1;                                                                       \
    }                                                                                 \
  } while (0)

static WSABUF buffer_of(char* octets, size_t length) {
  WSABUF buffer;
  buffer.len = (ULONG)length;
  buffer.buf = octets;
  return buffer;
}

static int CALLBACK condition(LPWSABUF caller_id, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos,
                              LPWSABUF callee_id, LPWSABUF callee_data, GROUP* group,
                              DWORD_PTR context) {
  (void)caller_id, (void)sqos, (void)gqos, (void)callee_id, (void)group, (void)context;
  printf("caller data: %.*s\n", (int)caller_data->len, caller_data->buf);
  memcpy(callee_data->buf, "welcome", 7);
  callee_data->len = 7;
  return CF_ACCEPT;
}

int main(void) {
  char question[] = "may I", total[] = "3", room[64], answer[64];
  WSABUF caller_data = buffer_of(question, strlen(question));
  WSABUF callee_data = buffer_of(answer, sizeof answer);
  WSABUF outbound = buffer_of(total, strlen(total));
  WSABUF inbound = buffer_of(room, sizeof room);
  struct sockaddr_in name;
  int size = sizeof name;
  WSANETWORKEVENTS events;
  WSADATA data;
  WSAEVENT event;
  SOCKET listener, client, server;

  CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
  listener = socket(AF_INET, SOCK_STREAM, 0);
  client = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(listener != INVALID_SOCKET && client != INVALID_SOCKET);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(bind(listener, (struct sockaddr*)&name, sizeof name) == 0 && listen(listener, 1) == 0);
  CHECK(getsockname(listener, (struct sockaddr*)&name, &size) == 0);

  event = WSACreateEvent();
  CHECK(event != WSA_INVALID_EVENT && WSAEventSelect(client, event, FD_CONNECT) == 0);
  CHECK(WSAConnect(client, (struct sockaddr*)&name, sizeof name, &caller_data, &callee_data, NULL,
                   NULL) == SOCKET_ERROR);
  CHECK(WSAGetLastError() == WSAEWOULDBLOCK);
  server = WSAAccept(listener, NULL, NULL, condition, 0);
  CHECK(server != INVALID_SOCKET);
  CHECK(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, FALSE) == WSA_WAIT_EVENT_0);
  CHECK(WSAEnumNetworkEvents(client, event, &events) == 0);
  CHECK(events.lNetworkEvents == FD_CONNECT && events.iErrorCode[FD_CONNECT_BIT] == 0);
  printf("callee data: %.*s\n", (int)callee_data.len, callee_data.buf);

  CHECK(WSASendDisconnect(client, &outbound) == 0);
  CHECK(recv(server, room, sizeof room, 0) == 0);
  CHECK(WSARecvDisconnect(server, &inbound) == 0);
  printf("disconnect data: %.*s\n", (int)inbound.len, inbound.buf);
  CHECK(closesocket(server) == 0 && closesocket(client) == 0 && closesocket(listener) == 0);
  CHECK(WSACloseEvent(event));
  CHECK(WSACleanup() == 0);
  return 0;
}
