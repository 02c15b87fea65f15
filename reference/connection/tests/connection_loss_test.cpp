// Abortive ends, and peers that break the protocol.

#include <gtest/gtest.h>

#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

using Read = Pair::Read;

Violation give(Connection& connection, const Unit& unit) {
  RecordingSink sink;
  return connection.on_unit(unit, TimePoint{0}, sink);
}

TEST(ConnectionLoss, HardCloseIsAReset) {  // CLOSE-06, TEAR-31, EVT-20
  Pair pair = connected();
  pair.abort(kClient);
  EXPECT_EQ(pair.caller().state(), State::kClosed);
  pair.settle();
  EXPECT_EQ(pair.acceptor().close_indication(), WSAECONNRESET);
  EXPECT_EQ(pair.receive(kServer), (Read{WSAECONNRESET, ""}));
  EXPECT_EQ(pair.receive(kServer), (Read{WSAECONNRESET, ""}));
  EXPECT_EQ(pair.send(kServer, "x").error(), WSAECONNRESET);
  EXPECT_EQ(pair.shutdown(kServer, ShutdownHow::kSend).error(), WSAECONNRESET);
  EXPECT_EQ(pair.send_disconnect(kServer).error(), WSAENOTCONN);
  EXPECT_TRUE(pair.acceptor().connected());
}

TEST(ConnectionLoss, RecvDisconnectAfterAReset) {  // TEAR-17, TEAR-38
  Pair pair = connected();
  pair.abort(kClient);
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.receive(kServer).error, WSAESHUTDOWN);
}

TEST(ConnectionLoss, VanishingIsNeverGraceful) {
  for (const bool ended_before : {false, true}) {
    Pair pair = connected();
    if (ended_before) {
      EXPECT_TRUE(pair.send_disconnect(kServer, "mine").ok());
    }
    pair.vanish(kClient);
    pair.settle();
    EXPECT_EQ(pair.acceptor().close_indication(), WSAECONNRESET);
    EXPECT_EQ(pair.receive(kServer), (Read{WSAECONNRESET, ""}));
  }
}

TEST(ConnectionLoss, WhatArrivedBeforeTheResetIsReadFirst) {  // reference choice, WIN-22 differs
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "last").ok());
  pair.abort(kClient);
  pair.settle();
  EXPECT_FALSE(pair.acceptor().close_indication());
  EXPECT_EQ(pair.receive(kServer), (Read{0, "last"}));
  EXPECT_EQ(pair.acceptor().close_indication(), WSAECONNRESET);
}

TEST(ConnectionLoss, AGracefulEndIsNotTakenBack) {  // TEAR-31, SEED-A24
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "bye").ok());
  pair.settle();
  pair.acceptor().on_transport_reset();
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
  EXPECT_EQ(pair.receive(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "bye"}));
  EXPECT_EQ(pair.acceptor().check_send().error(), WSAECONNRESET);
}

TEST(ConnectionLoss, AfterBothEndsNothingCanBeLost) {
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "a").ok());
  EXPECT_TRUE(pair.send_disconnect(kServer, "b").ok());
  pair.settle();
  pair.caller().on_transport_reset();
  pair.caller().on_transport_failure(WSAECONNABORTED);
  EXPECT_EQ(pair.caller().state(), State::kBothEnded);
  EXPECT_EQ(pair.recv_disconnect(kClient), (Read{0, "b"}));
}

TEST(ConnectionLoss, LocalFailureHasItsOwnNumber) {  // TEAR-32, TEAR-33
  for (const int error : {WSAECONNABORTED, WSAENETRESET}) {
    Pair pair = connected();
    pair.caller().on_transport_failure(error);
    EXPECT_EQ(pair.receive(kClient).error, error);
    EXPECT_EQ(pair.send(kClient, "x").error(), error);
    EXPECT_EQ(pair.caller().close_indication(), WSAECONNABORTED);
    pair.caller().on_transport_reset();
    EXPECT_EQ(pair.receive(kClient).error, error);
  }
}

TEST(ConnectionLoss, DataAfterTheEndIsAViolation) {
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "bye").ok());
  pair.settle();
  EXPECT_EQ(give(pair.acceptor(), DataUnit{bytes_of("more"), false}), Violation::kUnexpectedUnit);
  EXPECT_TRUE(pair.acceptor().wants_transport_abort());
  EXPECT_EQ(pair.receive(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.send(kServer, "x").error(), WSAECONNABORTED);
}

TEST(ConnectionLoss, SecondDisconnectIsAViolation) {
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "first").ok());
  pair.settle();
  EXPECT_EQ(give(pair.acceptor(), DisconnectUnit{bytes_of("second")}), Violation::kUnexpectedUnit);
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "first"}));
}

TEST(ConnectionLoss, UnitsOutOfPlace) {
  const Bytes octet = bytes_of("x");
  {
    Pair pair;  // data, disconnect and answers where a request is due
    Pair copies[4] = {pair, pair, pair, pair};
    EXPECT_EQ(give(copies[0].acceptor(), DataUnit{octet, false}), Violation::kUnexpectedUnit);
    EXPECT_EQ(give(copies[1].acceptor(), DisconnectUnit{}), Violation::kUnexpectedUnit);
    EXPECT_EQ(give(copies[2].acceptor(), AcceptUnit{}), Violation::kUnexpectedUnit);
    EXPECT_EQ(give(copies[3].acceptor(), RejectUnit{}), Violation::kUnexpectedUnit);
    for (Pair& copy : copies) {
      EXPECT_EQ(copy.acceptor().state(), State::kRefused);
      EXPECT_TRUE(copy.acceptor().wants_transport_abort());
    }
  }
  {
    Pair pair;  // before the verdict
    EXPECT_TRUE(pair.request().ok());
    pair.settle();
    EXPECT_EQ(give(pair.caller(), DataUnit{octet, false}), Violation::kUnexpectedUnit);
    EXPECT_EQ(pair.caller().connect_outcome(), WSAECONNREFUSED);
    EXPECT_EQ(give(pair.acceptor(), DataUnit{octet, false}), Violation::kUnexpectedUnit);
    EXPECT_EQ(pair.accept().error(), WSAECONNRESET);
  }
  Pair pair = connected();
  EXPECT_EQ(give(pair.acceptor(), RequestUnit{}), Violation::kUnexpectedUnit);
  EXPECT_EQ(pair.receive(kServer).error, WSAECONNABORTED);
  // An aborted connection listens to nothing more.
  EXPECT_EQ(give(pair.acceptor(), RequestUnit{}), Violation::kNone);
}

TEST(ConnectionLoss, UserDataBeyondTheLimitIsAViolation) {
  const Bytes long_data(513, 'x');
  Pair pair;
  EXPECT_EQ(give(pair.acceptor(), RequestUnit{long_data, {}}), Violation::kTooLong);
  EXPECT_TRUE(pair.request().ok());
  EXPECT_EQ(give(pair.caller(), AcceptUnit{long_data, {}}), Violation::kTooLong);
  EXPECT_EQ(pair.caller().connect_outcome(), WSAECONNREFUSED);
  Pair established = connected();
  EXPECT_EQ(give(established.caller(), DisconnectUnit{long_data}), Violation::kTooLong);
  EXPECT_EQ(established.receive(kClient).error, WSAECONNABORTED);
}

TEST(ConnectionLoss, NothingIsWantedBeforeOrAfter) {
  Pair pair;
  EXPECT_FALSE(pair.caller().wants_input(1));
  EXPECT_TRUE(pair.acceptor().wants_input(1));
  pair.establish();
  pair.abort(kClient);
  EXPECT_FALSE(pair.caller().wants_input(1));
  EXPECT_FALSE(pair.caller().deadline());
  pair.settle();
  EXPECT_FALSE(pair.acceptor().wants_input(1));
}

TEST(ConnectionLoss, HardCloseStopsTheClock) {
  Pair pair;
  EXPECT_TRUE(pair.request().ok());
  EXPECT_TRUE(pair.caller().deadline());
  pair.abort(kClient);
  EXPECT_FALSE(pair.caller().deadline());
}

TEST(ConnectionLoss, FlowControlFollowsWhatIsUnread) {
  Pair pair = connected();
  EXPECT_TRUE(pair.acceptor().wants_input(4));
  EXPECT_TRUE(pair.send(kClient, "four").ok());
  pair.settle();
  EXPECT_FALSE(pair.acceptor().wants_input(4));
  EXPECT_EQ(pair.receive(kServer, 1).text, "f");
  EXPECT_TRUE(pair.acceptor().wants_input(4));
  EXPECT_TRUE(pair.send(kClient, "more").ok());
  pair.settle();
  EXPECT_FALSE(pair.acceptor().wants_input(4));
  pair.close(kServer);  // closing drains whatever comes
  EXPECT_TRUE(pair.acceptor().wants_input(4));
  EXPECT_EQ(pair.acceptor().available(), 0U);
}

}  // namespace
}  // namespace ws2
