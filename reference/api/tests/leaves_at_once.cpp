// Fills every buffer of a bare TCP connection, closes the socket and ends. What it prints before,
// the number of octets that send has taken, is what has to arrive.
//
// usage: leaves_at_once PORT

#include <winsock2.h>
// After winsock2.h.
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
  const SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(static_cast<u_short>(std::atoi(argv[1])));
  if (connect(s, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) return 1;
  u_long on = 1;
  if (ioctlsocket(s, FIONBIO, &on) != 0) return 1;
  const std::vector<char> block(64 << 10, 'x');
  unsigned long total = 0;
  int sent;
  while ((sent = send(s, block.data(), static_cast<int>(block.size()), 0)) > 0) {
    total += static_cast<unsigned long>(sent);
  }
  if (WSAGetLastError() != WSAEWOULDBLOCK) return 1;
  if (closesocket(s) != 0) return 1;
  std::printf("%lu\n", total);
  std::fflush(stdout);
  return 0;
}
