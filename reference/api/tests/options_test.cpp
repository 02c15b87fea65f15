#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Options : public EachProvider {
 protected:
  static int get(SOCKET s, int option, int level = SOL_SOCKET) {
    int value = 0x5a5a;
    int size = sizeof value;
    EXPECT_EQ(getsockopt(s, level, option, reinterpret_cast<char*>(&value), &size), 0)
        << WSAGetLastError();
    EXPECT_EQ(size, static_cast<int>(sizeof value));
    return value;
  }
  /// 0 or the error.
  static int set(SOCKET s, int option, int value, int level = SOL_SOCKET) {
    const int result =
        setsockopt(s, level, option, reinterpret_cast<const char*>(&value), sizeof value);
    return result == 0 ? 0 : WSAGetLastError();
  }
};

TEST_P(Options, TellWhatASocketIs) {
  const SOCKET s = open();
  EXPECT_EQ(get(s, SO_TYPE), is_message_oriented() ? SOCK_SEQPACKET : SOCK_STREAM);
  EXPECT_EQ(get(s, SO_ACCEPTCONN), 0);
  EXPECT_EQ(get(s, SO_ERROR), 0);
  EXPECT_EQ(get(s, SO_CONNECT_TIME), -1);
  EXPECT_EQ(get(open_listener(), SO_ACCEPTCONN), 1);
  const Pair pair = connected();
  EXPECT_EQ(get(pair.server, SO_ACCEPTCONN), 0);
  EXPECT_GE(get(pair.client, SO_CONNECT_TIME), 0);
  EXPECT_EQ(set(s, SO_TYPE, 1), WSAENOPROTOOPT);
  EXPECT_EQ(set(s, SO_ACCEPTCONN, 1), WSAENOPROTOOPT);
}

TEST_P(Options, AreKept) {
  const SOCKET s = open();
  for (const int option : {SO_REUSEADDR, SO_KEEPALIVE, SO_OOBINLINE}) {
    EXPECT_EQ(get(s, option), 0) << option;
    EXPECT_EQ(set(s, option, 1), 0) << option;
    EXPECT_EQ(get(s, option), 1) << option;
  }
  for (const int option : {SO_RCVBUF, SO_SNDBUF, SO_RCVTIMEO, SO_SNDTIMEO}) {
    EXPECT_EQ(set(s, option, 12'345), 0) << option;
    EXPECT_EQ(get(s, option), 12'345) << option;
  }
  EXPECT_EQ(set(s, TCP_NODELAY, 1, IPPROTO_TCP), 0);
  EXPECT_EQ(get(s, TCP_NODELAY, IPPROTO_TCP), 1);
}

TEST_P(Options, OfKeepAliveAreTheSystemsUntilTheyAreSet) {
  const SOCKET s = open();
  for (const int option : {TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT}) {
    EXPECT_GT(get(s, option, IPPROTO_TCP), 0) << option;
    EXPECT_EQ(set(s, option, 7, IPPROTO_TCP), 0) << option;
    EXPECT_EQ(get(s, option, IPPROTO_TCP), 7) << option;
    for (const int wrong : {0, -1, 1 << 20}) {
      EXPECT_EQ(set(s, option, wrong, IPPROTO_TCP), WSAEINVAL) << option;
    }
    EXPECT_EQ(get(s, option, IPPROTO_TCP), 7) << option;
  }
}

// CLOSE-10.
TEST_P(Options, DontLingerIsTheOppositeOfLinger) {
  const SOCKET s = open();
  EXPECT_EQ(get(s, SO_DONTLINGER), 1);
  set_linger(s, 1, 5);
  EXPECT_EQ(get(s, SO_DONTLINGER), 0);
  EXPECT_EQ(set(s, SO_DONTLINGER, 1), 0);
  linger value{};
  int size = sizeof value;
  ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_LINGER, reinterpret_cast<char*>(&value), &size), 0);
  EXPECT_EQ(value.l_onoff, 0);
  EXPECT_EQ(set(s, SO_DONTLINGER, 0), 0);
  ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_LINGER, reinterpret_cast<char*>(&value), &size), 0);
  EXPECT_NE(value.l_onoff, 0);
  EXPECT_EQ(value.l_linger, 5);
}

TEST_P(Options, CheckTheirArguments) {
  const SOCKET s = open();
  int value = 0;
  int size = 3;
  auto* room = reinterpret_cast<char*>(&value);
  const auto error = [](int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; };
  EXPECT_EQ(error(getsockopt(s, SOL_SOCKET, SO_TYPE, room, &size)), WSAEFAULT);
  EXPECT_EQ(error(getsockopt(s, SOL_SOCKET, SO_ERROR, room, &size)), WSAEFAULT);
  EXPECT_EQ(error(getsockopt(s, SOL_SOCKET, SO_LINGER, room, &size)), WSAEFAULT);
  EXPECT_EQ(error(getsockopt(s, SOL_SOCKET, SO_TYPE, nullptr, &size)), WSAEFAULT);
  EXPECT_EQ(error(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, nullptr, 4)), WSAEFAULT);
  EXPECT_EQ(error(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, room, 3)), WSAEFAULT);
  size = sizeof value;
  EXPECT_EQ(error(getsockopt(s, 12'345, SO_TYPE, room, &size)), WSAENOPROTOOPT);
  EXPECT_EQ(error(getsockopt(s, SOL_SOCKET, SO_MAX_MSG_SIZE, room, &size)),
            is_message_oriented() ? 0 : WSAENOPROTOOPT);
  EXPECT_EQ(error(getsockopt(12'345, SOL_SOCKET, SO_TYPE, room, &size)), WSAENOTSOCK);
}

TEST_P(Options, V6OnlyIsTheDefault) {
  const SOCKET s = open(AF_INET6);
  EXPECT_EQ(get(s, IPV6_V6ONLY, IPPROTO_IPV6), 1);
  EXPECT_EQ(set(s, IPV6_V6ONLY, 0, IPPROTO_IPV6), 0);
  EXPECT_EQ(get(s, IPV6_V6ONLY, IPPROTO_IPV6), 0);
  EXPECT_EQ(set(open(), IPV6_V6ONLY, 0, IPPROTO_IPV6), WSAENOPROTOOPT);
}

TEST_P(Options, OfABoundIpv6SocketCanBeSet) {
  const SOCKET s = Winsock::open_listener(GetParam(), 1, AF_INET6);
  EXPECT_EQ(set(s, SO_KEEPALIVE, 1), 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, Options, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
