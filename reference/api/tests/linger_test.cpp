// closesocket in each row of its table: linger off, on without time, on with time; blocking and
// nonblocking; for a peer that reads and one that does not. Abortive is told from graceful in each.

#include <algorithm>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Close : public EachProvider {
 protected:
  /// What the peer meets at the end of a connection that was closed gracefully, as far as the
  /// provider knows such a thing (TEAR-37).
  int graceful_end() const {
    const std::string name = GetParam();
    if (name == "tp4") return WSAECONNRESET;
    return is_message_oriented() ? WSAEDISCON : 0;
  }
  bool is_graceful() const { return std::string(GetParam()) != "tp4"; }

  /// Sends until nothing more fits, and leaves the socket nonblocking. Returns the octets taken.
  static std::size_t fill(SOCKET s) {
    set_nonblocking(s);
    const std::string block(16 << 10, 'x');
    std::size_t total = 0;
    int sent;
    while ((sent = send_text(s, block)) > 0) total += static_cast<std::size_t>(sent);
    EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    return total;
  }
  static void set_blocking(SOCKET s) {
    u_long off = 0;
    ASSERT_EQ(ioctlsocket(s, FIONBIO, &off), 0);
  }

  struct Rest {
    std::size_t octets = 0;
    int end = 0;  ///< 0 for zero octets, or the error
  };
  /// Reads to the end, and once more: the end stays what it was.
  static Rest read_all(SOCKET s) {
    Rest rest;
    std::string room(64 << 10, '\0');
    int count;
    while ((count = recv(s, room.data(), static_cast<int>(room.size()), 0)) > 0) {
      rest.octets += static_cast<std::size_t>(count);
    }
    if (count < 0) rest.end = WSAGetLastError();
    const int again = recv(s, room.data(), static_cast<int>(room.size()), 0);
    EXPECT_EQ(again < 0 ? WSAGetLastError() : 0, rest.end);
    return rest;
  }
};

// CLOSE-02, CLOSE-05: what was queued arrives, though the socket is long closed.
TEST_P(Close, WithoutLingerLosesNothing) {
  const Pair pair = connected();
  const std::size_t total = fill(pair.client);
  EXPECT_EQ(closesocket(pair.client), 0);
  const Rest rest = read_all(pair.server);
  if (is_graceful()) {
    EXPECT_EQ(rest.octets, total);
  }
  EXPECT_EQ(rest.end, graceful_end());
}

// CLOSE-10: TRUE is linger off, whatever the interval was.
TEST_P(Close, DontLingerIsLingerOff) {
  const Pair pair = connected();
  set_linger(pair.client, 1, 0);
  const BOOL dont = TRUE;
  ASSERT_EQ(setsockopt(pair.client, SOL_SOCKET, SO_DONTLINGER, reinterpret_cast<const char*>(&dont),
                       sizeof dont),
            0);
  linger value{1, 1};
  int size = sizeof value;
  ASSERT_EQ(getsockopt(pair.client, SOL_SOCKET, SO_LINGER, reinterpret_cast<char*>(&value), &size),
            0);
  EXPECT_EQ(value.l_onoff, 0);
  const std::size_t total = fill(pair.client);
  EXPECT_EQ(closesocket(pair.client), 0);
  const Rest rest = read_all(pair.server);
  if (is_graceful()) {
    EXPECT_EQ(rest.octets, total);
  }
  EXPECT_EQ(rest.end, graceful_end());
}

// CLOSE-10, CLOSE-11: FALSE brings the earlier interval back.
TEST_P(Close, DontLingerFalseLingersAgain) {
  const SOCKET s = open();
  set_linger(s, 1, 17);
  for (const BOOL dont : {TRUE, FALSE}) {
    ASSERT_EQ(
        setsockopt(s, SOL_SOCKET, SO_DONTLINGER, reinterpret_cast<const char*>(&dont), sizeof dont),
        0);
  }
  linger value{};
  int size = sizeof value;
  ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_LINGER, reinterpret_cast<char*>(&value), &size), 0);
  EXPECT_NE(value.l_onoff, 0);
  EXPECT_EQ(value.l_linger, 17);
}

// CLOSE-06, TEAR-31: whether it would block or not, and whatever waits to be sent.
TEST_P(Close, LingerWithoutTimeIsAReset) {
  for (const bool is_full : {false, true}) {
    for (const bool is_blocking : {false, true}) {
      const Pair pair = connected();
      const std::size_t total = is_full ? fill(pair.client) : 0;
      if (!is_full) set_nonblocking(pair.client);
      if (is_blocking) set_blocking(pair.client);
      set_linger(pair.client, 1, 0);
      EXPECT_EQ(closesocket(pair.client), 0);
      const Rest rest = read_all(pair.server);
      EXPECT_EQ(rest.end, WSAECONNRESET);
      if (is_full) {
        EXPECT_LT(rest.octets, total);
      }
    }
  }
}

// CLOSE-07: the peer does not read, so the time runs out and the rest is lost.
TEST_P(Close, LingerRunsOutForAPeerThatDoesNotRead) {
  const Pair pair = connected();
  const std::size_t total = fill(pair.client);
  set_blocking(pair.client);
  set_linger(pair.client, 1, 1);
  EXPECT_EQ(closesocket(pair.client), 0);
  const Rest rest = read_all(pair.server);
  EXPECT_EQ(rest.end, WSAECONNRESET);
  EXPECT_LT(rest.octets, total);
}

// CLOSE-07: far longer than any test may take.
TEST_P(Close, LingerEndsWhenThePeerHasEverything) {
  const Pair pair = connected();
  const std::size_t total = fill(pair.client);
  set_blocking(pair.client);
  set_linger(pair.client, 1, 3600);
  Rest rest;
  std::thread reading([&] { rest = read_all(pair.server); });
  EXPECT_EQ(closesocket(pair.client), 0);
  reading.join();
  if (is_graceful()) {
    EXPECT_EQ(rest.octets, total);
  }
  EXPECT_EQ(rest.end, graceful_end());
}

// CLOSE-08: nothing is begun.
TEST_P(Close, LingerDoesNotBlockANonblockingSocket) {
  const Pair pair = connected();
  set_linger(pair.client, 1, 60);
  set_nonblocking(pair.client);
  EXPECT_EQ(closesocket(pair.client), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  EXPECT_EQ(send_text(pair.client, "alive"), 5);
  EXPECT_EQ(receive_exactly(pair.server, 5), "alive");
  set_linger(pair.client, 0, 0);
  EXPECT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(read_all(pair.server).end, graceful_end());
}

// CLOSE-03: the same rows as events of the peer.
TEST_P(Close, TellsThePeerInFdClose) {
  for (const bool is_hard : {false, true}) {
    const Pair pair = connected();
    const WSAEVENT event = WSACreateEvent();
    ASSERT_EQ(WSAEventSelect(pair.server, event, FD_CLOSE), 0);
    set_linger(pair.client, is_hard, 0);
    EXPECT_EQ(closesocket(pair.client), 0);
    const int error = wait_for_event(pair.server, event, FD_CLOSE_BIT);
    EXPECT_EQ(error, is_hard || !is_graceful() ? WSAECONNRESET : 0);
    WSACloseEvent(event);
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, Close, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
