#include <algorithm>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Transfer = EachProvider;

TEST_P(Transfer, GoesBothWays) {
  const Pair pair = connected();
  EXPECT_EQ(send_text(pair.client, "question"), 8);
  EXPECT_EQ(receive_exactly(pair.server, 8), "question");
  EXPECT_EQ(send_text(pair.server, "answer"), 6);
  EXPECT_EQ(receive_exactly(pair.client, 6), "answer");
}

TEST_P(Transfer, MoreThanAllBuffersHoldArrivesWhole) {
  const Pair pair = connected();
  std::string sent(8 << 20, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 7 >> 3);
  std::thread sending([&] {
    EXPECT_EQ(send_text(pair.client, sent), static_cast<int>(sent.size()));
    EXPECT_EQ(shutdown(pair.client, SD_SEND), 0);
  });
  const std::string received = receive_exactly(pair.server, sent.size() + 1);
  sending.join();
  EXPECT_TRUE(received == sent) << received.size();
}

TEST_P(Transfer, GathersAndScatters) {
  const Pair pair = connected();
  char one[] = "one";
  char three[] = "three";
  WSABUF out[] = {{3, one}, {0, nullptr}, {5, three}};
  DWORD count = 0;
  EXPECT_EQ(WSASend(pair.client, out, 3, &count, 0, nullptr, nullptr), 0);
  EXPECT_EQ(count, 8u);
  char first[4];
  char rest[16];
  WSABUF in[] = {{sizeof first, first}, {sizeof rest, rest}};
  DWORD flags = 0;
  std::string all;
  while (all.size() < 8) {
    ASSERT_EQ(WSARecv(pair.server, in, 2, &count, &flags, nullptr, nullptr), 0);
    const std::size_t head = std::min<std::size_t>(count, sizeof first);
    all += std::string(first, head) + std::string(rest, count - head);
  }
  EXPECT_EQ(all, "onethree");
  EXPECT_EQ(flags, 0u);
}

TEST_P(Transfer, PeekingTakesNothing) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "look"), 4);
  char room[8];
  EXPECT_EQ(recv(pair.server, room, sizeof room, MSG_PEEK), 4);
  EXPECT_EQ(receive_text(pair.server), "look");
}

TEST_P(Transfer, WaitallWaitsForAllOrTheEnd) {
  const Pair pair = connected();
  char room[8];
  std::thread sending([&] {
    send_text(pair.client, "12");
    send_text(pair.client, "345678");
    send_text(pair.client, "90");
    shutdown(pair.client, SD_SEND);
  });
  EXPECT_EQ(recv(pair.server, room, 8, MSG_WAITALL), 8);
  EXPECT_EQ(std::string(room, 8), "12345678");
  EXPECT_EQ(recv(pair.server, room, 8, MSG_WAITALL), 2);
  EXPECT_EQ(recv(pair.server, room, 8, MSG_WAITALL), 0);
  sending.join();
}

TEST_P(Transfer, NonblockingDoesNotWait) {
  const Pair pair = connected();
  set_nonblocking(pair.server);
  set_nonblocking(pair.client);
  char octet;
  EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  const std::string block(64 << 10, 'x');
  std::size_t total = 0;
  int sent;
  while ((sent = send_text(pair.client, block)) > 0) total += static_cast<std::size_t>(sent);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  // Everything that was taken arrives, though nobody calls send any more.
  ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
  u_long off = 0;
  ASSERT_EQ(ioctlsocket(pair.server, FIONBIO, &off), 0);
  EXPECT_EQ(receive_exactly(pair.server, total + 1).size(), total);
}

TEST_P(Transfer, TimesOut) {
  const Pair pair = connected();
  const DWORD timeout = 1;
  ASSERT_EQ(setsockopt(pair.server, SOL_SOCKET, SO_RCVTIMEO,
                       reinterpret_cast<const char*>(&timeout), sizeof timeout),
            0);
  char octet;
  EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAETIMEDOUT);
  ASSERT_EQ(setsockopt(pair.client, SOL_SOCKET, SO_SNDTIMEO,
                       reinterpret_cast<const char*>(&timeout), sizeof timeout),
            0);
  const std::string block(64 << 10, 'x');
  while (send_text(pair.client, block) > 0) continue;
  EXPECT_EQ(WSAGetLastError(), WSAETIMEDOUT);
}

// TEAR-35, CONN-20, SEED-B09.
TEST_P(Transfer, NeedsAConnection) {
  for (const SOCKET s : {open(), open_listener()}) {
    char octet = 0;
    EXPECT_EQ(send(s, &octet, 1, 0), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAENOTCONN);
    EXPECT_EQ(recv(s, &octet, 1, 0), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAENOTCONN);
    EXPECT_EQ(shutdown(s, SD_SEND), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAENOTCONN);
    EXPECT_EQ(WSASendDisconnect(s, nullptr), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAENOTCONN);
    EXPECT_EQ(WSARecvDisconnect(s, nullptr), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAENOTCONN);
  }
}

TEST_P(Transfer, ChecksItsArguments) {
  const Pair pair = connected();
  char octet = 0;
  WSABUF bad{1, nullptr};
  WSABUF good{1, &octet};
  DWORD count = 0;
  const auto error = [](int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; };
  EXPECT_EQ(error(send(pair.client, nullptr, 1, 0)), WSAEFAULT);
  EXPECT_EQ(error(send(pair.client, &octet, 1, MSG_OOB)), WSAEOPNOTSUPP);
  EXPECT_EQ(error(recv(pair.client, nullptr, 1, 0)), WSAEFAULT);
  EXPECT_EQ(error(recv(pair.client, &octet, 1, MSG_OOB)), WSAEOPNOTSUPP);
  EXPECT_EQ(error(WSASend(pair.client, &bad, 1, &count, 0, nullptr, nullptr)), WSAEFAULT);
  EXPECT_EQ(error(WSASend(pair.client, &good, 1, nullptr, 0, nullptr, nullptr)), WSAEFAULT);
  EXPECT_EQ(error(WSASend(pair.client, &good, 1, &count, MSG_PARTIAL, nullptr, nullptr)),
            WSAEOPNOTSUPP);
  EXPECT_EQ(error(WSARecv(pair.client, &good, 1, &count, nullptr, nullptr, nullptr)), WSAEFAULT);
  EXPECT_EQ(error(send(pair.client, &octet, 0, 0)), 0);
}

TEST_P(Transfer, FionreadCountsWhatWaits) {
  const Pair pair = connected();
  u_long waiting = 99;
  ASSERT_EQ(ioctlsocket(pair.server, FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 0u);
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(pair.server, event, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, "five!"), 5);
  EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
  ASSERT_EQ(ioctlsocket(pair.server, FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 5u);
  EXPECT_EQ(ioctlsocket(pair.server, 0x1234, &waiting), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
}

TEST_P(Transfer, TwoThreadsMayReceive) {
  const Pair pair = connected();
  std::string got[2];
  std::thread threads[2];
  for (int i = 0; i < 2; ++i) {
    threads[i] = std::thread([&, i] {
      while (true) {
        const std::string part = receive_text(pair.server, 16);
        if (part.empty()) return;
        got[i] += part;
      }
    });
  }
  for (int i = 0; i < 1000; ++i) send_text(pair.client, "0123456789");
  ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(got[0].size() + got[1].size(), 10'000u);
}

INSTANTIATE_TEST_SUITE_P(Providers, Transfer, testing::Values("stream", "tcp"));

}  // namespace
}  // namespace ws2
