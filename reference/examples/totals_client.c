/* The client half of the specification's example: does some transactions, ends the connection with
   their number, and prints how many the server has done with all its clients.

   usage: totals_client PORT NAME TRANSACTIONS */

#include <winsock2.h>
/* After winsock2.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ws2tcpip.h>

#include "totals.h"

static SOCKET call_server(WSAPROTOCOL_INFO* provider, unsigned port, char* name) {
  char greeting[16];
  WSABUF caller_data = {(ULONG)strlen(name), name};
  WSABUF callee_data = {sizeof greeting, greeting};
  struct sockaddr_in server;
  const SOCKET s =
      WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, provider, 0, 0);
  if (s == INVALID_SOCKET) fail("WSASocket");
  loopback(&server, port);
  if (WSAConnect(s, (struct sockaddr*)&server, sizeof server, &caller_data, &callee_data, NULL,
                 NULL) != 0) {
    fail("WSAConnect");
  }
  if (callee_data.len != 6 || memcmp(greeting, "totals", 6) != 0) {
    fprintf(stderr, "whoever is there does not count totals\n");
    exit(1);
  }
  return s;
}

static void transact(SOCKET s) {
  char octet = '?';
  if (send(s, &octet, 1, 0) != 1) fail("send");
  if (recv(s, &octet, 1, 0) != 1) fail("recv");
}

/* Waits for the server's own end: FD_CLOSE, and nothing wrong with it. */
static void wait_for_close(SOCKET s) {
  WSANETWORKEVENTS happened;
  const WSAEVENT event = WSACreateEvent();
  if (event == WSA_INVALID_EVENT) fail("WSACreateEvent");
  if (WSAEventSelect(s, event, FD_CLOSE) != 0) fail("WSAEventSelect");
  if (WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, FALSE) != WSA_WAIT_EVENT_0) {
    fail("WSAWaitForMultipleEvents");
  }
  if (WSAEnumNetworkEvents(s, event, &happened) != 0) fail("WSAEnumNetworkEvents");
  if (happened.iErrorCode[FD_CLOSE_BIT] != 0) {
    WSASetLastError(happened.iErrorCode[FD_CLOSE_BIT]);
    fail("the connection");
  }
  WSACloseEvent(event);
}

int main(int argc, char** argv) {
  WSADATA started;
  WSAPROTOCOL_INFO provider;
  char octets[kMaxTotal];
  WSABUF data = {0, octets};
  SOCKET s;
  unsigned long total;
  if (argc != 4) {
    fprintf(stderr, "usage: totals_client PORT NAME TRANSACTIONS\n");
    return 2;
  }
  if (WSAStartup(MAKEWORD(2, 2), &started) != 0) {
    fprintf(stderr, "WSAStartup failed\n");
    return 1;
  }
  choose_provider(&provider);
  s = call_server(&provider, (unsigned)atoi(argv[1]), argv[2]);
  total = strtoul(argv[3], NULL, 10);
  for (unsigned long i = 0; i < total; ++i) transact(s);

  data.len = (ULONG)snprintf(octets, sizeof octets, "%lu", total);
  if (WSASendDisconnect(s, &data) != 0) fail("WSASendDisconnect"); /* (1) */
  wait_for_close(s);                                               /* (6) */
  data.len = sizeof octets;
  if (WSARecvDisconnect(s, &data) != 0) fail("WSARecvDisconnect"); /* (7) */
  printf("%lu\n", parse_total(&data));
  if (closesocket(s) != 0) fail("closesocket"); /* (8) */
  WSACleanup();
  return 0;
}
