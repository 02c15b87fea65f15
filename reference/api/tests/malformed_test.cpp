// Peers that do not speak the protocol, or stop in the middle of it.

#include "api/tests/raw_peer.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Malformed : public Winsock {
 protected:
  static std::uint16_t port_of(SOCKET s) {
    const sockaddr_storage name = name_of(s);
    return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
  }

  /// A caller that speaks the protocol is served, which also shows that nobody else is in the
  /// queue.
  static void expect_service(SOCKET listener) {
    Condition condition;
    std::thread accepting([&] { EXPECT_NE(condition.accept(listener), INVALID_SOCKET); });
    EXPECT_EQ(connect_to(open("stream"), listener, "proper"), 0) << WSAGetLastError();
    accepting.join();
    EXPECT_EQ(condition.caller_data, "proper");
    EXPECT_EQ(condition.calls, 1);
  }

  static int connect_to_port(SOCKET s, std::uint16_t port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = htons(port);
    return connect(s, reinterpret_cast<sockaddr*>(&name), sizeof name);
  }
};

TEST_F(Malformed, ACallerWithoutSenseIsReset) {
  const SOCKET listener = open_listener("stream");
  const RawPeer peer = RawPeer::connect_to(port_of(listener));
  peer.say("GET / HTTP/1.1\r\nHost: somebody else\r\n\r\n");
  EXPECT_TRUE(peer.ends_by_reset());
  expect_service(listener);
}

TEST_F(Malformed, SilentCallersHoldNobodyUp) {
  const SOCKET listener = open_listener("stream", 1);
  const RawPeer silent[] = {RawPeer::connect_to(port_of(listener)),
                            RawPeer::connect_to(port_of(listener)),
                            RawPeer::connect_to(port_of(listener))};
  expect_service(listener);
}

// The rest of the request comes while a thread waits in accept.
TEST_F(Malformed, ACallerMaySayItsRequestInPieces) {
  const SOCKET listener = open_listener("stream");
  const RawPeer peer = RawPeer::connect_to(port_of(listener));
  peer.say(std::string("\x01\0\0\0\0\0\0\x0cWS2C", 12));
  Condition condition;
  std::thread accepting([&] { EXPECT_NE(condition.accept(listener), INVALID_SOCKET); });
  // Somebody else is served meanwhile, so that the thread has seen the first piece.
  EXPECT_EQ(connect_to(open("stream"), listener, "proper"), 0) << WSAGetLastError();
  accepting.join();
  EXPECT_EQ(condition.caller_data, "proper");
  std::thread again([&] { EXPECT_NE(condition.accept(listener), INVALID_SOCKET); });
  peer.say(std::string("\x01\x01\x01\0\0\x02hi", 8));
  again.join();
  EXPECT_EQ(condition.caller_data, "hi");
}

TEST_F(Malformed, CallersThatLeaveAreForgotten) {
  const SOCKET listener = open_listener("stream");
  for (int i = 0; i < 20; ++i) RawPeer::connect_to(port_of(listener));
  expect_service(listener);
}

TEST_F(Malformed, AnAnswerWithoutSenseFailsTheConnect) {
  const RawPeer listener = RawPeer::listener();
  const SOCKET s = open("stream");
  std::thread answering([&] {
    const RawPeer peer = listener.accept();
    peer.say("SSH-2.0-somebody else\r\n and more than any header has");
    EXPECT_TRUE(peer.ends_by_reset());
  });
  EXPECT_EQ(connect_to_port(s, listener.port()), SOCKET_ERROR);
  const int error = WSAGetLastError();
  EXPECT_TRUE(error == WSAECONNREFUSED || error == WSAECONNRESET || error == WSAECONNABORTED)
      << error;
  closesocket(s);
  answering.join();
}

TEST_F(Malformed, AnAcceptorThatLeavesFailsTheConnect) {
  const RawPeer listener = RawPeer::listener();
  std::thread leaving([&] { listener.accept(); });
  EXPECT_EQ(connect_to_port(open("stream"), listener.port()), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  leaving.join();
}

// Bare TCP interoperates with any TCP peer.
TEST_F(Malformed, TcpTakesWhateverComes) {
  const SOCKET listener = open_listener("tcp");
  SOCKET server = INVALID_SOCKET;
  {
    const RawPeer peer = RawPeer::connect_to(port_of(listener));
    peer.say("anything");
    server = accept(listener, nullptr, nullptr);
    EXPECT_EQ(receive_exactly(server, 8), "anything");
  }
  EXPECT_EQ(receive_text(server), "");
}

}  // namespace
}  // namespace ws2
