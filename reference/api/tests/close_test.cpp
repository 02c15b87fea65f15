#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Close = EachProvider;

// CLOSE-02, CLOSE-05: what was queued arrives, though the socket is long closed.
TEST_P(Close, LosesNothingByDefault) {
  const Pair pair = connected();
  set_nonblocking(pair.client);
  const std::string block(64 << 10, 'x');
  std::size_t total = 0;
  int sent;
  while ((sent = send_text(pair.client, block)) > 0) total += static_cast<std::size_t>(sent);
  EXPECT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(receive_exactly(pair.server, total + 1).size(), total);
  EXPECT_EQ(receive_text(pair.server), "");
}

// CLOSE-06, TEAR-31.
TEST_P(Close, HardIsAReset) {
  const Pair pair = connected();
  set_linger(pair.client, 1, 0);
  EXPECT_EQ(closesocket(pair.client), 0);
  char octet;
  EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
}

// CLOSE-07: the peer does not read, so the time runs out and the rest is lost.
TEST_P(Close, LingersForAPeerThatDoesNotRead) {
  const Pair pair = connected();
  set_nonblocking(pair.client);
  const std::string block(64 << 10, 'x');
  std::size_t total = 0;
  int sent;
  while ((sent = send_text(pair.client, block)) > 0) total += static_cast<std::size_t>(sent);
  u_long off = 0;
  ASSERT_EQ(ioctlsocket(pair.client, FIONBIO, &off), 0);
  set_linger(pair.client, 1, 1);
  EXPECT_EQ(closesocket(pair.client), 0);
  std::string room(1 << 20, '\0');
  std::size_t received = 0;
  int count;
  while ((count = recv(pair.server, room.data(), static_cast<int>(room.size()), 0)) > 0) {
    received += static_cast<std::size_t>(count);
  }
  EXPECT_EQ(count, SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
  EXPECT_LT(received, total);
}

TEST_P(Close, LingersNoLongerThanNeeded) {
  const Pair pair = connected();
  // Far longer than any test may take.
  set_linger(pair.client, 1, 3600);
  ASSERT_EQ(send_text(pair.client, "last"), 4);
  EXPECT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(receive_exactly(pair.server, 4), "last");
  EXPECT_EQ(receive_text(pair.server), "");
}

// CLOSE-08.
TEST_P(Close, LingeringDoesNotBlockANonblockingSocket) {
  const Pair pair = connected();
  set_linger(pair.client, 1, 60);
  set_nonblocking(pair.client);
  EXPECT_EQ(closesocket(pair.client), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  EXPECT_EQ(send_text(pair.client, "alive"), 5);
  EXPECT_EQ(receive_exactly(pair.server, 5), "alive");
  set_linger(pair.client, 0, 0);
  EXPECT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(receive_text(pair.server), "");
}

TEST_P(Close, KillsTheHandle) {
  const SOCKET s = open();
  EXPECT_EQ(closesocket(s), 0);
  EXPECT_EQ(closesocket(s), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
  const SOCKET next = open();
  EXPECT_NE(next, s);
}

TEST_P(Close, WakesABlockedReceive) {
  const Pair pair = connected();
  // Proves that the thread has begun: it answers before it blocks.
  int error = 0;
  std::thread receiving([&] {
    char octet;
    EXPECT_EQ(recv(pair.server, &octet, 1, 0), 1);
    EXPECT_EQ(send(pair.server, &octet, 1, 0), 1);
    EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
    error = WSAGetLastError();
  });
  ASSERT_EQ(send_text(pair.client, "x"), 1);
  EXPECT_EQ(receive_text(pair.client), "x");
  EXPECT_EQ(closesocket(pair.server), 0);
  receiving.join();
  EXPECT_TRUE(error == WSAEINTR || error == WSAENOTSOCK) << error;
  EXPECT_EQ(receive_text(pair.client), "");
}

// CLOSE-04, SEED-A20: the peer's notice is the ordinary one, with empty disconnect data.
TEST_P(Close, EndsGracefullyByItself) {
  const Pair pair = connected();
  EXPECT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(receive_text(pair.server), "");
  EXPECT_EQ(WSARecvDisconnect(pair.server, nullptr), 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, Close, testing::Values("stream", "tcp"));

}  // namespace
}  // namespace ws2
