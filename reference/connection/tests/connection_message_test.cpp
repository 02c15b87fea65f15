// Message-oriented and one-shot providers.

#include <gtest/gtest.h>

#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

using Read = Pair::Read;

TEST(ConnectionMessages, BoundariesAndTheEnd) {  // TEAR-28, FLAG-04
  Pair pair = connected(kMessageLimits);
  EXPECT_TRUE(pair.send(kClient, "one").ok());
  EXPECT_TRUE(pair.send(kClient, "").ok());
  EXPECT_TRUE(pair.send(kClient, "tw", false).ok());
  EXPECT_TRUE(pair.send(kClient, "o").ok());
  EXPECT_TRUE(pair.send_disconnect(kClient, "bye").ok());
  pair.settle();
  EXPECT_EQ(pair.receive(kServer), (Read{0, "one"}));
  EXPECT_EQ(pair.receive(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.receive(kServer), (Read{0, "two"}));
  EXPECT_EQ(pair.receive(kServer), (Read{WSAEDISCON, ""}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "bye"}));
}

TEST(ConnectionMessages, TooLongToSend) {
  Limits limits = kMessageLimits;
  limits.message = 4;
  Pair pair = connected(limits);
  EXPECT_EQ(pair.send(kClient, "12345").error(), WSAEMSGSIZE);
  EXPECT_TRUE(pair.send(kClient, "123", false).ok());
  EXPECT_EQ(pair.send(kClient, "45").error(), WSAEMSGSIZE);
  EXPECT_TRUE(pair.send(kClient, "4").ok());
  EXPECT_TRUE(pair.send(kClient, "1234").ok());
  pair.settle();
  EXPECT_EQ(pair.receive(kServer), (Read{0, "1234"}));
  EXPECT_EQ(pair.receive(kServer), (Read{0, "1234"}));
}

TEST(ConnectionMessages, TooLongFromThePeer) {
  Limits limits = kMessageLimits;
  limits.message = 4;
  Pair pair = connected(limits);
  RecordingSink sink;
  EXPECT_EQ(pair.acceptor().on_unit(DataUnit{bytes_of("123"), false}, {}, sink), Violation::kNone);
  EXPECT_TRUE(pair.acceptor().wants_input(2));  // nothing readable yet: the rest must come in
  EXPECT_EQ(pair.acceptor().on_unit(DataUnit{bytes_of("45"), true}, {}, sink), Violation::kTooLong);
  EXPECT_EQ(pair.receive(kServer).error, WSAECONNABORTED);
}

TEST(ConnectionOneShot, DisconnectEndsBothDirections) {  // DN-06, SEED-A25
  Pair pair = connected(kDecnetLimits);
  EXPECT_TRUE(pair.send_disconnect(kClient, "3").ok());
  EXPECT_EQ(pair.send(kClient, "x").error(), WSAESHUTDOWN);
  EXPECT_FALSE(pair.caller().close_indication());
  pair.settle();
  EXPECT_EQ(pair.caller().state(), State::kBothEnded);
  EXPECT_EQ(pair.acceptor().state(), State::kBothEnded);
  EXPECT_EQ(pair.receive(kServer).error, WSAEDISCON);
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "3"}));
  // The reply leg fails visibly.
  EXPECT_EQ(pair.send_disconnect(kServer, "45").error(), WSAENOTCONN);
  EXPECT_EQ(pair.send(kServer, "x").error(), WSAESHUTDOWN);
  EXPECT_TRUE(pair.shutdown(kServer, ShutdownHow::kSend).ok());
  EXPECT_EQ(pair.caller().close_indication(), 0);
  EXPECT_EQ(pair.recv_disconnect(kClient), (Read{0, ""}));
  pair.close(kServer);
  pair.close(kClient);
  EXPECT_EQ(pair.caller().state(), State::kClosed);
  EXPECT_EQ(pair.acceptor().state(), State::kClosed);
}

TEST(ConnectionOneShot, CollidingDisconnectsConfirmEachOther) {  // TEAR-39, ANX-07
  for (const Limits& limits : {kDecnetLimits, kTp4Limits}) {
    Pair pair = connected(limits);
    EXPECT_TRUE(pair.send_disconnect(kClient, "a").ok());
    EXPECT_TRUE(pair.send_disconnect(kServer, "b").ok());
    pair.settle();
    EXPECT_EQ(pair.caller().state(), State::kBothEnded);
    EXPECT_EQ(pair.acceptor().state(), State::kBothEnded);
    EXPECT_EQ(pair.recv_disconnect(kClient), (Read{0, ""}));
    EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, ""}));
  }
}

TEST(ConnectionOneShot, WhatCrossesTheDisconnectIsDiscarded) {  // ANX-07
  Pair pair = connected(kDecnetLimits);
  EXPECT_TRUE(pair.send_disconnect(kClient).ok());
  EXPECT_TRUE(pair.send(kServer, "too late").ok());
  pair.settle();
  EXPECT_EQ(pair.receive(kClient).error, WSAEDISCON);
}

TEST(ConnectionOneShot, WithoutGracefulCloseTheEndIsAReset) {  // TEAR-37, TEAR-38
  Pair pair = connected(kTp4Limits);
  EXPECT_TRUE(pair.send_disconnect(kClient, std::string(64, 'd')).ok());
  pair.settle();
  EXPECT_EQ(pair.acceptor().close_indication(), WSAECONNRESET);
  EXPECT_EQ(pair.receive(kServer).error, WSAECONNRESET);
  EXPECT_EQ(pair.send(kServer, "x").error(), WSAECONNRESET);
  EXPECT_EQ(pair.send(kClient, "x").error(), WSAESHUTDOWN);
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, std::string(64, 'd')}));
}

TEST(ConnectionOneShot, Limits) {  // ANX-01, ANX-06
  Pair decnet = connected(kDecnetLimits);
  EXPECT_EQ(decnet.send_disconnect(kClient, std::string(17, 'd')).error(), WSAEFAULT);
  EXPECT_TRUE(decnet.send_disconnect(kClient, std::string(16, 'd')).ok());
  Pair tp4(kTp4Limits);
  EXPECT_EQ(tp4.request(std::string(33, 'c')).error(), WSAEFAULT);
  EXPECT_TRUE(tp4.request(std::string(32, 'c')).ok());
}

TEST(ConnectionOneShot, ConfirmationCarriesNoData) {  // DN-06, SEED-A25
  Pair pair(kDecnetLimits);
  pair.establish();
  RecordingSink sink;
  const Bytes data = bytes_of("bye");
  EXPECT_EQ(pair.acceptor().on_unit(DisconnectUnit{data}, pair.now(), sink), Violation::kNone);
  ASSERT_EQ(sink.units.size(), 1U);
  EXPECT_TRUE(sink.units[0].is<DisconnectUnit>());
  EXPECT_EQ(sink.units[0].text(), "");
}

TEST(ConnectionOneShot, CloseIsConfirmed) {
  Pair pair = connected(kDecnetLimits);
  pair.close(kClient);
  EXPECT_EQ(pair.caller().state(), State::kClosing);
  pair.settle();
  EXPECT_EQ(pair.caller().state(), State::kClosed);
  EXPECT_EQ(pair.receive(kServer).error, WSAEDISCON);
}

}  // namespace
}  // namespace ws2
