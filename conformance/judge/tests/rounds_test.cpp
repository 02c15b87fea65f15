// What is judged of a case whose steps are taken again and again.
#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"
#include "conformance/judge/judge.hpp"
#include "conformance/judge/progress.hpp"
#include "conformance/judge/tests/script.hpp"

namespace ws2conform::judge_rounds_test {
namespace {

using nlohmann::json;

constexpr const char* kHead = "given: nothing\nrounds: {count: 2, start: {sum: 42}}";
constexpr const char* kSteps =
    "- {id: 1, client: socket}\n"
    "- {id: 2, client: recv, data: $part}\n"
    "- {id: 3, client: compute, sum: $sum + $part}\n"
    "- {id: 4, client: recv, data: $sum}\n";

json recv() {
  return {{"op", "recv"}, {"socket", "client"}, {"length", 4096}};
}

// One round, in which the base64 of "3" or the like comes first, and then that of a sum.
void round(Script& script, int number, const std::string& part, int sum, const std::string& shown) {
  script.add(Event::Kind::kRound, "", "", number);
  const json socket = {{"op", "socket"}, {"as", "client"}};
  script.done("client", "1", socket, {{"returns", "client"}});
  script.done("client", "2", recv(), {{"returns", 1}, {"data", part}});
  script.computed("client", "3", {{"sum", sum}});
  script.done("client", "4", recv(), {{"returns", 2}, {"data", shown}});
}

const std::string kThree = "Mw==";
const std::string kFour = "NA==";
const std::string kFortyFive = "NDU=";
const std::string kFortyNine = "NDk=";

ScheduleResult judged(const Script& script) {
  const WrittenInstance written(with_steps(kSteps, kHead));
  ScheduleHistory history;
  history.events = script.events();
  history.complete = true;
  return judge_schedule(written.instance, history, "documented");
}

TEST(RoundsJudged, WhatIsComputedGoesOnAndOtherNamesBeginAnew) {
  Script script;
  round(script, 1, kThree, 45, kFortyFive);
  round(script, 2, kFour, 49, kFortyNine);
  const ScheduleResult result = judged(script);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_NE(result.steps.back().observed.find("49"), std::string::npos)
      << "of the rounds the last is shown: " << result.steps.back().observed;
}

TEST(RoundsJudged, AViolationNamesItsRound) {
  Script script;
  round(script, 1, kThree, 45, kFortyFive);
  round(script, 2, kFour, 49, kFortyFive);
  const ScheduleResult result = judged(script);
  ASSERT_EQ(result.violations.size(), 1U);
  EXPECT_EQ(result.violations.front().check, "step 4 data") << "the same in whichever round";
  EXPECT_EQ(result.violations.front().message.find("round 2, step 4 (client recv): expected "), 0U)
      << result.violations.front().message;
  ASSERT_FALSE(result.conversation.empty());
  EXPECT_EQ(result.conversation.front().text, "round 2") << "the first is left out";
}

TEST(RoundsJudged, AStepThatOnlyAnEarlierRoundReachedIsNotReached) {
  Script script;
  round(script, 1, kThree, 45, kFortyFive);
  script.add(Event::Kind::kRound, "", "", 2);
  const ScheduleResult result = judged(script);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_EQ(result.reason, "step 1 was not reached");
}

TEST(RoundsJudged, RoundsThatAreMissingAreNoPass) {
  Script script;
  round(script, 1, kThree, 45, kFortyFive);
  const ScheduleResult result = judged(script);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_EQ(result.reason, "1 of 2 rounds were taken");
}

}  // namespace
}  // namespace ws2conform::judge_rounds_test
