// CONN-04, ACC-32: a process that has run out of descriptors.

#include "api/tests/shortage.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Descriptors : public EachProvider {
 protected:
  Descriptors() : listener_(open_listener()), caller_(open()) {
    calling_ = WSACreateEvent();
    EXPECT_EQ(WSAEventSelect(caller_, calling_, FD_CONNECT), 0);
  }

  /// Asks while there is no descriptor, until the listener has noticed.
  void call_in_vain() {
    connect_to(caller_, listener_);
    do {
      EXPECT_EQ(accept(listener_, nullptr, nullptr), INVALID_SOCKET);
    } while (WSAGetLastError() == WSAEWOULDBLOCK);
    EXPECT_EQ(WSAGetLastError(), WSAEMFILE);
  }

  SOCKET listener_;
  SOCKET caller_;
  WSAEVENT calling_;
};

TEST_P(Descriptors, TheRequestWaitsUntilThereIsOne) {
  set_nonblocking(listener_);
  Shortage shortage;
  EXPECT_EQ(socket(AF_INET, SOCK_STREAM, 0), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEMFILE);
  call_in_vain();
  shortage.end();
  SOCKET server;
  do {
    server = accept(listener_, nullptr, nullptr);
  } while (server == INVALID_SOCKET && WSAGetLastError() == WSAEWOULDBLOCK);
  EXPECT_NE(server, INVALID_SOCKET) << WSAGetLastError();
  EXPECT_EQ(wait_for_event(caller_, calling_, FD_CONNECT_BIT), 0);
}

TEST_P(Descriptors, ClosingASocketLetsTheNextRequestIn) {
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(listener_, event, FD_ACCEPT), 0);
  const SOCKET spare = open();
  const Shortage shortage;
  call_in_vain();
  ASSERT_EQ(closesocket(spare), 0);
  EXPECT_EQ(wait_for_event(listener_, event, FD_ACCEPT_BIT), 0);
  EXPECT_NE(accept(listener_, nullptr, nullptr), INVALID_SOCKET) << WSAGetLastError();
  EXPECT_EQ(wait_for_event(caller_, calling_, FD_CONNECT_BIT), 0);
}

// The library is not told of it.
TEST_P(Descriptors, ADescriptorFreedElsewhereLetsTheNextRequestIn) {
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(listener_, event, FD_ACCEPT), 0);
  Shortage shortage;
  call_in_vain();
  shortage.end();
  EXPECT_EQ(wait_for_event(listener_, event, FD_ACCEPT_BIT), 0);
  EXPECT_NE(accept(listener_, nullptr, nullptr), INVALID_SOCKET) << WSAGetLastError();
  EXPECT_EQ(wait_for_event(caller_, calling_, FD_CONNECT_BIT), 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, Descriptors, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
