#include "connection/receive_queue.hpp"

#include <gtest/gtest.h>

#include "connection/tests/recorded_unit.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

struct Read {
  int error;
  std::string text;
  friend bool operator==(const Read&, const Read&) = default;
};

Read read(ReceiveQueue& queue, std::size_t size, ReceiveMode mode = {}) {
  Bytes buffer(size);
  const Received received = queue.receive(buffer, mode);
  return {received.result.error(), text_of(ByteView(buffer).first(received.bytes))};
}

TEST(ReceiveQueueStream, JoinsAndSplits) {
  ReceiveQueue queue(false);
  EXPECT_EQ(read(queue, 4), (Read{WSAEWOULDBLOCK, ""}));
  queue.append(bytes_of("ab"), false);
  queue.append(bytes_of("cd"), false);
  EXPECT_EQ(queue.available(), 4U);
  EXPECT_EQ(read(queue, 3, {.peek = true}), (Read{0, "abc"}));
  EXPECT_EQ(read(queue, 3), (Read{0, "abc"}));
  EXPECT_EQ(read(queue, 3), (Read{0, "d"}));
  EXPECT_EQ(read(queue, 3), (Read{WSAEWOULDBLOCK, ""}));
}

// TEAR-04, TEAR-27
TEST(ReceiveQueueStream, GracefulEndFollowsTheLastOctetAndStays) {
  ReceiveQueue queue(false);
  queue.append(bytes_of("ab"), false);
  queue.end(0);
  EXPECT_FALSE(queue.reached_end());
  EXPECT_EQ(read(queue, 1), (Read{0, "a"}));
  EXPECT_FALSE(queue.reached_end());
  EXPECT_EQ(read(queue, 1), (Read{0, "b"}));
  EXPECT_EQ(queue.reached_end(), 0);
  EXPECT_EQ(read(queue, 1), (Read{0, ""}));
  EXPECT_EQ(read(queue, 1), (Read{0, ""}));
}

// Reference choice: what arrived before the reset stays readable.
TEST(ReceiveQueueStream, LossFollowsTheLastOctetToo) {
  ReceiveQueue queue(false);
  queue.append(bytes_of("a"), false);
  queue.end(WSAECONNRESET);
  EXPECT_EQ(read(queue, 9), (Read{0, "a"}));
  EXPECT_EQ(queue.reached_end(), WSAECONNRESET);
  EXPECT_EQ(read(queue, 9), (Read{WSAECONNRESET, ""}));
}

// TEAR-31
TEST(ReceiveQueueStream, TheFirstEndCounts) {
  ReceiveQueue graceful(false);
  graceful.end(0);
  graceful.end(WSAECONNRESET);
  EXPECT_EQ(graceful.reached_end(), 0);
  ReceiveQueue reset(false);
  reset.end(WSAECONNRESET);
  reset.end(0);
  EXPECT_EQ(reset.reached_end(), WSAECONNRESET);
}

TEST(ReceiveQueueStream, NothingAfterTheEnd) {
  ReceiveQueue queue(false);
  queue.end(0);
  queue.append(bytes_of("late"), false);
  EXPECT_EQ(read(queue, 9), (Read{0, ""}));
}

TEST(ReceiveQueue, TurnedOffDropsAndRefuses) {
  for (const bool messages : {false, true}) {
    ReceiveQueue queue(messages);
    queue.append(bytes_of("old"), true);
    queue.turn_off();
    queue.append(bytes_of("new"), true);
    EXPECT_EQ(queue.size(), 0U);
    EXPECT_FALSE(queue.readable());
    EXPECT_EQ(read(queue, 9), (Read{WSAESHUTDOWN, ""}));
    queue.end(0);
    EXPECT_EQ(queue.reached_end(), 0);
    EXPECT_EQ(read(queue, 9), (Read{WSAESHUTDOWN, ""}));
  }
}

TEST(ReceiveQueueMessages, KeepsBoundaries) {
  ReceiveQueue queue(true);
  queue.append(bytes_of("one"), true);
  queue.append(bytes_of("t"), false);
  EXPECT_EQ(queue.available(), 3U);
  EXPECT_EQ(queue.incomplete(), 1U);
  queue.append(bytes_of("wo"), true);
  EXPECT_EQ(read(queue, 99), (Read{0, "one"}));
  EXPECT_EQ(read(queue, 99), (Read{0, "two"}));
  EXPECT_EQ(read(queue, 99), (Read{WSAEWOULDBLOCK, ""}));
}

TEST(ReceiveQueueMessages, AnUnfinishedMessageIsNotReadable) {
  ReceiveQueue queue(true);
  queue.append(bytes_of("begun"), false);
  EXPECT_FALSE(queue.readable());
  EXPECT_EQ(read(queue, 99), (Read{WSAEWOULDBLOCK, ""}));
  queue.end(WSAECONNRESET);
  EXPECT_EQ(read(queue, 99), (Read{WSAECONNRESET, ""}));
}

// TEAR-28
TEST(ReceiveQueueMessages, AnEmptyMessageIsNotTheEnd) {
  ReceiveQueue queue(true);
  queue.append({}, true);
  queue.end(0);
  EXPECT_TRUE(queue.readable());
  EXPECT_EQ(read(queue, 9), (Read{0, ""}));
  EXPECT_EQ(read(queue, 9), (Read{WSAEDISCON, ""}));
  EXPECT_EQ(read(queue, 9), (Read{WSAEDISCON, ""}));
}

// TEAR-29
TEST(ReceiveQueueMessages, PartialReceiveEndsAsAStream) {
  ReceiveQueue queue(true);
  queue.end(0);
  EXPECT_EQ(read(queue, 9, {.partial = true}), (Read{0, ""}));
  Bytes buffer(9);
  EXPECT_TRUE(queue.receive(buffer, {.partial = true}).end_of_message);  // nothing more of it
}

TEST(ReceiveQueueMessages, TooLargeStaysWhole) {
  ReceiveQueue queue(true);
  queue.append(bytes_of("large"), true);
  EXPECT_EQ(read(queue, 3), (Read{WSAEMSGSIZE, "lar"}));
  EXPECT_EQ(read(queue, 5), (Read{0, "large"}));
}

TEST(ReceiveQueueMessages, PartialReceivesPieces) {
  ReceiveQueue queue(true);
  queue.append(bytes_of("large"), true);
  queue.append(bytes_of("next"), true);
  Bytes buffer(3);
  Received received = queue.receive(buffer, {.partial = true});
  EXPECT_FALSE(received.end_of_message);
  EXPECT_EQ(text_of(buffer), "lar");
  received = queue.receive(buffer, {.partial = true});
  EXPECT_TRUE(received.end_of_message);
  EXPECT_EQ(received.bytes, 2U);
  EXPECT_EQ(read(queue, 9), (Read{0, "next"}));
}

}  // namespace
}  // namespace ws2
