// One program in both editions: what the rules of EDITIONS.md come to over real sockets.

#include <cstdlib>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

/// Sets WS2_EDITION until it goes away.
class EditionVariable {
 public:
  explicit EditionVariable(const char* value) { setenv("WS2_EDITION", value, 1); }
  ~EditionVariable() { unsetenv("WS2_EDITION"); }
};

TEST(EditionVariable, AnythingElseFailsClearly) {
  const EditionVariable variable("Windows");
  WSADATA data{};
  EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), WSASYSNOTREADY);
  EXPECT_NE(std::string(data.szSystemStatus).find("WS2_EDITION"), std::string::npos);
  EXPECT_EQ(WSACleanup(), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSANOTINITIALISED);
}

TEST(EditionVariable, IsReadByTheFirstStartupOnly) {
  WSADATA data{};
  ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  const EditionVariable variable("nonsense");
  EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  EXPECT_EQ(WSACleanup(), 0);
  EXPECT_EQ(WSACleanup(), 0);
  EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), WSASYSNOTREADY);
}

struct Chosen {
  const char* edition;
  const char* provider;
};

/// Before Winsock starts, which reads the variable.
class ChosenEdition : public testing::WithParamInterface<Chosen> {
 private:
  EditionVariable variable_{GetParam().edition};
};

class Editions : public ChosenEdition, public Winsock {
 protected:
  bool windows() const { return GetParam().edition == std::string("windows"); }
  Pair connected() { return Winsock::connected(GetParam().provider); }
  /// What is recorded now, without waiting.
  long recorded(SOCKET s) {
    WSANETWORKEVENTS events{};
    EXPECT_EQ(WSAEnumNetworkEvents(s, event_, &events), 0);
    return events.lNetworkEvents;
  }
  /// Waits until so many octets of the peer are there, whatever is recorded of them.
  void wait_for_octets(SOCKET s, u_long count) {
    u_long there = 0;
    while (there < count) {
      const u_long before = there;
      ASSERT_EQ(ioctlsocket(s, FIONREAD, &there), 0);
      if (there == before) std::this_thread::yield();
    }
  }

  WSAEVENT event_ = WSACreateEvent();
};

// EVT-21, WIN-15.
TEST_P(Editions, EndBesideUnreadData) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "ab"), 2);
  ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_CLOSE), 0);
  if (windows()) {
    EXPECT_EQ(wait_for_event(pair.server, event_, FD_CLOSE_BIT), 0);
    EXPECT_EQ(receive_exactly(pair.server, 2), "ab");
    EXPECT_EQ(receive_text(pair.server), "");
    EXPECT_EQ(recorded(pair.server), 0);
  } else {
    wait_for_octets(pair.server, 2);
    EXPECT_EQ(recorded(pair.server), 0);
    EXPECT_EQ(receive_exactly(pair.server, 2), "ab");
    EXPECT_EQ(wait_for_event(pair.server, event_, FD_CLOSE_BIT), 0);
    EXPECT_EQ(receive_text(pair.server), "");
  }
}

// EVT-20, WIN-16.
TEST_P(Editions, ResetByThePeer) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_CLOSE), 0);
  set_linger(pair.client, 1, 0);
  ASSERT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_CLOSE_BIT),
            windows() ? WSAECONNABORTED : WSAECONNRESET);
  char octet;
  EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
}

// EVT-03, WIN-19.
TEST_P(Editions, MoreDataWithoutAReceive) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, "a"), 1);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_READ_BIT), 0);
  ASSERT_EQ(send_text(pair.client, "b"), 1);
  wait_for_octets(pair.server, 2);
  EXPECT_EQ(recorded(pair.server), windows() ? FD_READ : 0);
  EXPECT_EQ(recorded(pair.server), 0);
  EXPECT_EQ(receive_text(pair.server, 1), "a");
  EXPECT_EQ(recorded(pair.server), FD_READ);
}

// EVT-03, WIN-19.
TEST_P(Editions, AnotherRequestWithoutAnAccept) {
  const SOCKET listener = open_listener(GetParam().provider);
  ASSERT_EQ(WSAEventSelect(listener, event_, FD_ACCEPT), 0);
  const SOCKET first = open(GetParam().provider);
  set_nonblocking(first);
  connect_to(first, listener);
  EXPECT_EQ(wait_for_event(listener, event_, FD_ACCEPT_BIT), 0);
  const SOCKET second = open(GetParam().provider);
  set_nonblocking(second);
  connect_to(second, listener);
  if (windows()) {
    EXPECT_EQ(wait_for_event(listener, event_, FD_ACCEPT_BIT), 0);
    EXPECT_EQ(recorded(listener), 0);
  }
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(listener, event_, FD_ACCEPT_BIT), 0);
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(recorded(listener), 0);
}

// EVT-05, WIN-26.
TEST_P(Editions, ReceiveIntoNowhere) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, "a"), 1);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_READ_BIT), 0);
  EXPECT_EQ(recv(pair.server, nullptr, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_EQ(recorded(pair.server), windows() ? 0 : FD_READ);
  WSABUF nowhere{1, nullptr};
  DWORD count = 0;
  DWORD flags = 0;
  EXPECT_EQ(WSARecv(pair.server, &nowhere, 1, &count, &flags, nullptr, nullptr), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_EQ(recorded(pair.server), windows() ? 0 : FD_READ);
}

// EVT-08, WIN-26, WIN-20.
TEST_P(Editions, SelectingAgain) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.client, event_, FD_CONNECT | FD_WRITE), 0);
  EXPECT_EQ(recorded(pair.client), FD_CONNECT | FD_WRITE);
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, "a"), 1);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_READ_BIT), 0);
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ | FD_WRITE), 0);
  EXPECT_EQ(recorded(pair.server), windows() ? FD_WRITE : FD_READ | FD_WRITE);
  ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
  EXPECT_EQ(receive_exactly(pair.server, 1), "a");
  // WIN-18: told of once.
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_CLOSE), 0);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_CLOSE_BIT), 0);
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_CLOSE), 0);
  EXPECT_EQ(recorded(pair.server), 0);
}

// TEAR-31, WIN-17.
TEST_P(Editions, AnsweringOneWhoHasClosed) {
  if (GetParam().provider != std::string("tcp")) {
    GTEST_SKIP() << "a closing end takes what comes, so that only bare TCP answers with a reset";
  }
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_CLOSE), 0);
  ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_CLOSE_BIT), 0);
  set_linger(pair.client, 1, 0);
  ASSERT_EQ(closesocket(pair.client), 0);
  // Until the reset is there.
  while (send_text(pair.server, "x") > 0) std::this_thread::yield();
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
  char octet;
  const int received = recv(pair.server, &octet, 1, 0);
  EXPECT_EQ(received == 0 ? 0 : WSAGetLastError(), windows() ? WSAECONNABORTED : 0);
  EXPECT_EQ(recorded(pair.server), 0);
}

// WIN-22.
TEST_P(Editions, UnreadDataAndAReset) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "unread"), 6);
  wait_for_octets(pair.server, 6);
  set_linger(pair.client, 1, 0);
  ASSERT_EQ(closesocket(pair.client), 0);
  // The reset is there once sending fails.
  set_nonblocking(pair.server);
  while (send_text(pair.server, "x") > 0) std::this_thread::yield();
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
  char octets[8];
  const int received = recv(pair.server, octets, sizeof octets, 0);
  EXPECT_EQ(received, windows() ? SOCKET_ERROR : 6);
  if (windows()) {
    EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, Editions,
                         testing::Values(Chosen{"documented", "stream"},
                                         Chosen{"windows", "stream"}, Chosen{"documented", "tcp"},
                                         Chosen{"windows", "tcp"}),
                         [](const auto& info) {
                           return std::string(info.param.edition) + "_" + info.param.provider;
                         });

}  // namespace
}  // namespace ws2
