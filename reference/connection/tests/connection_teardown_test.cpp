// Ending a connection, on a provider with both data and half-close.

#include <gtest/gtest.h>

#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

using Read = Pair::Read;
using std::chrono::seconds;

TEST(ConnectionTeardown, SeedExchange) {  // SEED-A14 to SEED-A22
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "3").ok());
  EXPECT_FALSE(pair.caller().close_indication());
  EXPECT_FALSE(pair.acceptor().close_indication());
  pair.settle();
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
  EXPECT_EQ(pair.receive(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "3"}));
  EXPECT_EQ(pair.receive(kServer).error, WSAESHUTDOWN);
  pair.advance(seconds(1000));  // SEED-A17: step 4 takes its time
  EXPECT_FALSE(pair.caller().close_indication());
  EXPECT_TRUE(pair.send_disconnect(kServer, "45").ok());
  pair.close(kServer);
  EXPECT_EQ(pair.acceptor().state(), State::kClosed);
  pair.settle();
  EXPECT_EQ(pair.caller().close_indication(), 0);
  EXPECT_EQ(pair.recv_disconnect(kClient), (Read{0, "45"}));
  pair.close(kClient);
  EXPECT_EQ(pair.caller().state(), State::kClosed);
  EXPECT_FALSE(pair.caller().wants_transport_abort());
  EXPECT_FALSE(pair.acceptor().wants_transport_abort());
}

TEST(ConnectionTeardown, DataComesBeforeTheEnd) {  // TEAR-04, EVT-21, EVT-22
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "last words").ok());
  EXPECT_TRUE(pair.send_disconnect(kClient, "bye").ok());
  pair.settle();
  EXPECT_EQ(pair.acceptor().state(), State::kRemoteEnded);
  EXPECT_FALSE(pair.acceptor().close_indication());
  EXPECT_TRUE(pair.acceptor().readable());
  EXPECT_EQ(pair.receive(kServer, 4), (Read{0, "last"}));
  EXPECT_FALSE(pair.acceptor().close_indication());
  EXPECT_EQ(pair.receive(kServer), (Read{0, " words"}));
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
  EXPECT_FALSE(pair.acceptor().readable());
  EXPECT_TRUE(pair.acceptor().receive_ready());
  EXPECT_EQ(pair.receive(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "bye"}));
}

TEST(ConnectionTeardown, ReplyAfterTheOtherEndedSending) {  // SHUT-07
  Pair pair = connected();
  EXPECT_TRUE(pair.shutdown(kClient, ShutdownHow::kSend).ok());
  pair.settle();
  EXPECT_TRUE(pair.send(kServer, "reply").ok());
  pair.close(kServer);
  pair.settle();
  EXPECT_EQ(pair.receive(kClient), (Read{0, "reply"}));
  EXPECT_EQ(pair.receive(kClient), (Read{0, ""}));
}

TEST(ConnectionTeardown, SendingIsOverLocally) {  // TEAR-03, TEAR-34
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient).ok());
  EXPECT_EQ(pair.send(kClient, "x").error(), WSAESHUTDOWN);
  EXPECT_EQ(pair.caller().check_send().error(), WSAESHUTDOWN);
  EXPECT_FALSE(pair.caller().send_allowed());
  EXPECT_EQ(pair.receive(kClient).error, WSAEWOULDBLOCK);
  pair.abort(kServer);
  pair.settle();
  EXPECT_EQ(pair.send(kClient, "x").error(), WSAESHUTDOWN);
}

TEST(ConnectionTeardown, RepeatedSendDisconnect) {  // TEAR-12
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "first").ok());
  EXPECT_EQ(pair.send_disconnect(kClient, "second").error(), WSAESHUTDOWN);
  EXPECT_TRUE(pair.send_disconnect(kClient).ok());
  EXPECT_TRUE(pair.send_disconnect(kClient, "").ok());
  EXPECT_TRUE(pair.shutdown(kClient, ShutdownHow::kSend).ok());
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "first"}));
}

TEST(ConnectionTeardown, DataAfterShutdownIsNotDelivered) {  // TEAR-12
  Pair pair = connected();
  EXPECT_TRUE(pair.shutdown(kClient, ShutdownHow::kSend).ok());
  EXPECT_EQ(pair.send_disconnect(kClient, "late").error(), WSAESHUTDOWN);
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, ""}));
}

TEST(ConnectionTeardown, OversizedDisconnectDataDoesNothing) {  // TEAR-11, ERR-03
  Pair pair = connected();
  EXPECT_EQ(pair.send_disconnect(kClient, std::string(513, 'x')).error(), WSAEFAULT);
  EXPECT_TRUE(pair.send(kClient, "still open").ok());
  EXPECT_TRUE(pair.send_disconnect(kClient, std::string(512, 'x')).ok());
  pair.settle();
  EXPECT_EQ(pair.receive(kServer).text, "still open");
  EXPECT_EQ(pair.recv_disconnect(kServer).text.size(), 512U);
}

TEST(ConnectionTeardown, DisconnectDataWithoutSupport) {  // TEAR-06, TEAR-21
  Pair pair = connected(kTcpLimits);
  EXPECT_EQ(pair.send_disconnect(kClient, "x").error(), WSAENOPROTOOPT);
  EXPECT_TRUE(pair.send(kClient, "open").ok());
  EXPECT_TRUE(pair.send_disconnect(kClient).ok());
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer).error, WSAENOPROTOOPT);
  EXPECT_EQ(pair.receive(kServer), (Read{0, "open"}));
  EXPECT_EQ(pair.recv_disconnect(kServer, std::nullopt), (Read{0, ""}));
  EXPECT_EQ(pair.receive(kServer).error, WSAESHUTDOWN);
}

TEST(ConnectionTeardown, RecvDisconnectBeforeAnyNotice) {  // TEAR-18
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "unread").ok());
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.receive(kServer).error, WSAESHUTDOWN);
  EXPECT_TRUE(pair.send(kClient, "swallowed").ok());  // TEAR-23: taken, never returned
  EXPECT_TRUE(pair.send_disconnect(kClient, "bye").ok());
  pair.settle();
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "bye"}));
  EXPECT_TRUE(pair.send(kServer, "sending is not affected").ok());
}

TEST(ConnectionTeardown, RecvDisconnectWithUnreadDataDisablesReading) {  // TEAR-26
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "unread").ok());
  EXPECT_TRUE(pair.send_disconnect(kClient, "bye").ok());
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "bye"}));
  EXPECT_EQ(pair.receive(kServer).error, WSAESHUTDOWN);
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
}

TEST(ConnectionTeardown, TooSmallABufferKeepsDataAndReceiving) {  // TEAR-20
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "data").ok());
  EXPECT_TRUE(pair.send_disconnect(kClient, "four").ok());
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer, 3), (Read{WSAEFAULT, ""}));
  EXPECT_EQ(pair.receive(kServer), (Read{0, "data"}));
  EXPECT_EQ(pair.recv_disconnect(kServer, 4), (Read{0, "four"}));
}

TEST(ConnectionTeardown, SecondFetchGivesTheSame) {  // TEAR-25
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "bye").ok());
  pair.settle();
  EXPECT_EQ(pair.recv_disconnect(kServer, std::nullopt), (Read{0, ""}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "bye"}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "bye"}));
}

TEST(ConnectionTeardown, CrossingDisconnects) {  // TEAR-39
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient, "from client").ok());
  EXPECT_TRUE(pair.send_disconnect(kServer, "from server").ok());
  pair.settle();
  EXPECT_EQ(pair.caller().state(), State::kBothEnded);
  EXPECT_EQ(pair.acceptor().state(), State::kBothEnded);
  EXPECT_EQ(pair.recv_disconnect(kClient), (Read{0, "from server"}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, "from client"}));
  EXPECT_EQ(pair.caller().close_indication(), 0);
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
}

TEST(ConnectionTeardown, ShutdownReceive) {  // SHUT-01, SHUT-04
  Pair pair = connected();
  EXPECT_TRUE(pair.shutdown(kClient, ShutdownHow::kReceive).ok());
  EXPECT_TRUE(pair.shutdown(kClient, ShutdownHow::kReceive).ok());
  EXPECT_EQ(pair.receive(kClient).error, WSAESHUTDOWN);
  EXPECT_TRUE(pair.caller().receive_ready());  // a receive fails at once
  EXPECT_TRUE(pair.send(kClient, "still sent").ok());
  pair.settle();
  EXPECT_EQ(pair.receive(kServer), (Read{0, "still sent"}));
  EXPECT_EQ(pair.receive(kServer).error, WSAEWOULDBLOCK);  // EVT-19: no end for the peer
}

TEST(ConnectionTeardown, ShutdownBoth) {  // SHUT-03
  Pair pair = connected();
  EXPECT_TRUE(pair.shutdown(kClient, ShutdownHow::kBoth).ok());
  EXPECT_EQ(pair.send(kClient, "x").error(), WSAESHUTDOWN);
  EXPECT_EQ(pair.receive(kClient).error, WSAESHUTDOWN);
  EXPECT_FALSE(pair.caller().close_indication());  // EVT-25
  EXPECT_TRUE(pair.send(kServer, "to nobody").ok());
  pair.close(kServer);
  pair.settle();
  EXPECT_EQ(pair.caller().close_indication(), 0);
}

TEST(ConnectionTeardown, ShutdownHowOutOfRange) {  // SHUT-05
  Pair pair = connected();
  EXPECT_EQ(pair.shutdown(kClient, static_cast<ShutdownHow>(3)).error(), WSAEINVAL);
  EXPECT_EQ(pair.shutdown(kClient, static_cast<ShutdownHow>(-1)).error(), WSAEINVAL);
  EXPECT_TRUE(pair.send(kClient, "x").ok());
}

TEST(ConnectionTeardown, CloseEndsGracefully) {  // CLOSE-04, CLOSE-05
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "data").ok());
  pair.close(kClient);
  EXPECT_EQ(pair.caller().state(), State::kClosing);
  pair.settle();
  EXPECT_EQ(pair.receive(kServer), (Read{0, "data"}));
  EXPECT_EQ(pair.receive(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.recv_disconnect(kServer), (Read{0, ""}));
  EXPECT_TRUE(pair.send(kServer, "nobody reads this").ok());
  pair.close(kServer);
  pair.settle();
  EXPECT_EQ(pair.caller().state(), State::kClosed);
  EXPECT_FALSE(pair.caller().wants_transport_abort());
}

TEST(ConnectionTeardown, CloseGivesUpOnAPeerThatNeverEnds) {
  Pair pair = connected();
  pair.close(kClient);
  pair.settle();
  pair.advance(seconds(58));
  EXPECT_EQ(pair.caller().state(), State::kClosing);
  pair.advance(seconds(2));
  EXPECT_EQ(pair.caller().state(), State::kClosed);
  EXPECT_TRUE(pair.caller().wants_transport_abort());
  pair.settle();
  // The end that came before the reset was graceful and remains so (TEAR-31).
  EXPECT_EQ(pair.receive(kServer), (Read{0, ""}));
  EXPECT_EQ(pair.send(kServer, "x").error(), WSAECONNRESET);
}

// CLOSE-07: the linger time is over, and the peer, who has ended, does not read.
TEST(ConnectionTeardown, AbortAfterACloseGivesUpWhatIsNotWritten) {
  Pair pair = connected();
  EXPECT_TRUE(pair.send_disconnect(kClient).ok());
  pair.settle();
  pair.close(kServer);
  EXPECT_EQ(pair.acceptor().state(), State::kClosed);
  EXPECT_FALSE(pair.acceptor().wants_transport_abort());
  pair.abort(kServer);
  EXPECT_TRUE(pair.acceptor().wants_transport_abort());
}

TEST(ConnectionTeardown, CallsAfterClose) {
  Pair pair = connected();
  pair.close(kClient);
  EXPECT_EQ(pair.send(kClient, "x").error(), WSAENOTSOCK);
  EXPECT_EQ(pair.receive(kClient).error, WSAENOTSOCK);
  EXPECT_EQ(pair.send_disconnect(kClient).error(), WSAENOTSOCK);
  EXPECT_EQ(pair.recv_disconnect(kClient).error, WSAENOTSOCK);
  EXPECT_EQ(pair.request().error(), WSAENOTSOCK);
  pair.close(kClient);
  EXPECT_EQ(pair.caller().state(), State::kClosing);
}

}  // namespace
}  // namespace ws2
