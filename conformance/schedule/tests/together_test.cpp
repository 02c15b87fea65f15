#include "conformance/schedule/together.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "conformance/schedule/tests/steps.hpp"

namespace ws2conform::together_test {
namespace {

using namespace testing_steps;

using Orders = std::vector<std::string>;

Orders together(const std::vector<Step>& steps) {
  Orders found;
  for (const Schedule& schedule : schedules_together(Plan(steps), steps)) {
    found.push_back(to_string(schedule, steps));
  }
  return found;
}

TEST(Together, TwoCallsThatNothingOrders) {
  EXPECT_EQ(together({step("1", "a", "send"), step("2", "b", "send")}), Orders{"1+2"});
}

TEST(Together, NotWhatAnActorDoesOneAfterTheOther) {
  EXPECT_TRUE(together({step("1", "a", "send"), step("2", "a", "send")}).empty());
}

TEST(Together, WhatAnActorDoesInTwoLanes) {
  std::vector<Step> steps = {step("1", "a", "send"), step("2", "a", "send"),
                             step("3", "a", "send")};
  steps[1].lane = 2;
  EXPECT_EQ(together(steps), (Orders{"1+2 3", "1 2+3"}));
}

TEST(Together, NotWhatComesAfterTheOther) {
  EXPECT_TRUE(together({step("1", "a", "send"), step("2", "b", "send", {"1"})}).empty());
}

TEST(Together, EachPairOnce) {
  EXPECT_EQ(together({step("1", "a", "send"), step("2", "b", "send"), step("3", "c", "send")}),
            (Orders{"1+2 3", "1+3 2", "2+3 1"}));
}

TEST(Together, AWaitOnceItsCauseHasHappened) {
  EXPECT_EQ(
      together({step("1", "a", "send"), step("2", "b", "recv", {"1"}), step("3", "a", "send")}),
      Orders{"1 2+3"});
}

TEST(Together, NeitherArithmeticNorDecisionsNorTheEndOfAProcess) {
  EXPECT_TRUE(
      together({step("1", "a", "vanish"), step("2", "b", "compute"), step("3", "c", "vanish")})
          .empty());
}

TEST(Together, OfASampleItIsAQuarterAtMost) {
  std::vector<Step> steps;
  for (int i = 0; i < 12; ++i) {
    steps.push_back(step(std::to_string(i), "actor" + std::to_string(i % 3), "send"));
  }
  const ScheduleList list = schedules(steps, 40, 1);
  EXPECT_TRUE(list.sampled);
  EXPECT_EQ(list.together, 48U) << "three pairs of actors with four calls each";
  EXPECT_EQ(list.schedules.size(), 40U);
  EXPECT_EQ(std::count_if(list.schedules.begin(), list.schedules.end(),
                          [&](const Schedule& schedule) {
                            return to_string(schedule, steps).find('+') != std::string::npos;
                          }),
            10);
}

// One sequence, and two pairs: what the orders leave room for is not a quarter.
TEST(Together, TakesWhatTheOrdersLeaveOfASample) {
  const std::vector<Step> steps = {step("1", "a", "send"), step("2", "b", "send"),
                                   step("3", "c", "send")};
  const ScheduleList list = schedules(steps, 8, 1);
  EXPECT_EQ(list.possible, 9U);
  std::set<std::string> found;
  for (const Schedule& schedule : list.schedules) found.insert(to_string(schedule, steps));
  EXPECT_EQ(found.size(), 8U);
}

}  // namespace
}  // namespace ws2conform::together_test
