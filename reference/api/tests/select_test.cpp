#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

/// A set of these sockets.
fd_set set_of(std::initializer_list<SOCKET> sockets) {
  fd_set set;
  FD_ZERO(&set);
  for (const SOCKET s : sockets) FD_SET(s, &set);
  return set;
}

constexpr timeval kNow{0, 0};
constexpr timeval kWhile{kPatience / 1000, 0};

int readable(SOCKET s, const timeval& timeout = kWhile) {
  fd_set set = set_of({s});
  const int count = select(0, &set, nullptr, nullptr, &timeout);
  EXPECT_TRUE(count < 0 || (count > 0) == (FD_ISSET(s, &set) != 0));
  return count;
}

int writable(SOCKET s, const timeval& timeout = kWhile) {
  fd_set set = set_of({s});
  return select(0, nullptr, &set, nullptr, &timeout);
}

int failed(SOCKET s, const timeval& timeout = kWhile) {
  fd_set set = set_of({s});
  return select(0, nullptr, nullptr, &set, &timeout);
}

class Select : public EachProvider {
 protected:
  static int error_of(int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; }
};

TEST_P(Select, WantsAtLeastOneSocketAndAPossibleTime) {
  EXPECT_EQ(error_of(select(0, nullptr, nullptr, nullptr, &kNow)), WSAEINVAL);
  fd_set empty = set_of({});
  EXPECT_EQ(error_of(select(0, &empty, &empty, nullptr, nullptr)), WSAEINVAL);
  const SOCKET s = open();
  EXPECT_EQ(error_of(readable(s, {-1, 0})), WSAEINVAL);
  EXPECT_EQ(error_of(readable(s, {0, -1})), WSAEINVAL);
  fd_set set = set_of({s});
  EXPECT_EQ(select(0, &set, &empty, nullptr, &kNow), 0);
}

TEST_P(Select, RefusesWhatIsNoSocket) {
  const SOCKET s = open();
  closesocket(s);
  fd_set set = set_of({open(), s});
  EXPECT_EQ(error_of(select(0, &set, nullptr, nullptr, nullptr)), WSAENOTSOCK);
  // As it was.
  EXPECT_EQ(set.fd_count, 2u);
}

TEST_P(Select, NothingIsReadyOnASocketWithoutAConnection) {
  const SOCKET s = open();
  fd_set read = set_of({s});
  fd_set write = read;
  fd_set except = read;
  EXPECT_EQ(select(0, &read, &write, &except, &kNow), 0);
  EXPECT_EQ(read.fd_count + write.fd_count + except.fd_count, 0u);
}

TEST_P(Select, ShowsTheListenerThatHasARequest) {
  const SOCKET listener = open_listener();
  EXPECT_EQ(readable(listener, kNow), 0);
  const SOCKET client = open();
  set_nonblocking(client);
  connect_to(client, listener);
  EXPECT_EQ(readable(listener), 1);
  EXPECT_EQ(readable(listener, kNow), 1);
  set_nonblocking(listener);
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(readable(listener, kNow), 0);
}

// CONN-14.
TEST_P(Select, ShowsAConnectThatSucceeded) {
  const SOCKET listener = open_listener();
  const SOCKET client = open();
  set_nonblocking(client);
  connect_to(client, listener);
  std::thread accepting([listener] { accept(listener, nullptr, nullptr); });
  EXPECT_EQ(writable(client), 1);
  accepting.join();
  EXPECT_EQ(failed(client, kNow), 0);
  EXPECT_EQ(connect_to(client, listener), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEISCONN);
}

// CONN-14.
TEST_P(Select, ShowsAConnectThatFailed) {
  const SOCKET listener = open_listener();
  const sockaddr_storage name = name_of(listener);
  closesocket(listener);
  const SOCKET client = open();
  set_nonblocking(client);
  connect(client, reinterpret_cast<const sockaddr*>(&name), size_of(name));
  fd_set read = set_of({client});
  fd_set write = read;
  fd_set except = read;
  EXPECT_EQ(select(0, &read, &write, &except, &kWhile), 1);
  EXPECT_TRUE(FD_ISSET(client, &except));
  EXPECT_EQ(read.fd_count + write.fd_count, 0u);
  int error = 0;
  int size = sizeof error;
  EXPECT_EQ(getsockopt(client, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size), 0);
  EXPECT_EQ(error, WSAECONNREFUSED);
}

TEST_P(Select, KeepsOnlyWhatIsReady) {
  const Pair one = connected();
  const Pair other = connected();
  ASSERT_EQ(send_text(other.client, "x"), 1);
  ASSERT_EQ(readable(other.server), 1);
  fd_set read = set_of({one.server, other.server, one.listener});
  fd_set write = set_of({one.server, one.listener});
  EXPECT_EQ(select(0, &read, &write, nullptr, nullptr), 2);
  EXPECT_EQ(read.fd_count, 1u);
  EXPECT_TRUE(FD_ISSET(other.server, &read));
  EXPECT_EQ(write.fd_count, 1u);
  EXPECT_TRUE(FD_ISSET(one.server, &write));
  EXPECT_EQ(receive_text(other.server), "x");
  EXPECT_EQ(readable(other.server, kNow), 0);
}

TEST_P(Select, IsWokenByData) {
  const Pair pair = connected();
  std::thread sending([&pair] { EXPECT_EQ(send_text(pair.client, "x"), 1); });
  EXPECT_EQ(readable(pair.server), 1);
  EXPECT_EQ(receive_text(pair.server), "x");
  sending.join();
}

TEST_P(Select, ShowsTheEnd) {
  const Pair pair = connected();
  std::thread ending([&pair] { EXPECT_EQ(shutdown(pair.client, SD_SEND), 0); });
  EXPECT_EQ(readable(pair.server), 1);
  ending.join();
  EXPECT_EQ(failed(pair.server, kNow), 0);
}

TEST_P(Select, ShowsALoss) {
  const Pair pair = connected();
  set_linger(pair.client, 1, 0);
  std::thread closing([&pair] { EXPECT_EQ(closesocket(pair.client), 0); });
  EXPECT_EQ(readable(pair.server), 1);
  closing.join();
  char octet;
  EXPECT_EQ(error_of(recv(pair.server, &octet, 1, 0)), WSAECONNRESET);
}

TEST_P(Select, ShowsRoomAgain) {
  const Pair pair = connected();
  set_nonblocking(pair.client);
  const std::string block(32 << 10, 'x');
  std::size_t total = 0;
  int sent;
  while ((sent = send_text(pair.client, block)) > 0) total += static_cast<std::size_t>(sent);
  EXPECT_EQ(writable(pair.client, kNow), 0);
  std::thread reading([&] {
    std::size_t received = 0;
    while (received < total) received += receive_text(pair.server, 1 << 20).size();
  });
  EXPECT_EQ(writable(pair.client), 1);
  EXPECT_GT(send_text(pair.client, "x"), 0);
  reading.join();
}

TEST_P(Select, EndsWithTheTime) {
  const Pair pair = connected();
  EXPECT_EQ(readable(pair.server, {0, 1000}), 0);
  timeval time{0, 1000};
  fd_set set = set_of({pair.server});
  EXPECT_EQ(select(0, &set, nullptr, nullptr, &time), 0);
  EXPECT_EQ(time.tv_usec, 1000);
}

TEST_P(Select, DoesNotDisturbNetworkEvents) {
  const Pair pair = connected();
  WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(pair.server, event, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, "x"), 1);
  EXPECT_EQ(readable(pair.server), 1);
  EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
  EXPECT_EQ(readable(pair.server), 1);
}

// A thread that closes one of the sockets.
TEST_P(Select, IsWokenByClosesocket) {
  const Pair pair = connected();
  std::thread closing([&pair] { EXPECT_EQ(closesocket(pair.server), 0); });
  fd_set set = set_of({pair.server, pair.listener});
  EXPECT_EQ(error_of(select(0, &set, nullptr, nullptr, nullptr)), WSAENOTSOCK);
  closing.join();
}

INSTANTIATE_TEST_SUITE_P(Providers, Select, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
