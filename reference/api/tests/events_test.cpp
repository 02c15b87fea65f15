#include <array>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using EventObjects = Winsock;

TEST_F(EventObjects, AreSetAndReset) {
  WSAEVENT event = WSACreateEvent();
  ASSERT_NE(event, WSA_INVALID_EVENT);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
  EXPECT_EQ(WSASetEvent(event), TRUE);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE), WSA_WAIT_EVENT_0);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
  EXPECT_EQ(WSAResetEvent(event), TRUE);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event, FALSE, 1, FALSE), WSA_WAIT_TIMEOUT);
  EXPECT_EQ(WSACloseEvent(event), TRUE);
  EXPECT_EQ(WSASetEvent(event), FALSE);
  EXPECT_EQ(WSAGetLastError(), WSA_INVALID_HANDLE);
}

TEST_F(EventObjects, AreWaitedForOneOrAll) {
  std::array<WSAEVENT, 3> all;
  for (WSAEVENT& event : all) event = WSACreateEvent();
  WSASetEvent(all[2]);
  EXPECT_EQ(WSAWaitForMultipleEvents(3, all.data(), FALSE, 0, FALSE), WSA_WAIT_EVENT_0 + 2);
  EXPECT_EQ(WSAWaitForMultipleEvents(3, all.data(), TRUE, 0, FALSE), WSA_WAIT_TIMEOUT);
  std::thread setting([&] {
    WSASetEvent(all[1]);
    WSASetEvent(all[0]);
  });
  EXPECT_EQ(WSAWaitForMultipleEvents(3, all.data(), TRUE, kPatience, FALSE), WSA_WAIT_EVENT_0);
  setting.join();
}

TEST_F(EventObjects, WaitingChecksItsArguments) {
  WSAEVENT event = WSACreateEvent();
  const auto error = [](DWORD result) { return result == WSA_WAIT_FAILED ? WSAGetLastError() : 0; };
  EXPECT_EQ(error(WSAWaitForMultipleEvents(0, &event, FALSE, 0, FALSE)), WSA_INVALID_PARAMETER);
  EXPECT_EQ(error(WSAWaitForMultipleEvents(65, &event, FALSE, 0, FALSE)), WSA_INVALID_PARAMETER);
  EXPECT_EQ(error(WSAWaitForMultipleEvents(1, nullptr, FALSE, 0, FALSE)), WSAEFAULT);
  WSACloseEvent(event);
  EXPECT_EQ(error(WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE)), WSA_INVALID_HANDLE);
}

class Events : public EachProvider {
 protected:
  Events() : event_(WSACreateEvent()) {}

  /// What is recorded now, without waiting.
  long recorded(SOCKET s) {
    WSANETWORKEVENTS events{};
    EXPECT_EQ(WSAEnumNetworkEvents(s, event_, &events), 0);
    return events.lNetworkEvents;
  }

  WSAEVENT event_;
};

// EVT-01, EVT-09, EVT-10, EVT-29.
TEST_P(Events, SelectingMakesNonblockingUntilItIsCancelled) {
  const Pair pair = connected();
  char octet;
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ), 0);
  EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  u_long off = 0;
  EXPECT_EQ(ioctlsocket(pair.server, FIONBIO, &off), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_EQ(WSAEventSelect(pair.server, nullptr, 0), 0);
  EXPECT_EQ(ioctlsocket(pair.server, FIONBIO, &off), 0);
  EXPECT_EQ(WSAEventSelect(pair.server, nullptr, FD_READ), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_EQ(WSAEventSelect(pair.server, event_, 1 << 12), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  // No selection, no events.
  ASSERT_EQ(send_text(pair.client, "x"), 1);
  EXPECT_EQ(receive_text(pair.server), "x");
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event_, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
}

// EVT-02, EVT-03, EVT-05, EVT-06.
TEST_P(Events, FdReadComesAgainOnlyAfterAReceive) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, "ab"), 2);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_READ_BIT), 0);
  EXPECT_EQ(recorded(pair.server), 0);
  EXPECT_EQ(receive_text(pair.server, 1), "a");
  EXPECT_EQ(recorded(pair.server), FD_READ);
  EXPECT_EQ(receive_text(pair.server, 1), "b");
  EXPECT_EQ(recorded(pair.server), 0);
  ASSERT_EQ(send_text(pair.client, "c"), 1);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_READ_BIT), 0);
}

// EVT-08.
TEST_P(Events, WhatIsSoAlreadyIsRecordedAtOnce) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "x"), 1);
  char octet;
  ASSERT_EQ(recv(pair.server, &octet, 1, MSG_PEEK), 1);
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ | FD_WRITE), 0);
  EXPECT_EQ(recorded(pair.server), FD_READ | FD_WRITE);
  ASSERT_EQ(WSAEventSelect(pair.client, event_, FD_CONNECT), 0);
  EXPECT_EQ(recorded(pair.client), FD_CONNECT);
}

// EVT-17.
TEST_P(Events, FdWriteComesBackWithTheRoom) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.client, event_, FD_WRITE), 0);
  EXPECT_EQ(wait_for_event(pair.client, event_, FD_WRITE_BIT), 0);
  EXPECT_EQ(send_text(pair.client, "x"), 1);
  EXPECT_EQ(recorded(pair.client), 0);
  const std::string block(64 << 10, 'x');
  std::size_t total = 1;
  int sent;
  while ((sent = send_text(pair.client, block)) > 0) total += static_cast<std::size_t>(sent);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  EXPECT_EQ(receive_exactly(pair.server, total).size(), total);
  EXPECT_EQ(wait_for_event(pair.client, event_, FD_WRITE_BIT), 0);
}

// EVT-19 to EVT-23, EVT-26.
TEST_P(Events, FdCloseComesOnceAndAfterTheData) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ | FD_CLOSE), 0);
  ASSERT_EQ(send_text(pair.client, "last"), 4);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_READ_BIT), 0);
  ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
  EXPECT_EQ(receive_exactly(pair.server, 4), "last");
  const WSANETWORKEVENTS events = next_events(pair.server, event_);
  EXPECT_EQ(events.lNetworkEvents, FD_CLOSE);
  EXPECT_EQ(events.iErrorCode[FD_CLOSE_BIT], 0);
  EXPECT_EQ(receive_text(pair.server), "");
  ASSERT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(receive_text(pair.server), "");
  EXPECT_EQ(recorded(pair.server), 0);
}

TEST_P(Events, FdCloseTellsOfAReset) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_CLOSE), 0);
  set_linger(pair.client, 1, 0);
  ASSERT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(wait_for_event(pair.server, event_, FD_CLOSE_BIT), WSAECONNRESET);
}

// EVT-24, EVT-10.
TEST_P(Events, ClosingCancels) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_CLOSE), 0);
  ASSERT_EQ(closesocket(pair.server), 0);
  EXPECT_EQ(receive_text(pair.client), "");
  ASSERT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event_, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
  EXPECT_EQ(WSASetEvent(event_), TRUE);
}

// EVT-12 to EVT-15.
TEST_P(Events, EnumeratingClearsAndResetsTogether) {
  const Pair pair = connected();
  ASSERT_EQ(WSAEventSelect(pair.server, event_, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, "x"), 1);
  ASSERT_EQ(WSAWaitForMultipleEvents(1, &event_, FALSE, kPatience, FALSE), WSA_WAIT_EVENT_0);
  EXPECT_EQ(WSAEnumNetworkEvents(pair.server, event_, nullptr), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event_, FALSE, 0, FALSE), WSA_WAIT_EVENT_0);
  WSANETWORKEVENTS events;
  for (int& code : events.iErrorCode) code = 77;
  ASSERT_EQ(WSAEnumNetworkEvents(pair.server, nullptr, &events), 0);
  EXPECT_EQ(events.lNetworkEvents, FD_READ);
  EXPECT_EQ(events.iErrorCode[FD_READ_BIT], 0);
  EXPECT_EQ(events.iErrorCode[FD_CLOSE_BIT], 77);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event_, FALSE, 0, FALSE), WSA_WAIT_EVENT_0);
  EXPECT_EQ(recorded(pair.server), 0);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event_, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
}

// EVT-18.
TEST_P(Events, FdAcceptComesForEachRequestThatWaits) {
  const SOCKET listener = open_listener();
  SOCKET clients[2];
  const WSAEVENT connecting = WSACreateEvent();
  for (SOCKET& client : clients) {
    client = open();
    ASSERT_EQ(WSAEventSelect(client, connecting, FD_CONNECT), 0);
  }
  ASSERT_EQ(WSAEventSelect(listener, event_, FD_ACCEPT), 0);
  for (const SOCKET client : clients) {
    connect_to(client, listener);
    EXPECT_EQ(wait_for_event(listener, event_, FD_ACCEPT_BIT), 0);
    EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
    EXPECT_EQ(recorded(listener), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, Events, testing::Values("stream", "tcp"));

}  // namespace
}  // namespace ws2
