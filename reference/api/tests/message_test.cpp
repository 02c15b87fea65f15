// Message-oriented providers: boundaries, the end, and disconnects that are one-shot or abortive.

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

constexpr int kLongest = 65536;

class Messages : public EachProvider {
 protected:
  /// The error number of a call that failed, 0 of one that did not.
  static int error_of(int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; }
  /// What a receive into one octet fails with, 0 when it does not.
  static int receive_error(SOCKET s) {
    char octet;
    return error_of(recv(s, &octet, 1, 0));
  }

  struct Got {
    int error;
    std::string text;
    DWORD flags;
    friend bool operator==(const Got&, const Got&) = default;
  };
  /// WSARecv; `flags` go in and come back.
  static Got receive(SOCKET s, ULONG most, DWORD flags = 0) {
    std::string room(most, '\0');
    WSABUF buffer{most, room.data()};
    DWORD count = 0;
    const int error = error_of(WSARecv(s, &buffer, 1, &count, &flags, nullptr, nullptr));
    return {error, room.substr(0, count), flags};
  }

  static int send_with(SOCKET s, std::string text, DWORD flags) {
    WSABUF buffer{static_cast<ULONG>(text.size()), text.data()};
    DWORD count = 0;
    return error_of(WSASend(s, &buffer, 1, &count, flags, nullptr, nullptr));
  }
};

// FLAG-04.
TEST_P(Messages, OneSendIsOneReceive) {
  const Pair pair = connected();
  EXPECT_EQ(send_text(pair.client, "one"), 3);
  EXPECT_EQ(send_text(pair.client, ""), 0);
  char gat[] = "gat";
  char hered[] = "hered";
  WSABUF parts[] = {{3, gat}, {5, hered}};
  DWORD count = 0;
  EXPECT_EQ(WSASend(pair.client, parts, 2, &count, 0, nullptr, nullptr), 0);
  EXPECT_EQ(count, 8u);
  EXPECT_EQ(WSASend(pair.client, nullptr, 0, &count, 0, nullptr, nullptr), 0);
  EXPECT_EQ(count, 0u);
  EXPECT_EQ(send_text(pair.client, "last"), 4);
  EXPECT_EQ(receive_text(pair.server), "one");
  EXPECT_EQ(receive_text(pair.server), "");
  EXPECT_EQ(receive(pair.server, 99), (Got{0, "gathered", 0}));
  EXPECT_EQ(receive(pair.server, 99), (Got{0, "", 0}));
  EXPECT_EQ(receive(pair.server, 99), (Got{0, "last", 0}));
}

TEST_P(Messages, AreScattered) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "scattered"), 9);
  ASSERT_EQ(send_text(pair.client, "next"), 4);
  char first[4];
  char rest[16];
  WSABUF room[] = {{sizeof first, first}, {sizeof rest, rest}};
  DWORD count = 0;
  DWORD flags = 0;
  ASSERT_EQ(WSARecv(pair.server, room, 2, &count, &flags, nullptr, nullptr), 0);
  EXPECT_EQ(std::string(first, 4) + std::string(rest, count - 4), "scattered");
}

// FLAG-05, as the reference chooses: the message stays whole for a larger buffer.
TEST_P(Messages, TooLittleRoomKeepsTheMessage) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "large"), 5);
  char room[4] = "...";
  EXPECT_EQ(error_of(recv(pair.server, room, 2, 0)), WSAEMSGSIZE);
  EXPECT_STREQ(room, "la.");
  EXPECT_EQ(receive(pair.server, 3), (Got{WSAEMSGSIZE, "lar", MSG_PARTIAL}));
  EXPECT_EQ(receive(pair.server, 0), (Got{WSAEMSGSIZE, "", MSG_PARTIAL}));
  u_long waiting = 0;
  ASSERT_EQ(ioctlsocket(pair.server, FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 5u);
  EXPECT_EQ(receive(pair.server, 5, MSG_PEEK), (Got{0, "large", 0}));
  EXPECT_EQ(receive(pair.server, 5), (Got{0, "large", 0}));
}

TEST_P(Messages, HaveALargestSize) {
  const Pair pair = connected();
  unsigned longest = 0;
  int size = sizeof longest;
  ASSERT_EQ(getsockopt(pair.client, SOL_SOCKET, SO_MAX_MSG_SIZE, reinterpret_cast<char*>(&longest),
                       &size),
            0);
  EXPECT_EQ(longest, static_cast<unsigned>(kLongest));
  WSAPROTOCOL_INFO entry;
  size = sizeof entry;
  ASSERT_EQ(
      getsockopt(pair.client, SOL_SOCKET, SO_PROTOCOL_INFO, reinterpret_cast<char*>(&entry), &size),
      0);
  EXPECT_EQ(entry.dwMessageSize, longest);
  EXPECT_EQ(error_of(setsockopt(pair.client, SOL_SOCKET, SO_MAX_MSG_SIZE,
                                reinterpret_cast<const char*>(&longest), sizeof longest)),
            WSAENOPROTOOPT);
  EXPECT_EQ(error_of(send_text(pair.client, std::string(kLongest + 1, 'x'))), WSAEMSGSIZE);
  const std::string whole(kLongest, 'y');
  EXPECT_EQ(send_text(pair.client, whole), kLongest);
  EXPECT_EQ(receive_text(pair.server, kLongest + 1), whole);
}

TEST_P(Messages, AreTakenWholeOrNotAtAll) {
  const Pair pair = connected();
  set_nonblocking(pair.client);
  const std::string block(kLongest, 'x');
  int taken = 0;
  int sent;
  while ((sent = send_text(pair.client, block)) > 0) {
    EXPECT_EQ(sent, kLongest);
    ++taken;
  }
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  // No room is not what is wrong with this one: waiting would not help.
  EXPECT_EQ(error_of(send_text(pair.client, block + "x")), WSAEMSGSIZE);
  for (int i = 0; i < taken; ++i) ASSERT_EQ(receive_text(pair.server, kLongest), block);
  set_nonblocking(pair.server);
  EXPECT_EQ(receive_error(pair.server), WSAEWOULDBLOCK);
}

TEST_P(Messages, EndByThemselves) {
  const Pair pair = connected();
  char octet;
  EXPECT_EQ(error_of(recv(pair.server, &octet, 1, MSG_WAITALL)), WSAEOPNOTSUPP);
}

// EVT-05, EVT-06.
TEST_P(Messages, FdReadComesForEach) {
  const Pair pair = connected();
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(pair.server, event, FD_READ), 0);
  ASSERT_EQ(send_text(pair.client, ""), 0);
  EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
  EXPECT_EQ(receive_text(pair.server), "");
  ASSERT_EQ(send_text(pair.client, "ab"), 2);
  EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
  EXPECT_EQ(receive_error(pair.server), WSAEMSGSIZE);
  EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
  EXPECT_EQ(receive_text(pair.server), "ab");
  EXPECT_EQ(receive_error(pair.server), WSAEWOULDBLOCK);
}

INSTANTIATE_TEST_SUITE_P(Providers, Messages, testing::Values("message", "decnet", "tp4"));

using PartialMessages = Messages;

// FLAG-05, TEAR-29.
TEST_P(PartialMessages, AreSentAndReceivedInPieces) {
  const Pair pair = connected();
  EXPECT_EQ(send_with(pair.client, "in p", MSG_PARTIAL), 0);
  EXPECT_EQ(send_with(pair.client, std::string(kLongest, 'x'), MSG_PARTIAL), WSAEMSGSIZE);
  EXPECT_EQ(send_with(pair.client, "ieces", 0), 0);
  EXPECT_EQ(send_text(pair.client, "next"), 4);
  EXPECT_EQ(receive(pair.server, 5, MSG_PARTIAL), (Got{0, "in pi", MSG_PARTIAL}));
  EXPECT_EQ(receive(pair.server, 99, MSG_PARTIAL), (Got{0, "eces", 0}));
  EXPECT_EQ(receive(pair.server, 99), (Got{0, "next", 0}));
  ASSERT_EQ(WSASendDisconnect(pair.client, nullptr), 0);
  EXPECT_EQ(receive(pair.server, 99, MSG_PARTIAL), (Got{0, "", 0}));
  EXPECT_EQ(receive(pair.server, 99).error, WSAEDISCON);
}

INSTANTIATE_TEST_SUITE_P(Providers, PartialMessages, testing::Values("message"));

using GracefulMessages = Messages;

// TEAR-28, TEAR-30.
TEST_P(GracefulMessages, AnEmptyOneIsNotTheEnd) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "last"), 4);
  ASSERT_EQ(send_text(pair.client, ""), 0);
  ASSERT_EQ(send_disconnect(pair.client, "bye"), 0);
  EXPECT_EQ(receive(pair.server, 99), (Got{0, "last", 0}));
  EXPECT_EQ(receive(pair.server, 99), (Got{0, "", 0}));
  EXPECT_EQ(receive(pair.server, 99), (Got{WSAEDISCON, "", 0}));
  EXPECT_EQ(receive_error(pair.server), WSAEDISCON);
  EXPECT_EQ(receive_disconnect(pair.server), "bye");
  EXPECT_EQ(receive_error(pair.server), WSAESHUTDOWN);
}

// TEAR-36, EVT-21.
TEST_P(GracefulMessages, EveryGracefulEndLooksAlike) {
  int (*const ends[])(SOCKET) = {[](SOCKET s) { return WSASendDisconnect(s, nullptr); },
                                 [](SOCKET s) { return shutdown(s, SD_SEND); },
                                 [](SOCKET s) { return shutdown(s, SD_BOTH); },
                                 [](SOCKET s) { return closesocket(s); }};
  for (const auto end : ends) {
    const Pair pair = connected();
    const WSAEVENT event = WSACreateEvent();
    ASSERT_EQ(WSAEventSelect(pair.server, event, FD_READ | FD_CLOSE), 0);
    ASSERT_EQ(send_text(pair.client, "last"), 4);
    EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
    ASSERT_EQ(end(pair.client), 0);
    EXPECT_EQ(receive_text(pair.server), "last");
    EXPECT_EQ(wait_for_event(pair.server, event, FD_CLOSE_BIT), 0);
    EXPECT_EQ(receive_error(pair.server), WSAEDISCON);
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, GracefulMessages, testing::Values("message", "decnet"));

class OneShot : public Messages {
 protected:
  /// What whoever is told of the end is told.
  static int end_error() { return std::string(GetParam()) == "tp4" ? WSAECONNRESET : 0; }
};

// SEED-A25, DN-06: step 5 of the scenario fails, rather than claim a success.
TEST_P(OneShot, TheReplyLegFailsVisibly) {
  const Pair pair = connected();
  ASSERT_EQ(send_disconnect(pair.client, "3"), 0);                       // (1)
  EXPECT_NE(receive_error(pair.server), 0);                              // (2)
  EXPECT_EQ(receive_disconnect(pair.server), "3");                       // (3)
  EXPECT_EQ(error_of(send_disconnect(pair.server, "45")), WSAENOTCONN);  // (5)
  EXPECT_EQ(WSASendDisconnect(pair.server, nullptr), 0);
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(pair.client, event, FD_CLOSE), 0);
  (void)wait_for_event(pair.client, event, FD_CLOSE_BIT);
  EXPECT_EQ(receive_disconnect(pair.client), "");
}

// DN-06: the provider confirms it, whatever the peer's application does meanwhile.
TEST_P(OneShot, IsConfirmedThoughThePeerMakesNoCall) {
  for (const bool is_accepted_end : {false, true}) {
    const Pair pair = connected();
    const SOCKET s = is_accepted_end ? pair.server : pair.client;
    const WSAEVENT event = WSACreateEvent();
    ASSERT_EQ(WSAEventSelect(s, event, FD_CLOSE), 0);
    ASSERT_EQ(send_disconnect(s, "bye"), 0);
    EXPECT_EQ(wait_for_event(s, event, FD_CLOSE_BIT), end_error());
    EXPECT_EQ(receive_disconnect(is_accepted_end ? pair.client : pair.server), "bye");
  }
}

// What was to be read stays readable, and what ends it is behind.
TEST_P(OneShot, IsConfirmedWithDataUnread) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "last"), 4);
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(pair.client, event, FD_CLOSE), 0);
  ASSERT_EQ(WSASendDisconnect(pair.client, nullptr), 0);
  EXPECT_EQ(wait_for_event(pair.client, event, FD_CLOSE_BIT), end_error());
  if (std::string(GetParam()) == "decnet") {
    EXPECT_EQ(receive_text(pair.server), "last");
  }
  EXPECT_NE(receive_error(pair.server), 0);
}

// ANX-07.
TEST_P(OneShot, WhatCrossesTheDisconnectIsDropped) {
  const Pair pair = connected();
  ASSERT_EQ(WSASendDisconnect(pair.client, nullptr), 0);
  // Taken where the server has not heard of it yet.
  const bool is_tp4 = std::string(GetParam()) == "tp4";
  const int sent = send_text(pair.server, "too late");
  if (sent == SOCKET_ERROR) {
    EXPECT_EQ(WSAGetLastError(), is_tp4 ? WSAECONNRESET : WSAESHUTDOWN);
  } else {
    EXPECT_EQ(sent, 8);
  }
  const int expected = is_tp4 ? WSAECONNRESET : WSAEDISCON;
  EXPECT_EQ(receive_error(pair.server), expected);
  EXPECT_EQ(receive_error(pair.client), expected);
}

// ANX-01, ANX-06.
TEST_P(OneShot, UserDataHasItsLimits) {
  const bool is_tp4 = std::string(GetParam()) == "tp4";
  const std::size_t at_setup = is_tp4 ? 32 : 16;
  const std::size_t at_end = is_tp4 ? 64 : 16;
  const SOCKET listener = open_listener();
  const SOCKET client = open();
  EXPECT_EQ(error_of(connect_to(client, listener, std::string(at_setup + 1, 'c'))), WSAEFAULT);
  Condition condition;
  condition.callee_data = std::string(at_setup, 's');
  SOCKET server = INVALID_SOCKET;
  std::thread accepting([&] { server = condition.accept(listener); });
  std::string callee_data;
  EXPECT_EQ(connect_to(client, listener, std::string(at_setup, 'c'), &callee_data), 0);
  accepting.join();
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(condition.caller_data, std::string(at_setup, 'c'));
  EXPECT_EQ(condition.capacity, at_setup);
  EXPECT_EQ(callee_data, std::string(at_setup, 's'));
  EXPECT_EQ(error_of(send_disconnect(client, std::string(at_end + 1, 'd'))), WSAEFAULT);
  ASSERT_EQ(send_disconnect(client, std::string(at_end, 'd')), 0);
  EXPECT_NE(receive_error(server), 0);
  EXPECT_EQ(receive_disconnect(server), std::string(at_end, 'd'));
}

// FLAG-05: no partial messages.
TEST_P(OneShot, MessagesGoWhole) {
  const Pair pair = connected();
  EXPECT_EQ(send_with(pair.client, "part", MSG_PARTIAL), WSAEOPNOTSUPP);
  EXPECT_EQ(receive(pair.server, 9, MSG_PARTIAL).error, WSAEOPNOTSUPP);
}

INSTANTIATE_TEST_SUITE_P(Providers, OneShot, testing::Values("decnet", "tp4"));

using Abortive = Messages;

// TEAR-37, TEAR-38.
TEST_P(Abortive, DisconnectIsAResetWithData) {
  const Pair pair = connected();
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(pair.server, event, FD_READ | FD_CLOSE), 0);
  ASSERT_EQ(send_text(pair.client, "last"), 4);
  EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
  ASSERT_EQ(send_disconnect(pair.client, "why"), 0);
  EXPECT_EQ(receive_text(pair.server), "last");
  EXPECT_EQ(wait_for_event(pair.server, event, FD_CLOSE_BIT), WSAECONNRESET);
  EXPECT_EQ(receive_error(pair.server), WSAECONNRESET);
  EXPECT_EQ(error_of(send_text(pair.server, "x")), WSAECONNRESET);
  EXPECT_EQ(receive_disconnect(pair.server), "why");
  EXPECT_EQ(receive_disconnect(pair.server), "why");
}

TEST_P(Abortive, SoAreShutdownAndClose) {
  int (*const ends[])(SOCKET) = {[](SOCKET s) { return shutdown(s, SD_SEND); },
                                 [](SOCKET s) { return closesocket(s); }};
  for (const auto end : ends) {
    const Pair pair = connected();
    ASSERT_EQ(end(pair.client), 0);
    EXPECT_EQ(receive_error(pair.server), WSAECONNRESET);
    EXPECT_EQ(receive_disconnect(pair.server), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, Abortive, testing::Values("tp4"));

}  // namespace
}  // namespace ws2
