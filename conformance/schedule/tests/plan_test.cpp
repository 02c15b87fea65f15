#include "conformance/schedule/plan.hpp"

#include <gtest/gtest.h>

#include "conformance/schedule/tests/brute_force.hpp"
#include "conformance/schedule/tests/steps.hpp"

namespace ws2conform::plan_test {
namespace {

using namespace testing_steps;

std::vector<std::string> orders(const std::vector<Step>& steps) {
  std::vector<std::string> found;
  for (const Schedule& schedule : schedules(steps, 10000, 0).schedules) {
    const std::string order = to_string(schedule, steps);
    if (order.find('+') == std::string::npos) found.push_back(order);
  }
  return found;
}

using Orders = std::vector<std::string>;

TEST(Plan, StepsOfOneActorHaveOneOrder) {
  EXPECT_EQ(
      orders({step("1", "a", "socket"), step("2", "a", "bind"), step("3", "a", "closesocket")}),
      Orders{"1 2 3"});
}

TEST(Plan, StepsOfTwoActorsAreOrderedBothWays) {
  EXPECT_EQ(orders({step("1", "a", "socket"), step("2", "b", "socket")}), (Orders{"1 2", "2 1"}));
}

TEST(Plan, AfterHoldsACallBack) {
  EXPECT_EQ(orders({step("1", "a", "socket"), step("2", "b", "socket", {"1"})}), Orders{"1 2"});
}

TEST(Plan, AWaitIsBegunLateAndEarly) {
  EXPECT_EQ(orders({step("1", "a", "send"), step("2", "b", "recv", {"1"})}),
            (Orders{"1 2", "2( 1 2)"}));
}

TEST(Plan, AWaitWithoutACauseIsOneItem) {
  EXPECT_EQ(orders({step("1", "a", "recv")}), Orders{"1"});
}

// 1( 2 1) and the accept begun before the connect: 2( 1( 2) 1). A connect that is begun has asked,
// so the accept may return before it does.
TEST(Plan, AConnectIsPendingUntilItsDecision) {
  EXPECT_EQ(orders({pending("1", "a", "2"), step("2", "b", "accept", {"1"})}),
            (Orders{"1( 2 1)", "2( 1( 2) 1)"}));
}

TEST(Plan, ByIsScheduledAsUntilIs) {
  Step connect = step("1", "a", "connect");
  connect.by = "2";
  EXPECT_EQ(orders({connect, step("2", "b", "closesocket", {"1"})}), Orders{"1( 2 1)"});
}

TEST(Plan, AConditionIsCalledWithinItsAcceptAndCausedByWhatCausesIt) {
  EXPECT_EQ(orders({pending("1", "a", "3"), conditional("2", "b", {"1"}),
                    step("3", "b", "condition"), step("4", "b", "closesocket")}),
            (Orders{"1( 2( 3 1) 2) 4", "1( 2( 3 2) 4 1)", "2( 1( 3 1) 2) 4", "2( 1( 3 2) 4 1)"}));
}

// The function stays open for the actor's own calls, and the accept ends after the decision.
TEST(Plan, AConditionThatIsDecidedLaterIsOpenForCalls) {
  EXPECT_EQ(
      orders({step("1", "a", "send"), conditional("2", "b", {"1"}), step("3", "b", "condition"),
              step("4", "b", "socket"), step("5", "b", "decide"), step("6", "b", "closesocket")}),
      (Orders{"1 2( 3 4 5 2) 6", "2( 1 3 4 5 2) 6"}));
}

TEST(Plan, ADecisionWaitsForItsCauses) {
  EXPECT_EQ(orders({step("1", "a", "send", {"3"}), conditional("2", "b"),
                    step("3", "b", "condition"), step("4", "b", "decide", {"1"})}),
            Orders{"2( 3 1 4 2)"});
}

TEST(Plan, AdjacentEndsThatCanBeSwappedAreOneOrder) {
  EXPECT_EQ(orders({step("1", "a", "send"), step("2", "b", "recv", {"1"}),
                    step("3", "c", "recv", {"1"})}),
            (Orders{"1 2 3", "1 3 2", "2( 1 2) 3", "2( 1 3 2)", "2( 3( 1 2) 3)", "3( 1 2 3)",
                    "3( 1 3) 2", "3( 2( 1 2) 3)"}));
}

// The end of 2 needs that of 5, the end of 4 is free: 5) 2) 4) and 4) 5) 2) differ by swaps alone.
TEST(Plan, ThreeAdjacentEndsOfWhichTwoAreOrderedAreOneOrder) {
  const std::vector<Step> steps = {step("1", "a", "send"), step("2", "a", "recv", {"5"}),
                                   step("3", "b", "send"), step("4", "b", "recv", {"1"}),
                                   step("5", "c", "recv", {"3"})};
  const BruteForce expected(steps);
  ScheduleList list = schedules(steps, 10000, 0);
  EXPECT_EQ(list.schedules.size(), list.possible);
  list.schedules.resize(list.possible - list.together);
  EXPECT_EQ(list.schedules.size(), expected.classes());
  std::set<std::string> classes;
  for (const Schedule& schedule : list.schedules) {
    EXPECT_TRUE(classes.insert(expected.class_of(BruteForce::encode(schedule))).second)
        << to_string(schedule, steps) << " is there already but for swapped ends";
  }
}

TEST(Plan, ArithmeticComesAsSoonAsItCan) {
  EXPECT_EQ(orders({step("1", "a", "recv"), step("2", "a", "compute"), step("3", "b", "send")}),
            (Orders{"1 2 3", "3 1 2"}));
}

std::string error_of(const std::vector<Step>& steps) {
  try {
    const Plan plan(steps);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Plan, StepsThatWaitForOneAnotherAreNamedWithThePlaceOfTheFirst) {
  std::vector<Step> steps = {step("x", "a", "send"), step("1", "a", "send", {"2"}),
                             step("2", "b", "send", {"1"})};
  steps[1].place = {"case.yaml", 12, 5};
  EXPECT_EQ(error_of(steps),
            "case.yaml:12:5: a cycle: steps 1, 2 wait for one another (by `after`, `until`, `by` "
            "and the order of each actor's steps)");
}

TEST(Plan, ACycleThroughTheOrderOfAnActorIsFound) {
  EXPECT_NE(error_of({step("1", "a", "send", {"3"}), step("2", "b", "send", {"1"}),
                      step("3", "b", "send")})
                .find("a cycle: steps 1, 2, 3"),
            std::string::npos);
}

TEST(Plan, ACycleThroughUntilIsFound) {
  EXPECT_NE(
      error_of({pending("1", "a", "3"), step("2", "a", "send"), step("3", "b", "send", {"2"})})
          .find("a cycle: steps 1, 2, 3"),
      std::string::npos);
}

TEST(Plan, AnUnknownStepIsAnErrorWithAHint) {
  const std::string hint =
      "steps.yaml:1:1: no step has the ID \"setp-1\"; did you mean \"step-1\"?";
  EXPECT_EQ(error_of({step("step-1", "a", "send"), step("2", "b", "send", {"setp-1"})}), hint);
  EXPECT_EQ(error_of({step("step-1", "a", "send"), pending("2", "b", "setp-1")}), hint);
  Step by = step("2", "b", "connect");
  by.by = "setp-1";
  EXPECT_EQ(error_of({step("step-1", "a", "send"), by}), hint);
}

}  // namespace
}  // namespace ws2conform::plan_test
