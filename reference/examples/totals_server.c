/* The server half of the specification's example: every client says with its disconnect data how
   many transactions it did, and is answered with how many all clients did so far.

   usage: totals_server CLIENTS

   Serves CLIENTS clients, one after the other, and ends. The first line it prints is its port. */

#include <winsock2.h>
/* After winsock2.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ws2tcpip.h>

#include "totals.h"

/* Who calls, seen before the connection exists, and a greeting to go back with the acceptance. */
static int CALLBACK greet(LPWSABUF caller_id, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos,
                          LPWSABUF callee_id, LPWSABUF callee_data, GROUP* g, DWORD_PTR context) {
  static const char kGreeting[] = "totals";
  (void)caller_id, (void)sqos, (void)gqos, (void)callee_id, (void)g, (void)context;
  if (caller_data == NULL) return CF_REJECT; /* every client gives its name */
  printf("client %.*s\n", (int)caller_data->len, caller_data->buf);
  if (callee_data->len < sizeof kGreeting - 1) return CF_REJECT;
  callee_data->len = sizeof kGreeting - 1;
  memcpy(callee_data->buf, kGreeting, sizeof kGreeting - 1);
  return CF_ACCEPT;
}

/* Answers each octet with one, until the client ends. */
static void serve(SOCKET s) {
  char octets[64];
  while (1) {
    WSABUF buffer = {sizeof octets, octets};
    DWORD count = 0, flags = 0;
    if (WSARecv(s, &buffer, 1, &count, &flags, NULL, NULL) != 0) {
      if (WSAGetLastError() == WSAEDISCON) return; /* (2) on a message-oriented provider */
      fail("WSARecv");
    }
    if (count == 0) return; /* (2) on a byte stream */
    if (send(s, octets, (int)count, 0) != (int)count) fail("send");
  }
}

static unsigned long client_total(SOCKET s) {
  char octets[kMaxTotal];
  WSABUF data = {sizeof octets, octets};
  if (WSARecvDisconnect(s, &data) != 0) fail("WSARecvDisconnect");
  return parse_total(&data);
}

static void answer(SOCKET s, unsigned long grand_total) {
  char octets[kMaxTotal];
  WSABUF data = {0, octets};
  data.len = (ULONG)snprintf(octets, sizeof octets, "%lu", grand_total);
  if (WSASendDisconnect(s, &data) != 0) fail("WSASendDisconnect");
}

int main(int argc, char** argv) {
  WSADATA started;
  WSAPROTOCOL_INFO provider;
  SOCKET listener;
  struct sockaddr_in name;
  int size = sizeof name;
  unsigned long grand_total = 0;
  const int clients = argc == 2 ? atoi(argv[1]) : 0;
  if (clients <= 0) {
    fprintf(stderr, "usage: totals_server CLIENTS\n");
    return 2;
  }
  if (WSAStartup(MAKEWORD(2, 2), &started) != 0) {
    fprintf(stderr, "WSAStartup failed\n");
    return 1;
  }
  choose_provider(&provider);
  listener = WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &provider, 0, 0);
  if (listener == INVALID_SOCKET) fail("WSASocket");
  loopback(&name, 0);
  if (bind(listener, (struct sockaddr*)&name, sizeof name) != 0) fail("bind");
  if (listen(listener, SOMAXCONN) != 0) fail("listen");
  if (getsockname(listener, (struct sockaddr*)&name, &size) != 0) fail("getsockname");
  printf("%u\n", (unsigned)ntohs(name.sin_port));
  fflush(stdout);

  for (int served = 0; served < clients;) {
    const SOCKET s = WSAAccept(listener, NULL, NULL, greet, 0);
    if (s == INVALID_SOCKET) {
      if (WSAGetLastError() == WSAECONNREFUSED) continue; /* by greet */
      fail("WSAAccept");
    }
    serve(s);                                     /* (2) */
    grand_total += client_total(s);               /* (3) and (4) */
    answer(s, grand_total);                       /* (5) */
    if (closesocket(s) != 0) fail("closesocket"); /* (5a) */
    ++served;
  }
  printf("grand total %lu\n", grand_total);
  closesocket(listener);
  WSACleanup();
  return 0;
}
