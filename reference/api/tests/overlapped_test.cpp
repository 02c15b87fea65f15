// Overlapped sends and receives while the connection lasts.

#include <deque>

#include "api/tests/overlapped_operation.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Overlapped : public EachProvider {
 protected:
  static int error_of(int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; }
  bool has_partial_messages() const { return std::string(GetParam()) == "message"; }
};

TEST_P(Overlapped, AReceiveWaitsForItsData) {
  const Pair pair = connected();
  Operation receive;
  WSASetEvent(receive.overlapped.hEvent);
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  EXPECT_FALSE(receive.is_event_set());
  EXPECT_FALSE(HasOverlappedIoCompleted(&receive.overlapped));
  EXPECT_EQ(receive.result(pair.server, false), WSA_IO_INCOMPLETE);
  EXPECT_EQ(receive.bytes, 77u);
  ASSERT_EQ(send_text(pair.client, "later"), 5);
  EXPECT_EQ(receive.finish(pair.server), 0);
  EXPECT_EQ(receive.text(), "later");
  EXPECT_EQ(receive.flags, 0u);
  EXPECT_EQ(receive.overlapped.InternalHigh, 5u);
  // As often as one likes.
  EXPECT_EQ(receive.result(pair.server, true), 0);
}

TEST_P(Overlapped, AReceiveOfWhatIsThereCompletesAtOnce) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "there"), 5);
  char octet;
  ASSERT_EQ(recv(pair.server, &octet, 1, MSG_PEEK) == 1 || WSAGetLastError() == WSAEMSGSIZE, true);
  WSAOVERLAPPED overlapped{};
  overlapped.hEvent = WSACreateEvent();
  char octets[9];
  WSABUF buffer{sizeof octets, octets};
  DWORD bytes = 0;
  DWORD flags = 0;
  EXPECT_EQ(WSARecv(pair.server, &buffer, 1, &bytes, &flags, &overlapped, nullptr), 0);
  EXPECT_EQ(std::string(octets, bytes), "there");
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, 0, FALSE), WSA_WAIT_EVENT_0);
  bytes = 0;
  EXPECT_TRUE(WSAGetOverlappedResult(pair.server, &overlapped, &bytes, FALSE, &flags));
  EXPECT_EQ(bytes, 5u);
}

TEST_P(Overlapped, ReceivesCompleteInTheirOrder) {
  const Pair pair = connected();
  std::deque<Operation> receives;
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(receives.emplace_back(2).receive(pair.server), WSA_IO_PENDING);
  }
  for (const char* text : {"aa", "bb", "cc", "dd"}) ASSERT_EQ(send_text(pair.client, text), 2);
  WSAEVENT events[4];
  for (int i = 0; i < 4; ++i) events[i] = receives[static_cast<std::size_t>(i)].overlapped.hEvent;
  ASSERT_EQ(WSAWaitForMultipleEvents(4, events, TRUE, kPatience, FALSE), WSA_WAIT_EVENT_0);
  std::string all;
  for (Operation& receive : receives) {
    EXPECT_EQ(receive.finish(pair.server), 0);
    all += receive.text();
  }
  EXPECT_EQ(all, "aabbccdd");
}

// A plain receive is behind the overlapped one that was there first.
TEST_P(Overlapped, APlainReceiveWaitsItsTurn) {
  const Pair pair = connected();
  Operation first(1);
  ASSERT_EQ(first.receive(pair.server), WSA_IO_PENDING);
  std::thread sending([&pair] {
    EXPECT_EQ(send_text(pair.client, "1"), 1);
    EXPECT_EQ(send_text(pair.client, "2"), 1);
  });
  EXPECT_EQ(receive_text(pair.server), "2");
  EXPECT_EQ(first.finish(pair.server), 0);
  EXPECT_EQ(first.text(), "1");
  sending.join();
}

// WSAGetOverlappedResult waits by itself, whoever sets or resets the event object meanwhile.
TEST_P(Overlapped, TheResultCanBeWaitedFor) {
  const Pair pair = connected();
  Operation receive;
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  std::thread sending([&] {
    WSASetEvent(receive.overlapped.hEvent);
    EXPECT_EQ(send_text(pair.client, "x"), 1);
  });
  EXPECT_EQ(receive.result(pair.server, true), 0);
  EXPECT_EQ(receive.text(), "x");
  sending.join();
}

TEST_P(Overlapped, ASendThatFitsCompletesAtOnce) {
  const Pair pair = connected();
  Operation send(std::string("octets"));
  EXPECT_EQ(send.send(pair.client), 0);
  EXPECT_TRUE(send.is_event_set());
  EXPECT_EQ(send.result(pair.client, false), 0);
  EXPECT_EQ(send.bytes, 6u);
  EXPECT_EQ(receive_exactly(pair.server, 6), "octets");
}

TEST_P(Overlapped, SendsWaitForRoomInTheirOrder) {
  const Pair pair = connected();
  std::deque<Operation> sends;
  std::string expected;
  do {
    const std::string text(48 << 10, static_cast<char>('a' + sends.size() % 26));
    expected += text;
    ASSERT_LT(sends.size(), 10'000u);
  } while (sends.emplace_back(expected.substr(expected.size() - (48 << 10))).send(pair.client) ==
           0);
  expected += 'z';
  Operation last(std::string("z"));
  ASSERT_EQ(last.send(pair.client), WSA_IO_PENDING);
  // A plain send is behind them.
  set_nonblocking(pair.client);
  EXPECT_EQ(error_of(send_text(pair.client, "no")), WSAEWOULDBLOCK);
  EXPECT_EQ(receive_exactly(pair.server, expected.size()) == expected, true);
  EXPECT_EQ(sends.back().finish(pair.client), 0);
  EXPECT_EQ(sends.back().bytes, 48u << 10);
  EXPECT_EQ(last.finish(pair.client), 0);
  EXPECT_EQ(send_text(pair.client, "ok"), 2);
  EXPECT_EQ(receive_exactly(pair.server, 2), "ok");
}

TEST_P(Overlapped, AReceiveForAllWaitsForAll) {
  const Pair pair = connected();
  Operation receive(4);
  if (is_message_oriented()) {
    EXPECT_EQ(receive.receive(pair.server, MSG_WAITALL), WSAEOPNOTSUPP);
    return;
  }
  ASSERT_EQ(receive.receive(pair.server, MSG_WAITALL), WSA_IO_PENDING);
  ASSERT_EQ(send_text(pair.client, "ab"), 2);
  Operation behind(1);
  ASSERT_EQ(behind.receive(pair.server), WSA_IO_PENDING);
  ASSERT_EQ(send_text(pair.client, "cde"), 3);
  EXPECT_EQ(receive.finish(pair.server), 0);
  EXPECT_EQ(receive.text(), "abcd");
  EXPECT_EQ(behind.finish(pair.server), 0);
  EXPECT_EQ(behind.text(), "e");
}

// FLAG-05.
TEST_P(Overlapped, PartsOfAMessageAreToldByTheFlags) {
  if (!has_partial_messages()) return;
  const Pair pair = connected();
  Operation first(3);
  Operation second(3);
  ASSERT_EQ(first.receive(pair.server, MSG_PARTIAL), WSA_IO_PENDING);
  ASSERT_EQ(second.receive(pair.server, MSG_PARTIAL), WSA_IO_PENDING);
  ASSERT_EQ(send_text(pair.client, "abcde"), 5);
  EXPECT_EQ(first.finish(pair.server), 0);
  EXPECT_EQ(first.text(), "abc");
  EXPECT_EQ(first.flags, static_cast<DWORD>(MSG_PARTIAL));
  EXPECT_EQ(second.finish(pair.server), 0);
  EXPECT_EQ(second.text(), "de");
  EXPECT_EQ(second.flags, 0u);
}

TEST_P(Overlapped, AMessageThatDoesNotFitIsAnErrorAtCompletion) {
  if (!is_message_oriented()) return;
  const Pair pair = connected();
  Operation receive(3);
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  ASSERT_EQ(send_text(pair.client, "abcde"), 5);
  EXPECT_EQ(receive.finish(pair.server), WSAEMSGSIZE);
  EXPECT_EQ(receive.flags, static_cast<DWORD>(MSG_PARTIAL));
  EXPECT_EQ(receive_text(pair.server), "abcde");
  // And at once where the message is there already.
  ASSERT_EQ(send_text(pair.client, "abcde"), 5);
  char octet;
  EXPECT_EQ(error_of(recv(pair.server, &octet, 1, MSG_PEEK)), WSAEMSGSIZE);
  EXPECT_EQ(receive.receive(pair.server), WSAEMSGSIZE);
  EXPECT_TRUE(HasOverlappedIoCompleted(&receive.overlapped));
  EXPECT_FALSE(receive.is_event_set());
}

TEST_P(Overlapped, ChecksItsArguments) {
  const Pair pair = connected();
  Operation receive;
  EXPECT_EQ(receive.receive(pair.server, MSG_PEEK), WSAEOPNOTSUPP);
  EXPECT_EQ(receive.receive(open()), WSAENOTCONN);
  EXPECT_EQ(receive.send(open()), WSAENOTCONN);
  WSABUF buffer{0, nullptr};
  DWORD bytes = 0;
  DWORD flags = 0;
  WSAOVERLAPPED overlapped{};
  const LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = [](DWORD, DWORD, LPWSAOVERLAPPED, DWORD) {};
  EXPECT_EQ(error_of(WSASend(pair.server, &buffer, 1, nullptr, 0, &overlapped, routine)),
            WSAEOPNOTSUPP);
  EXPECT_EQ(error_of(WSARecv(pair.server, &buffer, 1, nullptr, &flags, &overlapped, routine)),
            WSAEOPNOTSUPP);
  EXPECT_EQ(error_of(WSARecv(pair.server, &buffer, 1, nullptr, nullptr, &overlapped, nullptr)),
            WSAEFAULT);
  overlapped.hEvent = reinterpret_cast<WSAEVENT>(pair.server);
  EXPECT_EQ(error_of(WSASend(pair.server, &buffer, 1, nullptr, 0, &overlapped, nullptr)),
            WSA_INVALID_HANDLE);
  const auto result = [&](SOCKET s, LPWSAOVERLAPPED which, LPDWORD count, LPDWORD out) {
    return WSAGetOverlappedResult(s, which, count, TRUE, out) ? 0 : WSAGetLastError();
  };
  EXPECT_EQ(result(pair.server, nullptr, &bytes, &flags), WSAEFAULT);
  EXPECT_EQ(result(pair.server, &overlapped, nullptr, &flags), WSAEFAULT);
  EXPECT_EQ(result(pair.server, &overlapped, &bytes, nullptr), WSAEFAULT);
  EXPECT_EQ(result(pair.server + 1, &overlapped, &bytes, &flags), WSAENOTSOCK);
  // Without an event object it can be looked at, not waited for.
  overlapped.hEvent = nullptr;
  WSABUF room{1, reinterpret_cast<CHAR*>(&bytes)};
  ASSERT_EQ(error_of(WSARecv(pair.server, &room, 1, nullptr, &flags, &overlapped, nullptr)),
            WSA_IO_PENDING);
  DWORD count = 0;
  EXPECT_EQ(result(pair.server, &overlapped, &count, &flags), WSA_INVALID_HANDLE);
  EXPECT_EQ(closesocket(pair.server), 0);
  EXPECT_TRUE(HasOverlappedIoCompleted(&overlapped));
}

TEST_P(Overlapped, OnlyOnSocketsMadeForIt) {
  WSAPROTOCOL_INFO info;
  int size = sizeof info;
  const SOCKET listener = open_listener();
  ASSERT_EQ(
      getsockopt(listener, SOL_SOCKET, SO_PROTOCOL_INFO, reinterpret_cast<char*>(&info), &size), 0);
  const SOCKET client =
      WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0);
  std::thread accepting([listener] {
    const SOCKET server = accept(listener, nullptr, nullptr);
    EXPECT_EQ(send_text(server, "x"), 1);
  });
  ASSERT_EQ(connect_to(client, listener), 0);
  accepting.join();
  Operation send(std::string("y"));
  EXPECT_EQ(send.send(client), WSAEINVAL);
  // WSARecv takes no notice of the structure, so it wants the other way to tell the number.
  Operation receive;
  EXPECT_EQ(receive.receive(client), WSAEFAULT);
  char octet;
  WSABUF buffer{1, &octet};
  DWORD bytes = 0;
  DWORD flags = 0;
  EXPECT_EQ(WSARecv(client, &buffer, 1, &bytes, &flags, &receive.overlapped, nullptr), 0);
  EXPECT_EQ(bytes, 1u);
  EXPECT_FALSE(receive.is_event_set());
}

// EVT-22: what a pending receive takes is no FD_READ.
TEST_P(Overlapped, GoesBesideNetworkEvents) {
  const Pair pair = connected();
  WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(pair.server, event, FD_READ), 0);
  Operation receive(1);
  ASSERT_EQ(receive.receive(pair.server), WSA_IO_PENDING);
  ASSERT_EQ(send_text(pair.client, "1"), 1);
  EXPECT_EQ(receive.finish(pair.server), 0);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
  ASSERT_EQ(send_text(pair.client, "2"), 1);
  EXPECT_EQ(wait_for_event(pair.server, event, FD_READ_BIT), 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, Overlapped, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
