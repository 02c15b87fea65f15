// SO_CONNDATA, SO_DISCDATA and their kin: connect and disconnect data before Winsock 2 (LEG-01 to
// LEG-06).

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

int set(SOCKET s, int option, const std::string& data) {
  const int size = static_cast<int>(data.size());
  return setsockopt(s, SOL_SOCKET, option, data.data(), size) == 0 ? 0 : WSAGetLastError();
}
int reserve(SOCKET s, int option, DWORD size) {
  const auto* given = reinterpret_cast<const char*>(&size);
  return setsockopt(s, SOL_SOCKET, option, given, sizeof size) == 0 ? 0 : WSAGetLastError();
}
struct Got {
  int error;
  std::string data;
  friend bool operator==(const Got&, const Got&) = default;
};
Got get(SOCKET s, int option, int room = 512) {
  std::string data(static_cast<std::size_t>(room), '?');
  int size = room;
  if (getsockopt(s, SOL_SOCKET, option, data.data(), &size) != 0) return {WSAGetLastError(), ""};
  data.resize(static_cast<std::size_t>(size));
  return {0, data};
}
const Got kNothing{0, ""};

/// Providers with the capability.
class UserData : public EachProvider {
 protected:
  /// Of connect data.
  std::size_t limit() const {
    const std::string name = GetParam();
    return name == "decnet" ? 16 : name == "tp4" ? 32 : 512;
  }
  /// The data are for after the peer's end was noticed.
  static void wait_for_end(SOCKET s) {
    const WSAEVENT event = WSACreateEvent();
    ASSERT_EQ(WSAEventSelect(s, event, FD_CLOSE), 0);
    wait_for_event(s, event, FD_CLOSE_BIT);
    ASSERT_EQ(WSAEventSelect(s, nullptr, 0), 0);
  }
  Pair connect_pair(SOCKET listener, SOCKET client) {
    Pair pair{listener, client, INVALID_SOCKET};
    std::thread accepting([&] { pair.server = accept(listener, nullptr, nullptr); });
    EXPECT_EQ(connect_to(client, listener), 0) << WSAGetLastError();
    accepting.join();
    return pair;
  }
};

// LEG-02 to LEG-04.
TEST_P(UserData, ConnectDataGoesBothWays) {
  const SOCKET listener = open_listener();
  EXPECT_EQ(reserve(listener, SO_CONNDATALEN, 16), 0);
  EXPECT_EQ(set(listener, SO_CONNDATA, "answer"), 0);
  for (const char* data : {"one", "two"}) {
    const SOCKET client = open();
    EXPECT_EQ(set(client, SO_CONNDATA, data), 0);
    EXPECT_EQ(reserve(client, SO_CONNDATALEN, 16), 0);
    EXPECT_EQ(get(client, SO_CONNDATA), kNothing);
    const Pair pair = connect_pair(listener, client);
    EXPECT_EQ(get(pair.server, SO_CONNDATA), (Got{0, data}));
    EXPECT_EQ(get(pair.client, SO_CONNDATA), (Got{0, "answer"}));
    // For the socket's life.
    EXPECT_EQ(shutdown(pair.server, SD_SEND), 0);
    EXPECT_EQ(get(pair.server, SO_CONNDATA), (Got{0, data}));
    EXPECT_EQ(get(listener, SO_CONNDATA), kNothing);
  }
  EXPECT_EQ(set(listener, SO_CONNDATA, "other"), 0);
  const SOCKET client = open();
  EXPECT_EQ(reserve(client, SO_CONNDATALEN, 16), 0);
  EXPECT_EQ(get(connect_pair(listener, client).client, SO_CONNDATA), (Got{0, "other"}));
}

TEST_P(UserData, WithoutRoomReservedThereIsNone) {
  const SOCKET listener = open_listener();
  EXPECT_EQ(set(listener, SO_CONNDATA, "answer"), 0);
  const SOCKET client = open();
  EXPECT_EQ(set(client, SO_CONNDATA, "caller"), 0);
  const Pair pair = connect_pair(listener, client);
  EXPECT_EQ(get(pair.server, SO_CONNDATA), kNothing);
  EXPECT_EQ(get(pair.client, SO_CONNDATA), kNothing);
  // Too late now.
  EXPECT_EQ(reserve(pair.client, SO_CONNDATALEN, 16), WSAEINVAL);
  EXPECT_EQ(set(pair.client, SO_CONNDATA, "x"), WSAEINVAL);
}

// UDATA-13 for the room of the option as well; a server's is only looked at when it is asked.
TEST_P(UserData, NothingIsCut) {
  const SOCKET listener = open_listener();
  EXPECT_EQ(reserve(listener, SO_CONNDATALEN, 5), 0);
  EXPECT_EQ(set(listener, SO_CONNDATA, "answer"), 0);
  const SOCKET client = open();
  EXPECT_EQ(set(client, SO_CONNDATA, "caller"), 0);
  EXPECT_EQ(reserve(client, SO_CONNDATALEN, 6), 0);
  const Pair pair = connect_pair(listener, client);
  EXPECT_EQ(get(pair.server, SO_CONNDATA).error, WSAEFAULT);
  EXPECT_EQ(get(pair.client, SO_CONNDATA, 5).error, WSAEFAULT);
  EXPECT_EQ(get(pair.client, SO_CONNDATA, 6), (Got{0, "answer"}));
  const SOCKET short_of_room = open();
  EXPECT_EQ(reserve(short_of_room, SO_CONNDATALEN, 5), 0);
  std::thread accepting([&] { (void)accept(listener, nullptr, nullptr); });
  EXPECT_EQ(connect_to(short_of_room, listener), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  accepting.join();
}

// LEG-06.
TEST_P(UserData, OptionsAndArgumentsMeanTheSame) {
  const SOCKET listener = open_listener();
  EXPECT_EQ(reserve(listener, SO_CONNDATALEN, 16), 0);
  EXPECT_EQ(set(listener, SO_CONNDATA, "option"), 0);
  for (const bool has_argument : {true, false}) {
    const SOCKET client = open();
    EXPECT_EQ(set(client, SO_CONNDATA, "option"), 0);
    EXPECT_EQ(reserve(client, SO_CONNDATALEN, 16), 0);
    Condition condition;
    condition.callee_data = has_argument ? "argument" : "";
    SOCKET server = INVALID_SOCKET;
    std::thread accepting([&] { server = condition.accept(listener); });
    std::string callee;
    std::optional<std::string> caller;
    if (has_argument) caller = "argument";
    EXPECT_EQ(connect_to(client, listener, caller, has_argument ? &callee : nullptr, 16), 0);
    accepting.join();
    // The argument goes first, and a condition function has the last word.
    const std::string sent = has_argument ? "argument" : "option";
    EXPECT_EQ(condition.caller_data, sent);
    EXPECT_EQ(get(server, SO_CONNDATA), (Got{0, sent}));
    EXPECT_EQ(callee, has_argument ? "argument" : "");
    EXPECT_EQ(get(client, SO_CONNDATA), (Got{0, has_argument ? "argument" : ""}));
  }
}

// LEG-04: without delayed acceptance it is the only answer there is.
TEST_P(UserData, AProviderThatAnswersByItselfSendsTheListenersData) {
  const SOCKET listener = open();
  const int off = FALSE;
  ASSERT_EQ(setsockopt(listener, SOL_SOCKET, SO_CONDITIONAL_ACCEPT,
                       reinterpret_cast<const char*>(&off), sizeof off),
            0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  EXPECT_EQ(set(listener, SO_CONNDATA, "before"), 0);
  ASSERT_EQ(listen(listener, 5), 0);
  std::string callee;
  EXPECT_EQ(connect_to(open(), listener, std::nullopt, &callee), 0);
  EXPECT_EQ(callee, "before");
  EXPECT_EQ(set(listener, SO_CONNDATA, "after"), 0);
  EXPECT_EQ(connect_to(open(), listener, std::nullopt, &callee), 0);
  EXPECT_EQ(callee, "after");
}

// LEG-05: with whatever ends the sending.
TEST_P(UserData, DisconnectDataGoesWithTheEnd) {
  const auto end = [](SOCKET s, int how) {
    switch (how) {
      case 0:
        return shutdown(s, SD_SEND);
      case 1:
        return shutdown(s, SD_BOTH);
      case 2:
        return WSASendDisconnect(s, nullptr);
      default:
        return closesocket(s);
    }
  };
  for (int how = 0; how < 4; ++how) {
    const Pair pair = connected();
    EXPECT_EQ(reserve(pair.server, SO_DISCDATALEN, 16), 0);
    EXPECT_EQ(set(pair.client, SO_DISCDATA, "goodbye"), 0);
    EXPECT_EQ(end(pair.client, how), 0);
    wait_for_end(pair.server);
    EXPECT_EQ(get(pair.server, SO_DISCDATA), (Got{0, "goodbye"})) << how;
    EXPECT_EQ(get(pair.server, SO_DISCDATA, 6).error, WSAEFAULT);
    // LEG-06: the same as what WSARecvDisconnect gives.
    EXPECT_EQ(receive_disconnect(pair.server), "goodbye");
  }
}

TEST_P(UserData, AnArgumentOfWsaSendDisconnectGoesFirst) {
  const Pair pair = connected();
  EXPECT_EQ(set(pair.client, SO_DISCDATA, "option"), 0);
  EXPECT_EQ(send_disconnect(pair.client, "argument"), 0);
  // TEAR-12: what is left over makes no second end an error.
  EXPECT_EQ(WSASendDisconnect(pair.client, nullptr), 0);
  EXPECT_EQ(shutdown(pair.client, SD_SEND), 0);
  wait_for_end(pair.server);
  EXPECT_EQ(receive_disconnect(pair.server), "argument");
}

TEST_P(UserData, RoomReservedTooLateGetsNothing) {  // LEG-05
  const Pair pair = connected();
  EXPECT_EQ(send_disconnect(pair.client, "goodbye"), 0);
  wait_for_end(pair.server);
  EXPECT_EQ(reserve(pair.server, SO_DISCDATALEN, 16), 0);
  EXPECT_EQ(get(pair.server, SO_DISCDATA), kNothing);
}

TEST_P(UserData, DisconnectOptionsAreInherited) {  // ACC-34
  const SOCKET listener = open_listener();
  EXPECT_EQ(reserve(listener, SO_DISCDATALEN, 16), 0);
  EXPECT_EQ(set(listener, SO_DISCDATA, "from the server"), 0);
  const Pair pair = connect_pair(listener, open());
  EXPECT_EQ(shutdown(pair.server, SD_SEND), 0);
  wait_for_end(pair.client);
  EXPECT_EQ(receive_disconnect(pair.client), "from the server");
}

TEST_P(UserData, ChecksItsArguments) {  // LEG-01
  const SOCKET s = open();
  EXPECT_EQ(set(s, SO_DISCDATA, std::string(513, 'x')), WSAEFAULT);
  EXPECT_EQ(set(s, SO_CONNDATA, std::string(limit(), 'x')), 0);
  EXPECT_EQ(set(s, SO_CONNDATA, std::string(limit() + 1, 'x')), WSAEFAULT);
  for (const int option : {SO_CONNDATALEN, SO_DISCDATALEN}) {
    EXPECT_EQ(set(s, option, "abc"), WSAEFAULT);
    EXPECT_EQ(get(s, option).error, WSAENOPROTOOPT);
  }
  for (const int option : {SO_CONNOPT, SO_DISCOPT, SO_CONNOPTLEN, SO_DISCOPTLEN}) {
    EXPECT_EQ(set(s, option, "abcd"), WSAENOPROTOOPT);
    EXPECT_EQ(get(s, option).error, WSAENOPROTOOPT);
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, UserData,
                         testing::Values("stream", "message", "decnet", "tp4"));

using NoUserData = Winsock;

TEST_F(NoUserData, OnTcp) {  // LEG-01, WIN-23
  const Pair pair = connected("tcp");
  for (const SOCKET s : {pair.listener, pair.client, pair.server}) {
    for (int option = SO_CONNDATA; option <= SO_DISCOPTLEN; ++option) {
      EXPECT_EQ(set(s, option, "abcd"), WSAENOPROTOOPT) << option;
      EXPECT_EQ(get(s, option).error, WSAENOPROTOOPT) << option;
    }
  }
  EXPECT_EQ(send_text(pair.client, "x"), 1);
  EXPECT_EQ(receive_text(pair.server), "x");
}

}  // namespace
}  // namespace ws2
