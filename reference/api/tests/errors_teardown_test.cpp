// The errors of WSASendDisconnect, WSARecvDisconnect, shutdown and closesocket.

#include "api/tests/errors.hpp"

namespace ws2 {
namespace {

using E = Errors;

int send_disconnect(SOCKET s, ULONG size, const char* octets) {
  WSABUF data{size, const_cast<char*>(octets)};
  return E::last(WSASendDisconnect(s, &data));
}

int receive_disconnect(SOCKET s, ULONG size) {
  char room[16];
  WSABUF buffer{size, room};
  return E::last(WSARecvDisconnect(s, &buffer));
}

int receive_with_little_room() {
  const Pair pair = E::connected("stream");
  WSABUF data{3, const_cast<char*>("bye")};
  EXPECT_EQ(WSASendDisconnect(pair.client, &data), 0);
  E::wait_for_close(pair.server);
  return receive_disconnect(pair.server, 2);
}

int linger_without_blocking() {
  const SOCKET s = E::full_end();
  E::set_linger(s, 1, 5);
  const int error = E::last(closesocket(s));
  E::set_linger(s, 1, 0);
  return error;
}

}  // namespace

std::vector<ErrorCase> teardown_errors() {
  return {
      {"WSASendDisconnect", WSAENOPROTOOPT,
       [] { return send_disconnect(E::connected("tcp").client, 1, "x"); }},
      {"WSASendDisconnect", WSAENOTCONN,
       [] { return E::last(WSASendDisconnect(E::open("stream"), nullptr)); }},
      {"WSASendDisconnect", WSAEFAULT,
       [] { return send_disconnect(E::connected("stream").client, 4, nullptr); }},
      {"WSARecvDisconnect", WSAEFAULT, receive_with_little_room},
      {"WSARecvDisconnect", WSAENOPROTOOPT,
       [] { return receive_disconnect(E::connected("tcp").client, 16); }},
      {"WSARecvDisconnect", WSAENOTCONN, [] { return receive_disconnect(E::open("stream"), 16); }},
      {"shutdown", WSAECONNABORTED, [] { return E::last(shutdown(E::aborted_end(), SD_SEND)); }},
      {"shutdown", WSAECONNRESET, [] { return E::last(shutdown(E::reset_end(), SD_SEND)); }},
      {"shutdown", WSAEINVAL, [] { return E::last(shutdown(E::connected("stream").client, 3)); }},
      {"shutdown", WSAENOTCONN, [] { return E::last(shutdown(E::open("stream"), SD_SEND)); }},
      {"closesocket", WSAEWOULDBLOCK, linger_without_blocking},
  };
}

}  // namespace ws2
