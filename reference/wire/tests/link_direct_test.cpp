// Octets that do not pass through the link: lent by the sender, read directly by the receiver.

#include <gtest/gtest.h>

#include "wire/link.hpp"
#include "wire/tests/link_pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

using Read = LinkPair::Read;

Bytes written(const Link& link) {
  const ByteView first = link.output();
  const ByteView second = link.lent_output();
  Bytes all(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

TEST(LentOutput, FollowsItsHeadAndIsNotCopied) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  const Bytes data = bytes_of("lent octets");
  EXPECT_EQ(pair.caller().lend(data).bytes, data.size());
  EXPECT_EQ(pair.caller().lent_output().data(), data.data());
  EXPECT_FALSE(pair.caller().flushed());
  const Bytes octets = written(pair.caller());
  EXPECT_EQ(octets.size(), Codec::kHeadSize + data.size());
  pair.caller().on_written(octets.size());
  EXPECT_TRUE(pair.caller().flushed());
  pair.acceptor().on_bytes(octets, kNow);
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "lent octets"}));
}

TEST(LentOutput, IsKeptWhereverItWasInterrupted) {
  const Bytes data = bytes_of("lent octets");
  for (std::size_t done = 0; done <= Codec::kHeadSize + data.size(); ++done) {
    LinkPair pair(LinkPair::message());
    pair.establish();
    EXPECT_TRUE(pair.caller().lend(data).result.ok());
    const Bytes octets = written(pair.caller());
    pair.acceptor().on_bytes(ByteView(octets).first(done), kNow);
    pair.caller().on_written(done);
    pair.caller().keep_lent();
    EXPECT_TRUE(pair.caller().lent_output().empty());
    pair.run();
    EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "lent octets"})) << done;
  }
}

TEST(LentOutput, KeepsItsPlaceBeforeWhatFollows) {
  LinkPair pair(LinkPair::stream());
  pair.establish();
  EXPECT_EQ(pair.caller().send(bytes_of("one ")).bytes, 4U);
  const Bytes data = bytes_of("two ");
  EXPECT_EQ(pair.caller().lend(data).bytes, 4U);
  EXPECT_EQ(pair.caller().send(bytes_of("three")).bytes, 5U);
  EXPECT_TRUE(pair.caller().send_disconnect(bytes_of("end")).ok());
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "one two three"}));
  EXPECT_EQ(LinkPair::recv_disconnect(pair.acceptor()), (Read{0, "end"}));
}

TEST(LentOutput, IsGoneWithTheTransport) {
  LinkPair pair(LinkPair::tcp());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  const Bytes data = bytes_of("lost");
  EXPECT_TRUE(pair.caller().lend(data).result.ok());
  EXPECT_EQ(written(pair.caller()), data);
  pair.caller().on_transport_reset();
  EXPECT_TRUE(written(pair.caller()).empty());
}

/// A pair, and a frame of the caller whose head alone has arrived.
class DirectInput : public testing::Test {
 protected:
  static void begin(LinkPair& pair, std::string_view text) {
    pair.establish();
    EXPECT_TRUE(pair.acceptor().awaits_head());
    EXPECT_TRUE(pair.caller().send(bytes_of(text)).result.ok());
    const Bytes octets = written(pair.caller());
    pair.acceptor().on_bytes(ByteView(octets).first(Codec::kHeadSize), kNow);
    pair.caller().on_written(Codec::kHeadSize);
    EXPECT_FALSE(pair.acceptor().awaits_head());
    EXPECT_EQ(pair.acceptor().body_rest(), text.size());
  }
};

TEST_F(DirectInput, OfAStreamGoesAsFarAsThereIsRoom) {
  LinkPair pair(LinkPair::stream());
  begin(pair, "directly");
  EXPECT_EQ(pair.acceptor().direct_input(100), 8U);
  EXPECT_EQ(pair.acceptor().direct_input(3), 3U);
  pair.acceptor().on_direct_input(3);
  pair.caller().on_written(3);
  EXPECT_EQ(pair.acceptor().direct_input(100), 5U);
  // What follows may come by the queue.
  pair.run();
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "ectly"}));
  EXPECT_TRUE(pair.acceptor().awaits_head());
}

TEST_F(DirectInput, OfMessagesIsAWholeMessage) {
  LinkPair pair(LinkPair::message());
  begin(pair, "directly");
  EXPECT_EQ(pair.acceptor().direct_input(7), 0U);
  EXPECT_EQ(pair.acceptor().direct_input(8), 8U);
  pair.acceptor().on_bytes(bytes_of("d"), kNow);
  EXPECT_EQ(pair.acceptor().direct_input(8), 0U);
  EXPECT_EQ(pair.acceptor().body_rest(), 7U);
}

TEST_F(DirectInput, IsNotBeforeWhatIsUnreadOrUnwanted) {
  LinkPair pair(LinkPair::stream());
  begin(pair, "directly");
  pair.acceptor().on_bytes(bytes_of("d"), kNow);
  EXPECT_EQ(pair.acceptor().direct_input(100), 0U);
  EXPECT_EQ(LinkPair::receive(pair.acceptor()), (Read{0, "d"}));
  EXPECT_EQ(pair.acceptor().direct_input(100), 7U);
  EXPECT_TRUE(pair.acceptor().shutdown(ShutdownHow::kReceive).ok());
  EXPECT_EQ(pair.acceptor().direct_input(100), 0U);
}

TEST_F(DirectInput, IsNoPartOfAMessageInPieces) {
  LinkPair pair(LinkPair::message());
  pair.establish();
  EXPECT_TRUE(pair.caller().send(bytes_of("one "), false).result.ok());
  pair.run();
  EXPECT_TRUE(pair.caller().send(bytes_of("two"), true).result.ok());
  const Bytes octets = written(pair.caller());
  pair.acceptor().on_bytes(ByteView(octets).first(Codec::kHeadSize), kNow);
  EXPECT_EQ(pair.acceptor().direct_input(100), 0U);
}

TEST_F(DirectInput, OnBareTcpIsEverything) {
  LinkPair pair(LinkPair::tcp());
  EXPECT_TRUE(pair.caller().request({}, {}, {}, kNow).ok());
  pair.caller().on_transport_connected(kNow);
  EXPECT_EQ(pair.caller().direct_input(100), 100U);
  EXPECT_FALSE(pair.caller().awaits_head());
}

}  // namespace
}  // namespace ws2
