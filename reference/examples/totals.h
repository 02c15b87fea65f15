#pragma once

/* What both halves of the example need. After winsock2.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Octets of a total as text. */
enum { kMaxTotal = 24 };

static inline void fail(const char* what) {
  fprintf(stderr, "%s failed: %d\n", what, WSAGetLastError());
  exit(1);
}

/* A provider that carries data with the request and with the end, and ends gracefully. */
static inline void choose_provider(WSAPROTOCOL_INFO* chosen) {
  const DWORD needed = XP1_CONNECT_DATA | XP1_DISCONNECT_DATA | XP1_GRACEFUL_CLOSE;
  DWORD size = 0;
  WSAPROTOCOL_INFO* all;
  int count = WSAEnumProtocols(NULL, NULL, &size);
  if (count == SOCKET_ERROR && WSAGetLastError() != WSAENOBUFS) fail("WSAEnumProtocols");
  all = (WSAPROTOCOL_INFO*)malloc(size + 1);
  if (all == NULL) exit(1);
  count = WSAEnumProtocols(NULL, all, &size);
  if (count == SOCKET_ERROR) fail("WSAEnumProtocols");
  for (int i = 0; i < count; ++i) {
    if (all[i].iAddressFamily != AF_INET) continue;
    if ((all[i].dwServiceFlags1 & needed) != needed) continue;
    *chosen = all[i];
    free(all);
    return;
  }
  fprintf(stderr, "no provider has connect data, disconnect data and graceful close\n");
  exit(3);
}

static inline void loopback(struct sockaddr_in* name, unsigned port) {
  memset(name, 0, sizeof *name);
  name->sin_family = AF_INET;
  name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name->sin_port = htons((u_short)port);
}

static inline unsigned long parse_total(const WSABUF* data) {
  char text[kMaxTotal + 1];
  char* end;
  unsigned long total;
  memcpy(text, data->buf, data->len);
  text[data->len] = '\0';
  total = strtoul(text, &end, 10);
  if (data->len == 0 || *end != '\0') {
    fprintf(stderr, "\"%s\" is no total\n", text);
    exit(1);
  }
  return total;
}
