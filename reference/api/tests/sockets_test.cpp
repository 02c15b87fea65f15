#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Sockets : public EachProvider {
 protected:
  static int bind_loopback(SOCKET s, u_short port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = port;
    const int result = bind(s, reinterpret_cast<sockaddr*>(&name), sizeof name);
    return result == 0 ? 0 : WSAGetLastError();
  }
};

TEST_P(Sockets, AreBoundOnce) {
  const SOCKET s = open();
  sockaddr_in name{};
  int size = sizeof name;
  EXPECT_EQ(getsockname(s, reinterpret_cast<sockaddr*>(&name), &size), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_EQ(bind_loopback(s, 0), 0);
  EXPECT_EQ(bind_loopback(s, 0), WSAEINVAL);
  const sockaddr_storage bound = name_of(s);
  EXPECT_NE(reinterpret_cast<const sockaddr_in&>(bound).sin_port, 0);
  EXPECT_EQ(bind_loopback(open(), reinterpret_cast<const sockaddr_in&>(bound).sin_port),
            WSAEADDRINUSE);
}

TEST_P(Sockets, BindingChecksTheName) {
  const SOCKET s = open();
  sockaddr_in name{};
  name.sin_family = AF_INET;
  const auto error = [&](int size) {
    return bind(s, reinterpret_cast<sockaddr*>(&name), size) == 0 ? 0 : WSAGetLastError();
  };
  EXPECT_EQ(error(sizeof name - 1), WSAEFAULT);
  name.sin_family = AF_INET6;
  EXPECT_EQ(error(sizeof name), WSAEFAULT);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(0xc0000201);  // 192.0.2.1, for documents only
  EXPECT_EQ(error(sizeof name), WSAEADDRNOTAVAIL);
}

// CONN-01, CONN-05, CONN-06.
TEST_P(Sockets, ListenOnceTheyHaveAName) {
  const SOCKET s = open();
  EXPECT_EQ(listen(s, 1), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  ASSERT_EQ(bind_loopback(s, 0), 0);
  EXPECT_EQ(listen(s, -5), 0);
  EXPECT_EQ(listen(s, 1 << 30), 0);
  const Pair pair = connected();
  EXPECT_EQ(listen(pair.client, 1), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEISCONN);
}

// ERR-02.
TEST_P(Sockets, OthersAreNone) {
  for (const SOCKET s : {INVALID_SOCKET, SOCKET{0}, SOCKET{1}, SOCKET{0x7ffffffc}}) {
    EXPECT_EQ(listen(s, 1), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
    EXPECT_EQ(closesocket(s), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
  }
  const WSAEVENT event = WSACreateEvent();
  EXPECT_EQ(listen(reinterpret_cast<SOCKET>(event), 1), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
}

INSTANTIATE_TEST_SUITE_P(Providers, Sockets, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
