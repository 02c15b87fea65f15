// SO_CONDITIONAL_ACCEPT: whether the caller waits for the verdict.

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

int get_option(SOCKET s, int option) {
  int value = -1;
  int size = sizeof value;
  EXPECT_EQ(getsockopt(s, SOL_SOCKET, option, reinterpret_cast<char*>(&value), &size), 0);
  return value;
}

/// 0 or the error.
int set_option(SOCKET s, int option, int value) {
  const auto* given = reinterpret_cast<const char*>(&value);
  return setsockopt(s, SOL_SOCKET, option, given, sizeof value) == 0 ? 0 : WSAGetLastError();
}

/// Every provider, with the option off.
class Unconditional : public EachProvider {
 protected:
  Unconditional() : listener_(open()) {
    EXPECT_EQ(set_option(listener_, SO_CONDITIONAL_ACCEPT, FALSE), 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    EXPECT_EQ(listen(listener_, 5), 0);
  }

  /// Connected, though nobody has accepted.
  SOCKET call() {
    const SOCKET s = open();
    std::optional<std::string> data;
    if (has_user_data()) data = "caller";
    EXPECT_EQ(connect_to(s, listener_, data), 0) << WSAGetLastError();
    return s;
  }

  SOCKET listener_;
};

// ACC-38, ACC-39.
TEST_P(Unconditional, TheOptionIsSetBeforeListening) {
  const SOCKET s = open();
  // Reference choice: TRUE where the provider can wait, since only then callee data has a way back.
  EXPECT_EQ(get_option(s, SO_CONDITIONAL_ACCEPT), has_user_data() ? TRUE : FALSE);
  EXPECT_EQ(set_option(s, SO_CONDITIONAL_ACCEPT, FALSE), 0);
  EXPECT_EQ(get_option(s, SO_CONDITIONAL_ACCEPT), FALSE);
  EXPECT_EQ(set_option(s, SO_CONDITIONAL_ACCEPT, TRUE), has_user_data() ? 0 : WSAENOPROTOOPT);
  for (const int value : {TRUE, FALSE}) {
    EXPECT_EQ(set_option(listener_, SO_CONDITIONAL_ACCEPT, value), WSAEINVAL);
    EXPECT_EQ(set_option(open_listener(), SO_CONDITIONAL_ACCEPT, value), WSAEINVAL);
  }
  EXPECT_EQ(get_option(listener_, SO_CONDITIONAL_ACCEPT), FALSE);
}

// ACC-38, ACC-41: the function is asked all the same.
TEST_P(Unconditional, TheCallerIsConnectedBeforeTheFunctionIsAsked) {
  const SOCKET client = call();
  EXPECT_EQ(send_text(client, "early"), 5);
  Condition condition;
  const SOCKET server = condition.accept(listener_);
  ASSERT_NE(server, INVALID_SOCKET) << WSAGetLastError();
  EXPECT_EQ(condition.calls, 1);
  EXPECT_EQ(condition.capacity, 0u);
  if (has_user_data()) {
    EXPECT_EQ(condition.caller_data, "caller");
  }
  EXPECT_EQ(receive_exactly(server, 5), "early");
  EXPECT_EQ(send_text(server, "late"), 4);
  EXPECT_EQ(receive_exactly(client, 4), "late");
}

TEST_P(Unconditional, CalleeDataHasNoRoom) {
  const SOCKET client = open();
  std::string callee = "untouched";
  EXPECT_EQ(connect_to(client, listener_, std::nullopt, &callee), 0);
  EXPECT_EQ(callee, "");
  Condition condition;
  condition.claimed = 1;
  EXPECT_EQ(condition.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  condition.claimed.reset();
  EXPECT_NE(condition.accept(listener_), INVALID_SOCKET);
}

// ACC-42.
TEST_P(Unconditional, RejectionResetsAConnectedCaller) {
  const SOCKET client = call();
  const SOCKET next = call();
  Condition condition;
  condition.verdict = CF_REJECT;
  EXPECT_EQ(condition.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  char octet;
  EXPECT_EQ(recv(client, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
  condition.verdict = CF_ACCEPT;
  const SOCKET server = condition.accept(listener_);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(send_text(server, "x"), 1);
  EXPECT_EQ(receive_text(next), "x");
}

// ACC-06, ACC-07, ACC-14.
TEST_P(Unconditional, ADeferredCallerStaysConnectedAtTheHead) {
  const SOCKET client = call();
  const sockaddr_storage name = name_of(client);
  [[maybe_unused]] const SOCKET second = call();
  Condition condition;
  condition.verdict = CF_DEFER;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(condition.accept(listener_), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSATRY_AGAIN);
    EXPECT_EQ(condition.caller.sin_port, reinterpret_cast<const sockaddr_in&>(name).sin_port);
  }
  EXPECT_EQ(send_text(client, "x"), 1);
  const SOCKET server = accept(listener_, nullptr, nullptr);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(receive_text(server), "x");
}

// What a caller did to its end is for whoever accepts: it was connected.
TEST_P(Unconditional, ACallerThatHasEndedIsStillThere) {
  const SOCKET client = call();
  EXPECT_EQ(send_text(client, "all"), 3);
  EXPECT_EQ(shutdown(client, SD_SEND), 0);
  Condition condition;
  const SOCKET server = condition.accept(listener_);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(receive_text(server), "all");
  char octet;
  if (is_message_oriented()) {
    EXPECT_EQ(recv(server, &octet, 1, 0), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), std::string(GetParam()) == "tp4" ? WSAECONNRESET : WSAEDISCON);
  } else {
    EXPECT_EQ(recv(server, &octet, 1, 0), 0);
  }
}

// CONN-03, CLOSE-14.
TEST_P(Unconditional, AClosingListenerResetsWhoIsConnected) {
  const SOCKET client = call();
  EXPECT_EQ(closesocket(listener_), 0);
  char octet;
  EXPECT_EQ(recv(client, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
}

class UnconditionalQueue : public Unconditional {};

// ACC-31: reported where the application has seen it, else as if it had never been.
TEST_P(UnconditionalQueue, ACallerThatIsLostWhileDeferredIsReported) {
  const WSAEVENT arrival = WSACreateEvent();
  const SOCKET client = call();
  Condition condition;
  condition.verdict = CF_DEFER;
  EXPECT_EQ(condition.accept(listener_), INVALID_SOCKET);
  set_linger(client, 1, 0);
  ASSERT_EQ(WSAEventSelect(listener_, arrival, FD_ACCEPT), 0);
  ASSERT_EQ(closesocket(client), 0);
  int error = WSATRY_AGAIN;
  while (error == WSATRY_AGAIN) {
    EXPECT_EQ(condition.accept(listener_), INVALID_SOCKET);
    error = WSAGetLastError();
  }
  EXPECT_EQ(error, WSAECONNRESET);
  EXPECT_EQ(condition.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
}

INSTANTIATE_TEST_SUITE_P(Providers, Unconditional, testing::ValuesIn(kProviders));
// On bare TCP the system keeps a lost connection, and WSAAccept hands it out.
INSTANTIATE_TEST_SUITE_P(Providers, UnconditionalQueue,
                         testing::Values("stream", "message", "decnet", "tp4"));

/// Providers where the caller waits, with the option as it is.
class Conditional : public EachProvider {};

// ACC-38.
TEST_P(Conditional, TheCallerWaitsForTheVerdict) {
  const SOCKET listener = open_listener();
  for (const int verdict : {CF_ACCEPT, CF_REJECT}) {
    const PendingCaller caller(open(), [&](SOCKET s) { return connect_to(s, listener); });
    Condition condition;
    condition.verdict = CF_DEFER;
    EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSATRY_AGAIN);
    EXPECT_TRUE(caller.is_pending());
    condition.verdict = verdict;
    condition.meanwhile = [&] { EXPECT_TRUE(caller.is_pending()); };
    const SOCKET server = condition.accept(listener);
    EXPECT_EQ(server != INVALID_SOCKET, verdict == CF_ACCEPT);
    EXPECT_EQ(wait_for_event(caller.socket(), caller.event(), FD_CONNECT_BIT),
              verdict == CF_ACCEPT ? 0 : WSAECONNREFUSED);
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, Conditional,
                         testing::Values("stream", "message", "decnet", "tp4"));

}  // namespace
}  // namespace ws2
