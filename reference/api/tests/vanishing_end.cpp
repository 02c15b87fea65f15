// One end of a connection, for vanishing_end.py to kill. Prints a line when it is connected, then
// waits for the end and prints what recv made of it: 0, or the error.
//
// usage: vanishing_end PROVIDER [PORT]: connects there; without PORT listens and prints one first.

#include <winsock2.h>
// After winsock2.h.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

SOCKET open(const std::string& provider) {
  std::vector<WSAPROTOCOL_INFO> entries(64);
  auto size = static_cast<DWORD>(entries.size() * sizeof(WSAPROTOCOL_INFO));
  const int count = WSAEnumProtocols(nullptr, entries.data(), &size);
  for (int i = 0; i < count; ++i) {
    WSAPROTOCOL_INFO& entry = entries[static_cast<std::size_t>(i)];
    if (entry.szProtocol != provider || entry.iAddressFamily != AF_INET) continue;
    return WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &entry, 0, 0);
  }
  return INVALID_SOCKET;
}

void say(const char* what, int value) {
  std::printf("%s %d\n", what, value);
  std::fflush(stdout);
}

SOCKET connection(const std::string& provider, const char* port) {
  const SOCKET s = open(provider);
  sockaddr_in name{};
  int size = sizeof name;
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&name);
  if (port != nullptr) {
    name.sin_port = htons(static_cast<u_short>(std::atoi(port)));
    return connect(s, generic, size) == 0 ? s : INVALID_SOCKET;
  }
  if (bind(s, generic, size) != 0 || listen(s, 1) != 0) return INVALID_SOCKET;
  if (getsockname(s, generic, &size) != 0) return INVALID_SOCKET;
  say("port", ntohs(name.sin_port));
  return accept(s, nullptr, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) return 2;
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
  const SOCKET s = connection(argv[1], argc == 3 ? argv[2] : nullptr);
  if (s == INVALID_SOCKET) {
    std::fprintf(stderr, "no connection: error %d\n", WSAGetLastError());
    return 1;
  }
  say("connected", 0);
  char octet;
  const int count = recv(s, &octet, 1, 0);
  say("end", count < 0 ? WSAGetLastError() : count);
  return 0;
}
