// What the listener does with callers that take their time, and with too many of them.

#include <sys/resource.h>

#include <algorithm>
#include <deque>

#include "api/tests/impatient.hpp"
#include "api/tests/raw_peer.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class TimeoutsOf : public EachProvider {
 protected:
  static RawPeer peer_of(SOCKET listener) {
    const sockaddr_storage name = name_of(listener);
    return RawPeer::connect_to(ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port));
  }
  /// One that has begun to say something: others the system may keep back for a second.
  static RawPeer slow_peer_of(SOCKET listener) {
    RawPeer peer = peer_of(listener);
    peer.say("\x01");
    return peer;
  }
  /// A caller and an acceptor come together as if nothing were.
  static void expect_service(SOCKET listener, SOCKET client) {
    std::thread accepting(
        [listener] { EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET); });
    EXPECT_EQ(connect_to(client, listener), 0) << WSAGetLastError();
    accepting.join();
  }
};

TEST_P(TimeoutsOf, AHalfOpenRequestIsGivenUp) {
  const Impatient impatient({.half_open = std::chrono::milliseconds(20)});
  const SOCKET listener = open_listener();
  const RawPeer silent = peer_of(listener);
  const RawPeer slow = slow_peer_of(listener);
  EXPECT_TRUE(silent.ends_by_reset());
  EXPECT_TRUE(slow.ends_by_reset());
  expect_service(listener, open());
}

// The same while a thread waits in accept, which does the listener's work itself.
TEST_P(TimeoutsOf, AHalfOpenRequestIsGivenUpDuringAccept) {
  const Impatient impatient({.half_open = std::chrono::milliseconds(20)});
  const SOCKET listener = open_listener();
  SOCKET server = INVALID_SOCKET;
  std::thread accepting([&] { server = accept(listener, nullptr, nullptr); });
  const RawPeer slow = slow_peer_of(listener);
  EXPECT_TRUE(slow.ends_by_reset());
  EXPECT_EQ(connect_to(open(), listener), 0);
  accepting.join();
  EXPECT_NE(server, INVALID_SOCKET);
}

// The time-out is for who says nothing, not for who waits to be accepted.
TEST_P(TimeoutsOf, ACompleteRequestWaitsAsLongAsItMust) {
  const Impatient impatient({.half_open = std::chrono::milliseconds(20)});
  const SOCKET listener = open_listener();
  const PendingCaller caller(open(), [&](SOCKET s) { return connect_to(s, listener); });
  const RawPeer slow = slow_peer_of(listener);
  EXPECT_TRUE(slow.ends_by_reset());
  EXPECT_TRUE(caller.is_pending());
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(caller.socket(), caller.event(), FD_CONNECT_BIT), 0);
}

// A caller that gives up withdraws its request: nobody is offered it afterwards.
TEST_P(TimeoutsOf, ACallerGivesUp) {
  const SOCKET listener = open_listener();
  {
    const Impatient impatient({.request = std::chrono::milliseconds(20)});
    EXPECT_EQ(connect_to(open(), listener), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAETIMEDOUT);
  }
  // ACC-40: it may be accepted until the withdrawal has arrived, and is found to be gone then.
  const SOCKET client = open();
  std::thread connecting([&] {
    EXPECT_EQ(connect_to(client, listener), 0);
    EXPECT_EQ(send_text(client, "x"), 1);
  });
  char octet = 0;
  while (octet != 'x') {
    const SOCKET server = accept(listener, nullptr, nullptr);
    ASSERT_NE(server, INVALID_SOCKET);
    recv(server, &octet, 1, 0);
  }
  connecting.join();
}

// A request that is deferred until its time is over: refused to the caller, and told to the
// acceptor once (ACC-31).
TEST_P(TimeoutsOf, ADeferredRequestTimesOut) {
  Condition condition;
  condition.verdict = CF_DEFER;
  // Where this thread gets no processor, the time may be over before it is deferred at all.
  for (auto time = std::chrono::milliseconds(20); condition.calls == 0; time *= 4) {
    const Impatient impatient({.offer = time});
    const SOCKET listener = open_listener();
    set_nonblocking(listener);
    const PendingCaller caller(open(), [&](SOCKET s) { return connect_to(s, listener); });
    int error;
    bool is_pending;
    do {
      const WSAEVENT event = caller.event();
      is_pending = WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE) == WSA_WAIT_TIMEOUT;
      EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
      error = WSAGetLastError();
    } while (error == WSATRY_AGAIN || (error == WSAEWOULDBLOCK && is_pending));
    EXPECT_EQ(error, condition.calls > 0 ? WSAEACCES : WSAEWOULDBLOCK);
    EXPECT_EQ(wait_for_event(caller.socket(), caller.event(), FD_CONNECT_BIT), WSAECONNREFUSED);
    EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, TimeoutsOf,
                         testing::Values("stream", "message", "decnet", "tp4"));

class HalfOpen : public TimeoutsOf {};

// Whoever floods the listener pushes out the oldest who said nothing, and nobody else.
TEST_P(HalfOpen, RequestsHaveACap) {
  // A listener keeps no more of them than a quarter of the descriptors that the process may have.
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit limit = before;
  limit.rlim_cur = std::min<rlim_t>(before.rlim_cur, 800);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  const SOCKET listener = open_listener();
  const PendingCaller first(open(), [&](SOCKET s) { return connect_to(s, listener); });
  std::deque<RawPeer> peers;
  for (rlim_t i = 0; i <= limit.rlim_cur / 4; ++i) peers.push_back(slow_peer_of(listener));
  EXPECT_TRUE(peers.front().ends_by_reset());
  EXPECT_TRUE(first.is_pending());
  // The youngest is still welcome: a REQUEST of the provider stream, without anything.
  peers.back().say(std::string("\0\0\0\0\0\0\x06WS2C\x01\x01", 13));
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, HalfOpen, testing::Values("stream"));

}  // namespace
}  // namespace ws2
