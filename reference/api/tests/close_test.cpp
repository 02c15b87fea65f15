#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using CloseHandle = EachProvider;

TEST_P(CloseHandle, KillsTheHandle) {
  const SOCKET s = open();
  EXPECT_EQ(closesocket(s), 0);
  EXPECT_EQ(closesocket(s), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
  const SOCKET next = open();
  EXPECT_NE(next, s);
}

TEST_P(CloseHandle, WakesABlockedReceive) {
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
TEST_P(CloseHandle, EndsGracefullyByItself) {
  const Pair pair = connected();
  EXPECT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(receive_text(pair.server), "");
  EXPECT_EQ(WSARecvDisconnect(pair.server, nullptr), 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, CloseHandle, testing::Values("stream", "tcp"));

}  // namespace
}  // namespace ws2
