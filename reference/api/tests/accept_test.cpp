#include <cstring>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Accept = Winsock;

class Queue : public Winsock {
 protected:
  Queue() : listener_(open_listener("stream")), arrival_(WSACreateEvent()) {}

  /// Its request is on its way, behind those of earlier callers only if they were seen.
  PendingCaller call(const std::string& data) {
    return PendingCaller(open("stream"), [&](SOCKET s) { return connect_to(s, listener_, data); });
  }
  int outcome(const PendingCaller& caller) {
    return wait_for_event(caller.socket(), caller.event(), FD_CONNECT_BIT);
  }
  SOCKET decide(int verdict, Condition& condition) {
    condition.verdict = verdict;
    return condition.accept(listener_);
  }

  SOCKET listener_;
  WSAEVENT arrival_;
};

// ACC-02, ACC-17 to ACC-19, ACC-22 to ACC-25, ACC-30.
TEST_F(Queue, TheConditionFunctionIsShownTheRequest) {
  const PendingCaller caller = call("who calls");
  Condition condition;
  condition.callee_data = "you";
  const SOCKET server = decide(CF_ACCEPT, condition);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(condition.calls, 1);
  EXPECT_EQ(condition.thread, std::this_thread::get_id());
  EXPECT_EQ(condition.caller_data, "who calls");
  EXPECT_EQ(condition.capacity, 512u);
  EXPECT_FALSE(condition.qos);
  EXPECT_FALSE(condition.has_group_qos);
  EXPECT_EQ(condition.group, 0u);
  const sockaddr_storage client_name = name_of(caller.socket());
  const sockaddr_storage server_name = name_of(server);
  EXPECT_EQ(std::memcmp(&condition.caller, &client_name, sizeof condition.caller), 0);
  EXPECT_EQ(std::memcmp(&condition.callee, &server_name, sizeof condition.callee), 0);
  EXPECT_EQ(outcome(caller), 0);
}

TEST_F(Queue, NoCallerDataIsANullPointer) {
  [[maybe_unused]] const PendingCaller caller = call("");
  Condition condition;
  EXPECT_NE(decide(CF_ACCEPT, condition), INVALID_SOCKET);
  EXPECT_EQ(condition.caller_data, std::nullopt);
}

// ACC-05, ACC-27, CONN-16.
TEST_F(Queue, ARejectedCallerIsRefusedAndTheNextOneServed) {
  const PendingCaller first = call("first");
  Condition condition;
  condition.callee_data = "no";
  EXPECT_EQ(decide(CF_REJECT, condition), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  EXPECT_EQ(outcome(first), WSAECONNREFUSED);
  const PendingCaller second = call("second");
  Condition next;
  EXPECT_NE(decide(CF_ACCEPT, next), INVALID_SOCKET);
  EXPECT_EQ(next.caller_data, "second");
  EXPECT_EQ(outcome(second), 0);
}

// ACC-06, ACC-07, ACC-14, ACC-28, UDATA-25.
TEST_F(Queue, ADeferredRequestStaysAtTheHead) {
  const PendingCaller first = call("first");
  Condition condition;
  condition.callee_data = "X";
  EXPECT_EQ(decide(CF_DEFER, condition), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSATRY_AGAIN);
  const PendingCaller second = call("second");
  EXPECT_EQ(decide(CF_DEFER, condition), INVALID_SOCKET);
  EXPECT_EQ(condition.caller_data, "first");
  EXPECT_EQ(condition.capacity, 512u);
  EXPECT_TRUE(first.is_pending());
  condition.callee_data = "Y";
  EXPECT_NE(decide(CF_ACCEPT, condition), INVALID_SOCKET);
  EXPECT_EQ(condition.caller_data, "first");
  EXPECT_EQ(outcome(first), 0);
  EXPECT_NE(decide(CF_ACCEPT, condition), INVALID_SOCKET);
  EXPECT_EQ(condition.caller_data, "second");
  EXPECT_EQ(outcome(second), 0);
}

// ACC-15.
TEST_F(Queue, PlainAcceptTakesADeferredRequest) {
  const PendingCaller caller = call("x");
  Condition condition;
  EXPECT_EQ(decide(CF_DEFER, condition), INVALID_SOCKET);
  EXPECT_NE(accept(listener_, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(condition.calls, 1);
  EXPECT_EQ(outcome(caller), 0);
}

// ACC-31: an offered request that is withdrawn is reported once, and the queue moves on.
TEST_F(Queue, AWithdrawnDeferredRequestIsReported) {
  ASSERT_EQ(WSAEventSelect(listener_, arrival_, FD_ACCEPT), 0);
  const PendingCaller first = call("first");
  EXPECT_EQ(wait_for_event(listener_, arrival_, FD_ACCEPT_BIT), 0);
  Condition condition;
  EXPECT_EQ(decide(CF_DEFER, condition), INVALID_SOCKET);
  [[maybe_unused]] const PendingCaller second = call("second");
  ASSERT_EQ(closesocket(first.socket()), 0);
  // The withdrawal arrives when it arrives: until then the request is deferred again.
  int error = WSATRY_AGAIN;
  while (error == WSATRY_AGAIN) {
    EXPECT_EQ(decide(CF_DEFER, condition), INVALID_SOCKET);
    EXPECT_EQ(condition.caller_data, "first");
    error = WSAGetLastError();
  }
  // Withdrawn by its caller; WSAEACCES would be a request that timed out (reference choice).
  EXPECT_EQ(error, WSAECONNRESET);
  SOCKET accepted = INVALID_SOCKET;
  do {
    accepted = decide(CF_ACCEPT, condition);
  } while (accepted == INVALID_SOCKET && WSAGetLastError() == WSAEWOULDBLOCK);
  EXPECT_NE(accepted, INVALID_SOCKET);
  EXPECT_EQ(condition.caller_data, "second");
}

TEST_F(Queue, ARequestWithdrawnDuringTheDecisionIsReset) {
  const PendingCaller caller = call("x");
  Condition condition;
  condition.meanwhile = [&] {
    ASSERT_EQ(closesocket(caller.socket()), 0);
    // Until the listener has seen it, others of its queue are unaffected: a second caller that is
    // refused proves that the reactor has come by.
    const SOCKET other = open_listener("stream");
    const SOCKET s = open("stream");
    std::thread accepting([other] {
      Condition refuse;
      refuse.verdict = CF_REJECT;
      refuse.accept(other);
    });
    EXPECT_EQ(connect_to(s, other), SOCKET_ERROR);
    accepting.join();
  };
  EXPECT_EQ(decide(CF_ACCEPT, condition), INVALID_SOCKET);
  const int error = WSAGetLastError();
  EXPECT_TRUE(error == WSAECONNRESET || error == WSAEACCES) << error;
}

// ACC-08 and ACC-26 as the reference chooses: the request stays.
TEST_F(Queue, ABadAnswerLeavesTheRequest) {
  const PendingCaller caller = call("x");
  Condition condition;
  EXPECT_EQ(decide(77, condition), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  condition.claimed = 513;
  EXPECT_EQ(decide(CF_ACCEPT, condition), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_TRUE(caller.is_pending());
  condition.claimed.reset();
  EXPECT_NE(decide(CF_ACCEPT, condition), INVALID_SOCKET);
  EXPECT_EQ(condition.calls, 3);
  EXPECT_EQ(outcome(caller), 0);
}

// ACC-10, ACC-13.
TEST_F(Queue, TooLittleRoomForTheAddressLeavesTheRequest) {
  const PendingCaller caller = call("x");
  sockaddr_in name{};
  auto* address = reinterpret_cast<sockaddr*>(&name);
  int size = sizeof name - 1;
  EXPECT_EQ(accept(listener_, address, &size), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  size = sizeof name;
  EXPECT_NE(accept(listener_, address, &size), INVALID_SOCKET);
  const sockaddr_storage client_name = name_of(caller.socket());
  EXPECT_EQ(std::memcmp(&name, &client_name, sizeof name), 0);
}

// CONN-03.
TEST_F(Accept, AFullQueueRefuses) {
  const SOCKET listener = open_listener("stream", 1);
  const WSAEVENT arrival = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(listener, arrival, FD_ACCEPT), 0);
  const PendingCaller first(open("stream"), [&](SOCKET s) { return connect_to(s, listener); });
  EXPECT_EQ(wait_for_event(listener, arrival, FD_ACCEPT_BIT), 0);
  EXPECT_EQ(connect_to(open("stream"), listener), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(first.socket(), first.event(), FD_CONNECT_BIT), 0);
}

// CLOSE-14.
TEST_F(Accept, AClosingListenerRefusesWhoWaits) {
  const SOCKET listener = open_listener("stream");
  const PendingCaller caller(open("stream"), [&](SOCKET s) { return connect_to(s, listener); });
  ASSERT_EQ(closesocket(listener), 0);
  EXPECT_EQ(wait_for_event(caller.socket(), caller.event(), FD_CONNECT_BIT), WSAECONNREFUSED);
}

using AcceptEach = EachProvider;

TEST_P(AcceptEach, ChecksTheSocket) {
  const SOCKET s = open();
  Condition condition;
  EXPECT_EQ(condition.accept(s), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  const Pair pair = connected();
  EXPECT_EQ(condition.accept(pair.server), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_EQ(condition.accept(12345), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
  set_nonblocking(pair.listener);
  EXPECT_EQ(condition.accept(pair.listener), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  EXPECT_EQ(condition.calls, 0);
}

// SEED-B06, SEED-B10, CONN-19.
TEST_P(AcceptEach, ServesInTheOrderOfArrival) {
  const SOCKET listener = open_listener();
  std::vector<SOCKET> clients;
  std::vector<std::uint16_t> ports;
  for (int i = 0; i < 5; ++i) {
    const SOCKET s = open();
    const WSAEVENT event = WSACreateEvent();
    ASSERT_EQ(WSAEventSelect(s, event, FD_CONNECT), 0);
    connect_to(s, listener);
    clients.push_back(s);
  }
  for (int i = 0; i < 5; ++i) {
    sockaddr_in name{};
    int size = sizeof name;
    ASSERT_NE(accept(listener, reinterpret_cast<sockaddr*>(&name), &size), INVALID_SOCKET);
    ports.push_back(name.sin_port);
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const sockaddr_storage name = name_of(clients[i]);
    EXPECT_EQ(reinterpret_cast<const sockaddr_in&>(name).sin_port, ports[i]);
  }
}

// WIN-11: a blocked accept fails when its socket is closed.
TEST_P(AcceptEach, IsWokenByClosing) {
  const SOCKET listener = open_listener();
  int error = 0;
  std::thread accepting([&] {
    EXPECT_EQ(accept(listener, nullptr, nullptr), INVALID_SOCKET);
    error = WSAGetLastError();
  });
  EXPECT_EQ(closesocket(listener), 0);
  accepting.join();
  // Whichever came first.
  EXPECT_TRUE(error == WSAEINTR || error == WSAENOTSOCK) << error;
}

// ACC-34 to ACC-36, EVT-11.
TEST_P(AcceptEach, HandsOnWhatTheListenerHas) {
  const SOCKET listener = open_listener();
  const WSAEVENT event = WSACreateEvent();
  set_linger(listener, 1, 7);
  ASSERT_EQ(WSAEventSelect(listener, event, FD_ACCEPT | FD_READ | FD_CLOSE), 0);
  const SOCKET client = open();
  const WSAEVENT connecting = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(client, connecting, FD_CONNECT), 0);
  connect_to(client, listener);
  EXPECT_EQ(wait_for_event(listener, event, FD_ACCEPT_BIT), 0);
  const SOCKET server = accept(listener, nullptr, nullptr);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(client, connecting, FD_CONNECT_BIT), 0);
  char octet;
  EXPECT_EQ(recv(server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  linger inherited{};
  int size = sizeof inherited;
  ASSERT_EQ(getsockopt(server, SOL_SOCKET, SO_LINGER, reinterpret_cast<char*>(&inherited), &size),
            0);
  EXPECT_EQ(inherited.l_linger, 7);
  EXPECT_EQ(send_text(client, "x"), 1);
  EXPECT_EQ(wait_for_event(server, event, FD_READ_BIT), 0);
}

// ACC-42: bare TCP's caller believes itself connected, and then is not.
TEST_F(Accept, TcpRejectionIsAReset) {
  const SOCKET listener = open_listener("tcp");
  const SOCKET client = open("tcp");
  ASSERT_EQ(connect_to(client, listener), 0);
  Condition condition;
  condition.verdict = CF_REJECT;
  EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  EXPECT_EQ(condition.calls, 1);
  EXPECT_EQ(condition.caller_data, std::nullopt);
  EXPECT_EQ(condition.capacity, 0u);
  char octet;
  EXPECT_EQ(recv(client, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
}

// ACC-16.
TEST_F(Queue, DeferringDoesNotReenableFdAccept) {
  ASSERT_EQ(WSAEventSelect(listener_, arrival_, FD_ACCEPT), 0);
  [[maybe_unused]] const PendingCaller first = call("first");
  EXPECT_EQ(wait_for_event(listener_, arrival_, FD_ACCEPT_BIT), 0);
  Condition condition;
  EXPECT_EQ(decide(CF_DEFER, condition), INVALID_SOCKET);
  WSANETWORKEVENTS events{};
  ASSERT_EQ(WSAEnumNetworkEvents(listener_, arrival_, &events), 0);
  EXPECT_EQ(events.lNetworkEvents, 0);
  // Settling it does, and the next one is recorded (EVT-06).
  [[maybe_unused]] const PendingCaller second = call("second");
  EXPECT_EQ(decide(CF_REJECT, condition), INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(listener_, arrival_, FD_ACCEPT_BIT), 0);
}

// CONN-06: the queue is kept while the application is elsewhere, also when it was in accept before.
TEST_F(Accept, AfterAnAcceptTheQueueIsKeptByItself) {
  const SOCKET listener = open_listener("stream", 1);
  Condition condition;
  std::thread accepting([&] { EXPECT_NE(condition.accept(listener), INVALID_SOCKET); });
  EXPECT_EQ(connect_to(open("stream"), listener, "first"), 0);
  accepting.join();
  const SOCKET second = open("stream");
  set_nonblocking(second);
  EXPECT_EQ(connect_to(second, listener, "second"), SOCKET_ERROR);
  EXPECT_EQ(connect_to(open("stream"), listener, "third"), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  EXPECT_NE(condition.accept(listener), INVALID_SOCKET);
  EXPECT_EQ(condition.caller_data, "second");
}

INSTANTIATE_TEST_SUITE_P(Providers, AcceptEach, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
