#include "connection/byte_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace ws2 {
namespace {

TEST(ByteQueue, GivesBackInOrder) {
  ByteQueue queue;
  EXPECT_TRUE(queue.empty());
  queue.append(Bytes{1, 2, 3});
  queue.append(4);
  queue.consume(2);
  ASSERT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.front()[0], 3);
  EXPECT_EQ(queue.front()[1], 4);
  queue.consume(2);
  EXPECT_TRUE(queue.empty());
}

// Against a plain deque, through growth, reclaiming and complete drains.
TEST(ByteQueue, BehavesAsADeque) {
  ByteQueue queue;
  std::deque<std::uint8_t> expected;
  std::uint32_t random = 1;
  std::uint8_t next = 0;
  for (int step = 0; step < 5000; ++step) {
    random = random * 1664525 + 1013904223;
    const std::size_t count = random >> 16 & 0x7f;
    if ((random & 0x80000000U) != 0) {
      Bytes more;
      for (std::size_t i = 0; i < count; ++i) more.push_back(next++);
      queue.append(more);
      expected.insert(expected.end(), more.begin(), more.end());
    } else {
      const std::size_t less = std::min(count, queue.size());
      queue.consume(less);
      expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(less));
    }
    ASSERT_TRUE(
        std::equal(queue.front().begin(), queue.front().end(), expected.begin(), expected.end()));
  }
}

TEST(ByteQueue, ClearForgetsEverything) {
  ByteQueue queue;
  queue.append(Bytes{1, 2, 3});
  queue.consume(1);
  queue.clear();
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_TRUE(queue.front().empty());
}

}  // namespace
}  // namespace ws2
