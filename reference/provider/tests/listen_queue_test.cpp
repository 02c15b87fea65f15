#include "provider/listen_queue.hpp"

#include <gtest/gtest.h>

namespace ws2 {
namespace {

// CONN-01, CONN-02: every number is taken, and made to fit.
TEST(Backlog, IsClamped) {
  EXPECT_EQ(ListenQueue::clamp_backlog(0), 1u);
  EXPECT_EQ(ListenQueue::clamp_backlog(5), 5u);
  EXPECT_EQ(ListenQueue::clamp_backlog(1 << 20), ListenQueue::kMostBacklog);
  EXPECT_EQ(ListenQueue::clamp_backlog(0x7fffffff), ListenQueue::kDefaultBacklog);
  EXPECT_EQ(ListenQueue::clamp_backlog(-300), 300u);
  EXPECT_EQ(ListenQueue::clamp_backlog(-0x7fffffff - 1), ListenQueue::kMostBacklog);
}

}  // namespace
}  // namespace ws2
