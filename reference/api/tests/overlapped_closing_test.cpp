// Overlapped operations and the end of the connection.

#include <deque>

#include "api/tests/overlapped_operation.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class OverlappedClosing : public EachProvider {
 protected:
  /// Starts sends until one is pending. Returns all octets.
  std::string fill(SOCKET s, std::deque<Operation>& sends) {
    std::string all;
    int error;
    do {
      const std::string text(48 << 10, static_cast<char>('a' + sends.size() % 26));
      all += text;
      error = sends.emplace_back(text).send(s);
    } while (error == 0);
    EXPECT_EQ(error, WSA_IO_PENDING);
    return all;
  }
  bool is_one_shot() const {
    const std::string name = GetParam();
    return name == "decnet" || name == "tp4";
  }
  /// What a receive says to the peer's disconnect.
  int end_of_receives() const {
    if (std::string(GetParam()) == "tp4") return WSAECONNRESET;
    return is_message_oriented() ? WSAEDISCON : 0;
  }
};

// TEAR-28 to TEAR-30.
TEST_P(OverlappedClosing, TheGracefulEndCompletesReceives) {
  const Pair pair = connected();
  Operation first;
  Operation second;
  ASSERT_EQ(first.receive(pair.server), WSA_IO_PENDING);
  ASSERT_EQ(second.receive(pair.server), WSA_IO_PENDING);
  ASSERT_EQ(WSASendDisconnect(pair.client, nullptr), 0);
  for (Operation* receive : {&first, &second}) {
    EXPECT_EQ(receive->finish(pair.server), end_of_receives());
    if (end_of_receives() == 0) {
      EXPECT_EQ(receive->bytes, 0u);
    }
  }
  // And those that come afterwards at once.
  EXPECT_EQ(first.receive(pair.server), end_of_receives());
}

// TEAR-31.
TEST_P(OverlappedClosing, ALossIsToldAtCompletion) {
  const Pair pair = connected();
  Operation receive;
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  std::deque<Operation> sends;
  fill(pair.server, sends);
  set_linger(pair.client, 1, 0);
  ASSERT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(receive.finish(pair.server), WSAECONNRESET);
  EXPECT_EQ(sends.back().finish(pair.server), WSAECONNRESET);
}

// CLOSE-13.
TEST_P(OverlappedClosing, ClosesocketAborts) {
  const Pair pair = connected();
  Operation receive;
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  std::deque<Operation> sends;
  fill(pair.server, sends);
  ASSERT_EQ(closesocket(pair.server), 0);
  EXPECT_EQ(receive.finish(pair.server), WSA_OPERATION_ABORTED);
  EXPECT_EQ(sends.back().finish(pair.server), WSA_OPERATION_ABORTED);
  // Nothing else is told about a handle that is dead.
  Operation other;
  EXPECT_EQ(other.result(pair.server, false), WSAENOTSOCK);
}

TEST_P(OverlappedClosing, ClosesocketWakesWhoWaitsForTheResult) {
  const Pair pair = connected();
  Operation receive;
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  std::thread closing([&pair] { EXPECT_EQ(closesocket(pair.server), 0); });
  EXPECT_EQ(receive.result(pair.server, true), WSA_OPERATION_ABORTED);
  closing.join();
}

TEST_P(OverlappedClosing, CleanupAbortsWithoutSettingTheEvent) {
  const Pair pair = connected();
  Operation receive;
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  ASSERT_EQ(WSACleanup(), 0);
  EXPECT_TRUE(HasOverlappedIoCompleted(&receive.overlapped));
  WSADATA data;
  ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  EXPECT_EQ(receive.result(pair.server, false), WSA_OPERATION_ABORTED);
}

// WIN-09, reference choice: shutdown speaks of subsequent calls.
TEST_P(OverlappedClosing, APendingReceiveOutlivesTheEndOfReceiving) {
  for (const int how : {SD_RECEIVE, SD_BOTH, -1}) {
    // There SD_BOTH ends the peer's sending too.
    if (how == SD_BOTH && is_one_shot()) continue;
    const Pair pair = connected();
    Operation first(1);
    Operation second(1);
    ASSERT_EQ(first.receive(pair.server), WSA_IO_PENDING);
    ASSERT_EQ(second.receive(pair.server), WSA_IO_PENDING);
    if (how < 0) {
      ASSERT_EQ(WSARecvDisconnect(pair.server, nullptr), 0);
    } else {
      ASSERT_EQ(shutdown(pair.server, how), 0);
    }
    Operation refused;
    EXPECT_EQ(refused.receive(pair.server), WSAESHUTDOWN);
    char octet;
    EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAESHUTDOWN);
    for (const char* text : {"1", "2", "3"}) ASSERT_EQ(send_text(pair.client, text), 1);
    EXPECT_EQ(first.finish(pair.server), 0);
    EXPECT_EQ(first.text(), "1");
    EXPECT_EQ(second.finish(pair.server), 0);
    EXPECT_EQ(second.text(), "2");
    EXPECT_EQ(refused.receive(pair.server), WSAESHUTDOWN);
  }
}

// TEAR-18, TEAR-21: the answer is what it would be without the pending receive.
TEST_P(OverlappedClosing, DisconnectDataIsFoundAfterThePendingReceive) {
  const Pair pair = connected();
  Operation receive;
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  if (!has_user_data()) {
    EXPECT_EQ(receive_disconnect(pair.server), std::nullopt);
    EXPECT_EQ(WSAGetLastError(), WSAENOPROTOOPT);
    ASSERT_EQ(send_text(pair.client, "x"), 1);
    EXPECT_EQ(receive.finish(pair.server), 0);
    return;
  }
  EXPECT_EQ(receive_disconnect(pair.server), "");
  ASSERT_EQ(send_disconnect(pair.client, "bye"), 0);
  EXPECT_EQ(receive.finish(pair.server), end_of_receives());
  EXPECT_EQ(receive_disconnect(pair.server), "bye");
}

// TEAR-01: what ends the sending does not overtake what was to be sent.
TEST_P(OverlappedClosing, DataGoesBeforeTheDisconnect) {
  // There the disconnect takes what is unread with it.
  if (std::string(GetParam()) == "tp4") return;
  for (const bool shuts : {false, true}) {
    const Pair pair = connected();
    std::deque<Operation> sends;
    const std::string all = fill(pair.client, sends);
    if (shuts) {
      ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
    } else {
      ASSERT_EQ(send_disconnect(pair.client, has_user_data() ? "bye" : ""), 0);
    }
    EXPECT_EQ(sends.back().finish(pair.client), 0);
    Operation refused(std::string("x"));
    EXPECT_EQ(refused.send(pair.client), WSAESHUTDOWN);
    EXPECT_TRUE(receive_exactly(pair.server, all.size()) == all);
    char octet;
    const int end = recv(pair.server, &octet, 1, 0);
    EXPECT_EQ(end == 0 ? 0 : WSAGetLastError(), end_of_receives());
    if (!shuts && has_user_data()) {
      EXPECT_EQ(receive_disconnect(pair.server), "bye");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, OverlappedClosing, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
