#include "wire/link.hpp"

#include <gtest/gtest.h>

#include "wire/tests/link_pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

using Read = LinkPair::Read;

// One octet at a time is the hardest a transport can do; all at once the easiest.
class LinkInPieces : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Pieces, LinkInPieces, testing::Values(1, 7, 100000));

TEST_P(LinkInPieces, SeedExchange) {
  LinkPair pair(LinkPair::stream(), GetParam());
  pair.establish("hi", "welcome");
  EXPECT_EQ(text_of(pair.acceptor().connection().caller_data()), "hi");
  EXPECT_EQ(pair.caller().connection().connect_outcome(), 0);
  EXPECT_EQ(text_of(pair.caller().connection().callee_data()), "welcome");
  EXPECT_EQ(pair.caller().send(bytes_of("transactions")).bytes, 12U);
  EXPECT_TRUE(pair.caller().send_disconnect(bytes_of("3")).ok());
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "transactions"}));
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, ""}));
  EXPECT_EQ(LinkPair::recv_disconnect(pair.acceptor()), (Read{0, "3"}));
  EXPECT_TRUE(pair.acceptor().send_disconnect(bytes_of("45")).ok());
  pair.acceptor().close(kNow);
  EXPECT_FALSE(pair.acceptor().flushed());
  pair.run();
  EXPECT_TRUE(pair.acceptor().flushed());
  EXPECT_TRUE(pair.descriptor_closed(pair.acceptor()));
  EXPECT_EQ(LinkPair::recv_disconnect(pair.caller()), (Read{0, "45"}));
  EXPECT_FALSE(pair.descriptor_closed(pair.caller()));
  pair.caller().close(kNow);
  pair.run();
  EXPECT_TRUE(pair.descriptor_closed(pair.caller()));
}

TEST_P(LinkInPieces, BareTcp) {
  LinkPair pair(LinkPair::tcp(), GetParam());
  EXPECT_TRUE(pair.caller().request({}, 512, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  EXPECT_EQ(pair.caller().connection().connect_outcome(), 0);  // before any verdict (ACC-42)
  EXPECT_TRUE(pair.caller().connection().callee_data().empty());
  pair.acceptor().on_transport_connected(kNow);
  EXPECT_EQ(pair.acceptor().connection().state(), State::kOffered);
  EXPECT_EQ(pair.caller().send(bytes_of("early")).bytes, 5U);
  EXPECT_FALSE(pair.acceptor().wants_input());
  pair.run();
  EXPECT_TRUE(pair.acceptor().accept({}, {}).ok());
  EXPECT_TRUE(pair.caller().shutdown(ShutdownHow::kSend).ok());
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "early"}));
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, ""}));
  EXPECT_EQ(pair.acceptor().send(bytes_of("reply")).bytes, 5U);
  pair.acceptor().close(kNow);
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.caller()), (Read{0, "reply"}));
  EXPECT_EQ(LinkPair::receive(pair.caller()), (Read{0, ""}));
}

TEST_P(LinkInPieces, Messages) {
  LinkPair pair(LinkPair::message(), GetParam());
  pair.establish();
  EXPECT_EQ(pair.caller().send(bytes_of("one")).bytes, 3U);
  EXPECT_TRUE(pair.caller().send({}).result.ok());
  pair.caller().close(kNow);
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "one"}));
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, ""}));
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{WSAEDISCON, ""}));
}

TEST(Link, NothingIsWrittenBeforeTheTransportIsThere) {
  LinkPair pair(LinkPair::stream());
  EXPECT_TRUE(pair.caller().request(bytes_of("hi"), 512, {}, kNow).ok());
  EXPECT_TRUE(pair.caller().output().empty());
  EXPECT_FALSE(pair.caller().wants_input());
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kNone);
  pair.caller().on_transport_connected(kNow);
  EXPECT_FALSE(pair.caller().output().empty());
  EXPECT_TRUE(pair.caller().wants_input());
}

TEST(Link, RejectIsReadBeforeTheDescriptorGoes) {
  LinkPair pair(LinkPair::stream());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  pair.acceptor().on_transport_connected(kNow);
  pair.run();
  EXPECT_TRUE(pair.acceptor().reject(RejectReason::kRefused, kNow).ok());
  EXPECT_TRUE(pair.acceptor().deadline());
  pair.acceptor().on_written(pair.acceptor().output().size());
  EXPECT_EQ(pair.acceptor().transport_step(), TransportStep::kHalfClose);
  pair.acceptor().on_half_closed();
  EXPECT_EQ(pair.acceptor().transport_step(), TransportStep::kNone);
  EXPECT_TRUE(pair.acceptor().wants_input());
  pair.acceptor().on_bytes(bytes_of("whatever"), kNow);
  pair.acceptor().on_transport_end(kNow);
  EXPECT_EQ(pair.acceptor().transport_step(), TransportStep::kClose);
  EXPECT_FALSE(pair.acceptor().deadline());
}

TEST(Link, RejectThatNobodyReadsIsGivenUp) {
  LinkPair pair(LinkPair::stream());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  pair.acceptor().on_transport_connected(kNow);
  pair.run();
  EXPECT_TRUE(pair.acceptor().reject(RejectReason::kQueueFull, kNow).ok());
  pair.acceptor().on_time(*pair.acceptor().deadline());
  EXPECT_EQ(pair.acceptor().transport_step(), TransportStep::kAbort);
}

TEST(Link, RejectReachesTheCaller) {
  LinkPair pair(LinkPair::stream());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  pair.acceptor().on_transport_connected(kNow);
  pair.run();
  EXPECT_TRUE(pair.acceptor().reject(RejectReason::kRefused, kNow).ok());
  pair.run();
  EXPECT_EQ(pair.caller().connection().connect_outcome(), WSAECONNREFUSED);
  EXPECT_TRUE(pair.descriptor_closed(pair.caller()));
  EXPECT_TRUE(pair.descriptor_closed(pair.acceptor()));
}

TEST(Link, RejectOnBareTcpResetsAnEstablishedConnection) {  // ACC-42
  LinkPair pair(LinkPair::tcp());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  pair.acceptor().on_transport_connected(kNow);
  EXPECT_TRUE(pair.acceptor().reject(RejectReason::kRefused, kNow).ok());
  pair.run();
  EXPECT_EQ(pair.caller().connection().connect_outcome(), 0);
  EXPECT_EQ(LinkPair::receive(pair.caller()), (Read{WSAECONNRESET, ""}));
}

TEST(Link, OutputHasALimit) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  pair.caller().set_output_limit(10);
  EXPECT_TRUE(pair.caller().writable());
  EXPECT_EQ(pair.caller().send(Bytes(30, 'x')).bytes, 10U);
  EXPECT_FALSE(pair.caller().writable());
  EXPECT_EQ(pair.caller().send(Bytes(1, 'x')).result.error(), WSAEWOULDBLOCK);
  EXPECT_TRUE(pair.caller().send({}).result.ok());
  EXPECT_TRUE(pair.caller().send_disconnect({}).ok());  // never blocks (TEAR-08)
  EXPECT_EQ(pair.caller().send(Bytes(1, 'x')).result.error(), WSAESHUTDOWN);
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()).text.size(), 10U);
}

TEST(Link, AMessageIsTakenWholeOrNotAtAll) {
  LinkPair pair(LinkPair::message());
  pair.establish();
  pair.caller().set_output_limit(10);
  EXPECT_EQ(pair.caller().send(Bytes(30, 'x')).bytes, 30U);
  const Link::Sent sent = pair.caller().send(Bytes(1, 'x'));
  EXPECT_EQ(sent.result.error(), WSAEWOULDBLOCK);
  EXPECT_EQ(sent.bytes, 0U);
}

TEST(Link, AMessageBeyondTheLimitIsNotTaken) {
  LinkPair pair(LinkPair::message());
  pair.establish();
  EXPECT_EQ(pair.caller().send(Bytes(65537, 'x')).result.error(), WSAEMSGSIZE);
  EXPECT_TRUE(pair.caller().flushed());
  EXPECT_EQ(pair.caller().send(Bytes(65536, 'x')).bytes, 65536U);
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor(), 65536).text.size(), 65536U);
}

// They take no room among the octets, but each has its place in the queue.
TEST(Link, AFloodOfEmptyMessagesIsHeldBack) {
  LinkPair pair(LinkPair::message(), 64);
  pair.establish();
  for (int i = 0; i < 100'000 && pair.acceptor().wants_input(); ++i) {
    EXPECT_TRUE(pair.caller().send({}).result.ok());
    pair.carry(pair.caller());
  }
  EXPECT_FALSE(pair.acceptor().wants_input());
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, ""}));
  EXPECT_TRUE(pair.acceptor().wants_input());
}

TEST(Link, UnreadDataHoldsThePeerBack) {
  LinkPair pair(LinkPair::stream(), 8);
  pair.establish();
  pair.acceptor().set_unread_limit(16);
  EXPECT_EQ(pair.caller().send(Bytes(100, 'x')).bytes, 100U);
  EXPECT_TRUE(pair.caller().send_disconnect(bytes_of("bye")).ok());
  pair.run();
  EXPECT_LT(pair.acceptor().connection().available(), 30U);
  EXPECT_FALSE(pair.acceptor().connection().close_indication());
  std::size_t total = 0;
  for (;;) {
    const Read read = LinkPair::receive(pair.acceptor());
    ASSERT_EQ(read.error, 0);
    if (read.text.empty()) break;
    total += read.text.size();
    pair.run();
  }
  EXPECT_EQ(total, 100U);
  EXPECT_EQ(LinkPair::recv_disconnect(pair.acceptor()), (Read{0, "bye"}));
}

TEST(Link, MalformedOctetsAbortThatConnection) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  pair.acceptor().on_bytes(bytes_of("nonsense"), kNow);
  EXPECT_EQ(pair.acceptor().malformed(), Malformed::kUnknownFrame);
  EXPECT_EQ(pair.acceptor().transport_step(), TransportStep::kAbort);
  EXPECT_TRUE(pair.acceptor().output().empty());
  EXPECT_FALSE(pair.acceptor().wants_input());
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{WSAECONNABORTED, ""}));
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.caller()), (Read{WSAECONNRESET, ""}));
}

TEST(Link, NothingIsHeardAfterAViolation) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  // A second request, and behind it in the same piece what would have been data.
  ByteQueue octets;
  const auto codec = LinkPair::stream().codec();
  codec->encode(RequestUnit{}, octets);
  codec->encode(DataUnit{bytes_of("data"), false}, octets);
  pair.acceptor().on_bytes(octets.front(), kNow);
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{WSAECONNABORTED, ""}));
}

TEST(Link, EndInsideAFrameIsALoss) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  ByteQueue octets;
  LinkPair::stream().codec()->encode(DisconnectUnit{bytes_of("bye")}, octets);
  pair.acceptor().on_bytes(octets.front().first(octets.size() - 1), kNow);
  pair.acceptor().on_transport_end(kNow);
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{WSAECONNRESET, ""}));
  EXPECT_EQ(LinkPair::recv_disconnect(pair.acceptor()), (Read{0, ""}));
}

TEST(Link, DataOfAnUnfinishedFrameIsReadable) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  ByteQueue octets;
  LinkPair::stream().codec()->encode(DataUnit{bytes_of("data"), false}, octets);
  pair.acceptor().on_bytes(octets.front().first(octets.size() - 1), kNow);
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "dat"}));
}

TEST(Link, LostTransportTakesTheOutputWithIt) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  EXPECT_EQ(pair.caller().send(bytes_of("lost")).bytes, 4U);
  pair.caller().on_transport_reset();
  EXPECT_TRUE(pair.caller().output().empty());
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kClose);
  EXPECT_EQ(pair.caller().send(bytes_of("x")).result.error(), WSAECONNRESET);
  EXPECT_TRUE(pair.caller().writable());  // it would not block
}

TEST(Link, AfterBothEndsALostTransportChangesNothingElse) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  EXPECT_TRUE(pair.caller().send_disconnect(bytes_of("3")).ok());
  EXPECT_TRUE(pair.acceptor().send_disconnect(bytes_of("45")).ok());
  pair.run();
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kNone);
  pair.caller().on_transport_reset();
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kClose);
  EXPECT_EQ(LinkPair::receive(pair.caller()), (Read{0, ""}));
  EXPECT_EQ(LinkPair::recv_disconnect(pair.caller()), (Read{0, "45"}));
}

TEST(Link, FlushedWithoutAnEnd) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  EXPECT_TRUE(pair.caller().flushed());
  EXPECT_EQ(pair.caller().send(bytes_of("x")).bytes, 1U);
  EXPECT_FALSE(pair.caller().flushed());
  pair.run();
  EXPECT_TRUE(pair.caller().flushed());
}

TEST(Link, TransportFailureWhileRequesting) {
  LinkPair pair(LinkPair::stream());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_failure(WSAEHOSTUNREACH);
  EXPECT_EQ(pair.caller().connection().connect_outcome(), WSAEHOSTUNREACH);
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kClose);
  EXPECT_FALSE(pair.caller().deadline());
}

TEST(Link, BackgroundCloseWaitsForThePeerAndGivesUp) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  EXPECT_EQ(pair.caller().send(bytes_of("data")).bytes, 4U);
  pair.caller().close(kNow);
  pair.run();
  EXPECT_TRUE(pair.caller().flushed());
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kNone);
  ASSERT_TRUE(pair.caller().deadline());
  pair.caller().on_time(*pair.caller().deadline());
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kAbort);
  EXPECT_FALSE(pair.caller().deadline());
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "data"}));
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, ""}));
}

TEST(Link, CloseWithUnreadDataResetsNobody) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  EXPECT_EQ(pair.acceptor().send(bytes_of("never read")).bytes, 10U);
  pair.run();
  EXPECT_TRUE(pair.caller().send_disconnect(bytes_of("3")).ok());
  pair.caller().close(kNow);
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, ""}));
  EXPECT_EQ(LinkPair::recv_disconnect(pair.acceptor()), (Read{0, "3"}));
  EXPECT_EQ(pair.acceptor().send(bytes_of("still taken")).bytes, 11U);
  pair.acceptor().close(kNow);
  pair.run();
  EXPECT_TRUE(pair.descriptor_closed(pair.caller()));
  EXPECT_TRUE(pair.descriptor_closed(pair.acceptor()));
}

TEST(Link, HardCloseDropsWhatWasNotSent) {  // CLOSE-06
  LinkPair pair(LinkPair::stream());
  pair.establish();
  EXPECT_EQ(pair.caller().send(bytes_of("lost")).bytes, 4U);
  pair.caller().abort();
  EXPECT_TRUE(pair.caller().output().empty());
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{WSAECONNRESET, ""}));
}

TEST(Link, WithdrawnRequest) {
  LinkPair pair(LinkPair::stream());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  pair.acceptor().on_transport_connected(kNow);
  pair.run();
  pair.caller().close(kNow);
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kAbort);
  pair.run();
  EXPECT_EQ(pair.acceptor().connection().state(), State::kRefused);
  EXPECT_EQ(pair.acceptor().accept({}, {}).error(), WSAECONNRESET);
}

TEST(Link, UnusedCallerSimplyCloses) {
  LinkPair pair(LinkPair::stream());
  pair.caller().close(kNow);
  EXPECT_EQ(pair.caller().transport_step(), TransportStep::kClose);
  LinkPair hard(LinkPair::stream());
  hard.caller().abort();
  EXPECT_EQ(hard.caller().transport_step(), TransportStep::kClose);
}

}  // namespace
}  // namespace ws2
