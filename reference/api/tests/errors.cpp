#include "api/tests/errors.hpp"

#include <atomic>

#include "api/tests/raw_peer.hpp"

namespace ws2 {

int Errors::wait_for_close(SOCKET s) {
  const WSAEVENT event = WSACreateEvent();
  EXPECT_EQ(WSAEventSelect(s, event, FD_CLOSE), 0);
  const int error = wait_for_event(s, event, FD_CLOSE_BIT);
  EXPECT_EQ(WSAEventSelect(s, nullptr, 0), 0);
  return error;
}

Errors::Lost Errors::reset_by_peer() {
  const Pair pair = connected("stream");
  set_linger(pair.client, 1, 0);
  EXPECT_EQ(closesocket(pair.client), 0);
  return {pair.server, wait_for_close(pair.server)};
}

Errors::Lost Errors::aborted() {
  const SOCKET listener = open_listener("stream");
  const sockaddr_storage name = name_of(listener);
  const RawPeer peer =
      RawPeer::connect_to(ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port));
  // REQUEST of the provider stream, without anything.
  peer.say(std::string("\x01\0\0\0\0\0\0\x06WS2C\x01\x01", 14));
  const SOCKET server = accept(listener, nullptr, nullptr);
  EXPECT_NE(server, INVALID_SOCKET);
  peer.say("GET / HTTP/1.1\r\n\r\n");
  return {server, wait_for_close(server)};
}

SOCKET Errors::full_end() {
  const Pair pair = connected("stream");
  set_nonblocking(pair.client);
  const std::string much(65536, 'x');
  while (send_text(pair.client, much) > 0) {
  }
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  return pair.client;
}

SOCKET Errors::idle_listener(const char* provider) {
  const SOCKET listener = open_listener(provider);
  set_nonblocking(listener);
  return listener;
}

sockaddr_storage Errors::closed_name() {
  const SOCKET s = open_listener("stream");
  const sockaddr_storage name = name_of(s);
  EXPECT_EQ(closesocket(s), 0);
  return name;
}

int Errors::closed_during(const std::function<SOCKET()>& make,
                          const std::function<int(SOCKET)>& call) {
  int error = 0;
  for (int tries = 0; tries < 1000 && error != WSAEINTR; ++tries) {
    const SOCKET s = make();
    std::atomic<bool> is_begun = false;
    std::thread calling([&] {
      is_begun = true;
      error = call(s);
    });
    while (!is_begun) std::this_thread::yield();
    for (int i = 0; i < tries; ++i) std::this_thread::yield();
    closesocket(s);
    calling.join();
  }
  return error;
}

}  // namespace ws2
