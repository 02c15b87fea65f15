// From the request to the verdict.

#include <gtest/gtest.h>

#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

using std::chrono::seconds;

TEST(ConnectionSetup, CallerDataReachesTheAcceptorAndCalleeDataTheCaller) {  // SEED-A03, SEED-A04
  Pair pair;
  EXPECT_EQ(pair.caller().state(), State::kIdle);
  EXPECT_TRUE(pair.request("hi").ok());
  EXPECT_EQ(pair.caller().state(), State::kRequesting);
  EXPECT_FALSE(pair.caller().connect_outcome());
  pair.settle();
  EXPECT_EQ(pair.acceptor().state(), State::kOffered);
  EXPECT_EQ(text_of(pair.acceptor().caller_data()), "hi");
  // ACC-38: nothing settles before the verdict.
  EXPECT_EQ(pair.caller().state(), State::kRequesting);
  EXPECT_TRUE(pair.accept("welcome").ok());
  EXPECT_TRUE(pair.acceptor().connected());
  EXPECT_FALSE(pair.caller().connected());
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), 0);
  EXPECT_EQ(text_of(pair.caller().callee_data()), "welcome");
  EXPECT_TRUE(pair.caller().connected());
  // SEED-A05: set-up data is not in the stream.
  EXPECT_EQ(pair.receive(Side::kCaller), (Pair::Read{WSAEWOULDBLOCK, ""}));
  EXPECT_EQ(pair.receive(Side::kAcceptor), (Pair::Read{WSAEWOULDBLOCK, ""}));
}

TEST(ConnectionSetup, NoDataAtAll) {
  Pair pair;
  pair.establish();
  EXPECT_TRUE(pair.acceptor().caller_data().empty());
  EXPECT_TRUE(pair.caller().callee_data().empty());
  EXPECT_FALSE(pair.acceptor().peer_qos());
  EXPECT_FALSE(pair.caller().peer_qos());
}

TEST(ConnectionSetup, AllOctetValuesSurvive) {  // UDATA-24
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<char>(octet));
  Pair pair;
  pair.establish(all, all);
  EXPECT_EQ(text_of(pair.acceptor().caller_data()), all);
  EXPECT_EQ(text_of(pair.caller().callee_data()), all);
}

TEST(ConnectionSetup, CallerDataAtAndOverTheLimit) {  // UDATA-05
  Pair pair;
  EXPECT_EQ(pair.request(std::string(513, 'x')).error(), WSAEFAULT);
  EXPECT_EQ(pair.caller().state(), State::kIdle);
  EXPECT_FALSE(pair.in_flight_to(Side::kAcceptor));
  EXPECT_TRUE(pair.request(std::string(512, 'x')).ok());
  pair.settle();
  EXPECT_EQ(pair.acceptor().caller_data().size(), 512U);
}

TEST(ConnectionSetup, CallerDataWithoutSupport) {  // UDATA-06
  Pair pair(kTcpLimits);
  EXPECT_EQ(pair.request("x").error(), WSAEPROTONOSUPPORT);
  EXPECT_FALSE(pair.in_flight_to(Side::kAcceptor));
  EXPECT_TRUE(pair.request().ok());
}

TEST(ConnectionSetup, CalleeDataBeyondTheLimitKeepsTheRequest) {  // ACC-26
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  EXPECT_EQ(pair.accept(std::string(513, 'x')).error(), WSAEFAULT);
  EXPECT_EQ(pair.acceptor().state(), State::kOffered);
  EXPECT_TRUE(pair.accept(std::string(512, 'x')).ok());
  pair.settle();
  EXPECT_EQ(pair.caller().callee_data().size(), 512U);
}

TEST(ConnectionSetup, CalleeBufferTooSmall) {  // UDATA-13, UDATA-14
  Pair pair;
  EXPECT_TRUE(pair.request({}, 3).ok());
  pair.settle();
  EXPECT_TRUE(pair.accept("four").ok());
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), WSAEFAULT);
  EXPECT_FALSE(pair.caller().connected());
  EXPECT_TRUE(pair.caller().callee_data().empty());
  EXPECT_EQ(pair.acceptor().state(), State::kAborted);
  EXPECT_EQ(pair.receive(Side::kAcceptor), (Pair::Read{WSAECONNRESET, ""}));
}

TEST(ConnectionSetup, CalleeBufferOfExactSize) {  // UDATA-07
  Pair pair;
  EXPECT_TRUE(pair.request({}, 4).ok());
  pair.settle();
  EXPECT_TRUE(pair.accept("four").ok());
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), 0);
}

TEST(ConnectionSetup, NoCalleeBufferTakesNothingBack) {  // UDATA-09
  Pair pair;
  EXPECT_TRUE(pair.request({}, std::nullopt).ok());
  pair.settle();
  EXPECT_TRUE(pair.accept("data").ok());
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), 0);
  EXPECT_TRUE(pair.caller().callee_data().empty());
}

TEST(ConnectionSetup, RejectIsRefusalAndNeverAConnection) {  // ACC-05, ACC-38
  Pair pair;
  EXPECT_TRUE(pair.request("hi").ok());
  pair.settle();
  EXPECT_TRUE(pair.reject().ok());
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), WSAECONNREFUSED);
  EXPECT_EQ(pair.caller().state(), State::kRefused);
  EXPECT_FALSE(pair.caller().close_indication());
  EXPECT_EQ(pair.accept().error(), WSAECONNREFUSED);
}

TEST(ConnectionSetup, DeferringDoesNothing) {  // ACC-06, ACC-07, ACC-28
  Pair pair;
  EXPECT_TRUE(pair.request("hi").ok());
  pair.settle();
  // The verdict is merely not given; nothing is on its way, however long it takes.
  pair.advance(seconds(30));
  EXPECT_FALSE(pair.in_flight_to(Side::kCaller));
  EXPECT_EQ(pair.caller().state(), State::kRequesting);
  EXPECT_TRUE(pair.accept("at last").ok());
  pair.settle();
  EXPECT_EQ(text_of(pair.caller().callee_data()), "at last");
}

TEST(ConnectionSetup, CallerGivesUp) {
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  pair.advance(seconds(58));
  EXPECT_FALSE(pair.caller().connect_outcome());
  pair.advance(seconds(1));
  EXPECT_EQ(pair.caller().connect_outcome(), WSAETIMEDOUT);
  pair.settle();
  // ACC-31: the acceptor learns that there is nobody to accept any more.
  EXPECT_EQ(pair.acceptor().state(), State::kRefused);
  EXPECT_EQ(pair.accept().error(), WSAECONNRESET);
  EXPECT_EQ(pair.reject().error(), WSAECONNRESET);
}

TEST(ConnectionSetup, WithdrawnByClosing) {
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  pair.close(Side::kCaller);
  EXPECT_EQ(pair.caller().state(), State::kClosed);
  pair.settle();
  EXPECT_EQ(pair.accept().error(), WSAECONNRESET);
}

TEST(ConnectionSetup, WithdrawnByVanishing) {
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  pair.vanish(Side::kCaller);
  pair.settle();
  EXPECT_EQ(pair.accept().error(), WSAECONNRESET);
}

TEST(ConnectionSetup, OfferTimesOut) {  // ACC-31
  Limits limits = kStreamLimits;
  limits.timeouts.offer = seconds(5);
  Pair pair(limits);
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  pair.advance(seconds(5));
  EXPECT_EQ(pair.accept().error(), WSAEACCES);
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), WSAECONNREFUSED);
}

TEST(ConnectionSetup, HalfOpenRequestTimesOut) {
  Pair pair;
  EXPECT_EQ(pair.acceptor().state(), State::kAwaitingRequest);
  pair.advance(seconds(9));
  EXPECT_EQ(pair.acceptor().state(), State::kAwaitingRequest);
  pair.advance(seconds(1));
  EXPECT_EQ(pair.acceptor().state(), State::kRefused);
  EXPECT_TRUE(pair.acceptor().wants_transport_abort());
  EXPECT_FALSE(pair.acceptor().deadline());
}

TEST(ConnectionSetup, ListenerThatClosesRefuses) {  // CLOSE-14
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  pair.close(Side::kAcceptor);
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), WSAECONNREFUSED);
}

TEST(ConnectionSetup, ListenerThatVanishesRefuses) {
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  pair.vanish(Side::kAcceptor);
  pair.settle();
  EXPECT_EQ(pair.caller().connect_outcome(), WSAECONNREFUSED);
}

TEST(ConnectionSetup, TransportFailureIsTheOutcome) {
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.caller().on_transport_failure(WSAENETUNREACH);
  EXPECT_EQ(pair.caller().connect_outcome(), WSAENETUNREACH);
  EXPECT_EQ(pair.caller().failure(), WSAENETUNREACH);
  EXPECT_FALSE(pair.caller().deadline());
}

TEST(ConnectionSetup, SecondRequest) {  // WIN-21, WIN-08
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  EXPECT_EQ(pair.request().error(), WSAEALREADY);
  pair.settle();
  EXPECT_TRUE(pair.accept().ok());
  pair.settle();
  EXPECT_EQ(pair.request().error(), WSAEISCONN);
}

TEST(ConnectionSetup, AcceptWithoutARequest) {
  Pair pair;
  EXPECT_EQ(pair.accept().error(), WSAEINVAL);
  EXPECT_EQ(pair.reject().error(), WSAEINVAL);
  pair.establish();
  EXPECT_EQ(pair.accept().error(), WSAEINVAL);
}

TEST(ConnectionSetup, NothingIsConnectedBefore) {  // TEAR-10, TEAR-24, TEAR-35
  Pair pair;
  for (int round = 0; round < 2; ++round) {
    for (const Side side : {Side::kCaller, Side::kAcceptor}) {
      EXPECT_EQ(pair.send(side, "x").error(), WSAENOTCONN);
      EXPECT_EQ(pair.receive(side).error, WSAENOTCONN);
      EXPECT_EQ(pair.send_disconnect(side, "x").error(), WSAENOTCONN);
      EXPECT_EQ(pair.recv_disconnect(side).error, WSAENOTCONN);
      EXPECT_EQ(pair.shutdown(side, ShutdownHow::kBoth).error(), WSAENOTCONN);
    }
    if (round == 0) {
      EXPECT_TRUE(pair.request().ok());
    }
    pair.settle();
  }
}

TEST(ConnectionSetup, AcceptOnTheWayWhileTheCallerCloses) {
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  EXPECT_TRUE(pair.accept("hello").ok());
  pair.close(Side::kCaller);
  pair.settle();
  EXPECT_EQ(pair.receive(Side::kAcceptor), (Pair::Read{WSAECONNRESET, ""}));
}

}  // namespace
}  // namespace ws2
