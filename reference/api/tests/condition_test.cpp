// Condition functions that do more than decide.

#include <stdexcept>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class ConditionFunction : public EachProvider {
 protected:
  ConditionFunction() : listener_(open_listener()), caller_(open()), calling_(WSACreateEvent()) {
    EXPECT_EQ(WSAEventSelect(caller_, calling_, FD_CONNECT), 0);
    connect_to(caller_, listener_);
  }

  int outcome() { return wait_for_event(caller_, calling_, FD_CONNECT_BIT); }
  /// On bare TCP it is the operating system that has accepted.
  bool can_refuse() const { return has_user_data(); }

  SOCKET listener_;
  SOCKET caller_;
  WSAEVENT calling_;
  Condition condition_;
};

// The request is neither lost nor stuck, and other threads come to their turn.
TEST_P(ConditionFunction, MayThrow) {
  condition_.meanwhile = [] { throw std::runtime_error("not today"); };
  EXPECT_THROW(condition_.accept(listener_), std::runtime_error);
  set_nonblocking(listener_);
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(listener_, event, FD_ACCEPT), 0);
  EXPECT_EQ(wait_for_event(listener_, event, FD_ACCEPT_BIT), 0);
  EXPECT_THROW(condition_.accept(listener_), std::runtime_error);
  // As any failed accept it makes FD_ACCEPT possible again (EVT-05).
  EXPECT_EQ(wait_for_event(listener_, event, FD_ACCEPT_BIT), 0);
  condition_.meanwhile = nullptr;
  EXPECT_NE(condition_.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(outcome(), 0);
  EXPECT_EQ(condition_.calls, 3);
}

TEST_P(ConditionFunction, ThatThrowsWakesWhoWaitsForTheRequest) {
  std::thread other;
  SOCKET server = INVALID_SOCKET;
  condition_.meanwhile = [&] {
    other = std::thread([&] { server = accept(listener_, nullptr, nullptr); });
    throw std::runtime_error("let others");
  };
  EXPECT_THROW(condition_.accept(listener_), std::runtime_error);
  other.join();
  EXPECT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(outcome(), 0);
}

TEST_P(ConditionFunction, CannotAcceptOnItsOwnListener) {
  condition_.meanwhile = [this] {
    EXPECT_EQ(accept(listener_, nullptr, nullptr), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEINPROGRESS);
  };
  EXPECT_NE(condition_.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(outcome(), 0);
}

TEST_P(ConditionFunction, CanAcceptOnAnother) {
  const SOCKET other = open_listener();
  const SOCKET second = open();
  set_nonblocking(second);
  connect_to(second, other);
  condition_.meanwhile = [&] {
    Condition inner;
    inner.meanwhile = [this] {
      EXPECT_EQ(accept(listener_, nullptr, nullptr), INVALID_SOCKET);
      EXPECT_EQ(WSAGetLastError(), WSAEINPROGRESS);
    };
    EXPECT_NE(inner.accept(other), INVALID_SOCKET);
  };
  EXPECT_NE(condition_.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(outcome(), 0);
}

// CLOSE-14.
TEST_P(ConditionFunction, CanCloseItsListener) {
  condition_.meanwhile = [this] { EXPECT_EQ(closesocket(listener_), 0); };
  EXPECT_EQ(condition_.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEINTR);
  EXPECT_EQ(outcome(), can_refuse() ? WSAECONNREFUSED : 0);
}

TEST_P(ConditionFunction, CanEndWinsock) {
  condition_.meanwhile = [] { EXPECT_EQ(WSACleanup(), 0); };
  EXPECT_EQ(condition_.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEINTR);
  WSADATA data;
  EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
}

TEST_P(ConditionFunction, CanUseOtherSocketsAndItsListener) {
  condition_.meanwhile = [this] {
    const Pair pair = connected();
    EXPECT_EQ(send_text(pair.client, "x"), 1);
    EXPECT_EQ(receive_text(pair.server), "x");
    fd_set set;
    FD_ZERO(&set);
    FD_SET(listener_, &set);
    const timeval now{0, 0};
    EXPECT_EQ(select(0, &set, nullptr, nullptr, &now), 0);
    EXPECT_EQ(listen(listener_, 5), 0);
  };
  EXPECT_NE(condition_.accept(listener_), INVALID_SOCKET);
  EXPECT_EQ(outcome(), 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, ConditionFunction, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
