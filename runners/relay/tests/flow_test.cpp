#include "runners/relay/flow.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ws2conform::relay {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using Kind = Item::Kind;

class FlowTest : public testing::Test {
 protected:
  // What the receiver is given when it takes everything at `now`: octets as they are, "." for the
  // connection's beginning, "F" for a FIN, "R" for a reset, a blank between items.
  std::string taken(Flow& flow) {
    std::string text;
    while (const Item* item = flow.ready(now_)) {
      if (!text.empty()) text += ' ';
      switch (item->kind) {
        case Kind::kOpen:
          text += ".";
          break;
        case Kind::kOctets:
          text += item->octets;
          break;
        case Kind::kFin:
          text += "F";
          break;
        case Kind::kReset:
          text += "R";
          break;
      }
      flow.took(item->octets.size());
    }
    return text;
  }
  void pass(microseconds time) { now_ += time; }

  static Treatment split(std::size_t octets) { return {Treatment::Kind::kSplit, octets}; }
  static Treatment coalesce(std::size_t octets) { return {Treatment::Kind::kCoalesce, octets}; }
  static Treatment delay(microseconds least, microseconds most) {
    return {Treatment::Kind::kDelay, 0, least, most};
  }
  static Treatment hold() { return {Treatment::Kind::kHold}; }
  static Treatment cut(std::size_t octets, Treatment::End end) {
    return {Treatment::Kind::kCut, octets, {}, {}, end};
  }

  Clock::time_point now_{std::chrono::hours(1)};
  Cable cable_;
  Flow flow_{cable_};
};

TEST_F(FlowTest, PassesOnAtOnceWhatComes) {
  flow_.open(now_);
  flow_.octets(now_, "one");
  flow_.octets(now_, "two");
  EXPECT_EQ(flow_.queued(), 6U);
  flow_.fin(now_);
  EXPECT_EQ(taken(flow_), ". one two F");
  EXPECT_EQ(flow_.queued(), 0U);
  EXPECT_FALSE(flow_.next(now_));
}

TEST_F(FlowTest, AReceiverMayTakeAPart) {
  flow_.octets(now_, "abcdef");
  flow_.took(2);
  EXPECT_EQ(flow_.queued(), 4U);
  EXPECT_EQ(taken(flow_), "cdef");
}

TEST_F(FlowTest, AResetComesAfterWhatCameBeforeIt) {
  flow_.octets(now_, "ab");
  flow_.reset(now_);
  EXPECT_EQ(taken(flow_), "ab R");
}

TEST_F(FlowTest, AResetMayFollowAFin) {
  flow_.fin(now_);
  flow_.reset(now_);
  EXPECT_EQ(taken(flow_), "F R");
}

TEST_F(FlowTest, AResetThatIsDueNeedNotWaitForTheReceiver) {
  flow_.treat(now_, delay(milliseconds(5), milliseconds(5)));
  flow_.octets(now_, "ab");
  flow_.reset(now_);
  EXPECT_FALSE(flow_.reset_is_due(now_));
  pass(milliseconds(5));
  EXPECT_TRUE(flow_.reset_is_due(now_));
}

TEST_F(FlowTest, SplitsIntoPiecesThatComeOneByOne) {
  flow_.treat(now_, split(2));
  flow_.octets(now_, "abcde");
  flow_.fin(now_);
  EXPECT_EQ(taken(flow_), "ab");
  EXPECT_EQ(flow_.next(now_), now_ + kBetweenPieces);
  pass(kBetweenPieces);
  EXPECT_EQ(taken(flow_), "cd");
  pass(kBetweenPieces);
  EXPECT_EQ(taken(flow_), "e F");
}

TEST_F(FlowTest, CoalescesUntilThereIsEnough) {
  flow_.treat(now_, coalesce(4));
  flow_.octets(now_, "a");
  flow_.octets(now_, "bc");
  EXPECT_EQ(taken(flow_), "");
  EXPECT_EQ(flow_.queued(), 3U);
  flow_.octets(now_, "de");
  EXPECT_EQ(taken(flow_), "abcde");
}

TEST_F(FlowTest, CoalescesNoLongerThanUntilTheEnd) {
  flow_.treat(now_, coalesce(100));
  flow_.octets(now_, "a");
  flow_.octets(now_, "b");
  flow_.fin(now_);
  EXPECT_EQ(taken(flow_), "ab F");
  Flow other(cable_);
  other.treat(now_, coalesce(100));
  other.octets(now_, "a");
  other.reset(now_);
  EXPECT_EQ(taken(other), "a R");
}

TEST_F(FlowTest, DelaysWithinItsBounds) {
  flow_.treat(now_, delay(milliseconds(2), milliseconds(4)));
  for (int i = 0; i < 100; ++i) {
    flow_.octets(now_, "x");
    const auto next = flow_.next(now_);
    ASSERT_TRUE(next);
    EXPECT_GE(*next, now_ + milliseconds(2));
    EXPECT_LE(*next, now_ + milliseconds(4));
    EXPECT_EQ(taken(flow_), "");
    pass(milliseconds(4));
    EXPECT_EQ(taken(flow_), "x");
  }
}

TEST_F(FlowTest, NothingOvertakes) {
  Flow other(cable_);
  for (Flow* flow : {&flow_, &other}) flow->treat(now_, delay({}, milliseconds(9)));
  // What is sent on the one and then on the other arrives in that order, whatever was drawn.
  for (int i = 0; i < 200; ++i) {
    flow_.octets(now_, "first");
    other.octets(now_, "then");
    while (!other.ready(now_)) {
      const auto next = other.next(now_);
      ASSERT_TRUE(next);
      now_ = *next;
    }
    ASSERT_EQ(taken(flow_), "first");
    ASSERT_EQ(taken(other), "then");
  }
}

TEST_F(FlowTest, DelaysAreThoseOfTheSeed) {
  const auto dues = [](std::uint64_t seed) {
    Cable cable;
    cable.random.seed(seed);
    std::vector<Clock::duration> found;
    Clock::time_point now{std::chrono::hours(1)};
    for (int i = 0; i < 20; ++i) {
      Flow flow(cable);
      flow.treat(now, delay({}, milliseconds(50)));
      flow.fin(now);
      const auto due = flow.next(now).value_or(now);
      found.push_back(due - now);
      now = due;
    }
    return found;
  };
  EXPECT_EQ(dues(7), dues(7));
  EXPECT_NE(dues(7), dues(8));
}

TEST_F(FlowTest, HoldsEverythingUntilReleased) {
  flow_.octets(now_, "early");
  EXPECT_EQ(taken(flow_), "early");
  flow_.treat(now_, hold());
  EXPECT_FALSE(flow_.hold_reached()) << "there is nothing yet";
  flow_.octets(now_, "late");
  flow_.fin(now_);
  flow_.reset(now_);
  EXPECT_TRUE(flow_.hold_reached());
  pass(std::chrono::hours(1));
  EXPECT_EQ(taken(flow_), "");
  EXPECT_FALSE(flow_.next(now_));
  EXPECT_FALSE(flow_.reset_is_due(now_));
  flow_.release();
  EXPECT_EQ(taken(flow_), "late F R");
}

TEST_F(FlowTest, CutsAfterSoManyOctetsByAReset) {
  flow_.octets(now_, "before");
  flow_.treat(now_, cut(4, Treatment::End::kReset));
  flow_.octets(now_, "abc");
  EXPECT_FALSE(flow_.cut_reached());
  flow_.octets(now_, "defg");
  EXPECT_TRUE(flow_.cut_reached());
  flow_.octets(now_, "more");
  flow_.fin(now_);
  EXPECT_EQ(taken(flow_), "before abc d R");
}

TEST_F(FlowTest, CutsByAFin) {
  flow_.treat(now_, cut(2, Treatment::End::kFin));
  flow_.octets(now_, "abc");
  flow_.octets(now_, "d");
  flow_.fin(now_);
  EXPECT_EQ(taken(flow_), "ab F");
  flow_.reset(now_);
  EXPECT_EQ(taken(flow_), "R") << "the sender's own reset is not lost";
}

TEST_F(FlowTest, CutsBySilence) {
  flow_.treat(now_, cut(2, Treatment::End::kSilence));
  flow_.octets(now_, "abc");
  flow_.fin(now_);
  EXPECT_TRUE(flow_.is_silent());
  EXPECT_EQ(taken(flow_), "ab");
}

TEST_F(FlowTest, CutsAtOnceWhereNoOctetIsLeft) {
  flow_.treat(now_, cut(0, Treatment::End::kReset));
  EXPECT_TRUE(flow_.cut_reached());
  EXPECT_EQ(taken(flow_), "R");
}

TEST_F(FlowTest, ACutThatTheSendersEndForestallsIsNotReached) {
  flow_.treat(now_, cut(3, Treatment::End::kReset));
  flow_.octets(now_, "ab");
  flow_.fin(now_);
  EXPECT_FALSE(flow_.cut_reached());
  EXPECT_EQ(taken(flow_), "ab F");
}

TEST_F(FlowTest, ACutCountsWhatTheSenderGave) {
  flow_.treat(now_, cut(3, Treatment::End::kFin));
  flow_.treat(now_, coalesce(100));
  flow_.treat(now_, split(2));
  flow_.octets(now_, "abcd");
  pass(kBetweenPieces);
  EXPECT_EQ(taken(flow_), "ab c F");
}

}  // namespace
}  // namespace ws2conform::relay
