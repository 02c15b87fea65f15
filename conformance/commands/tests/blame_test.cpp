#include "conformance/commands/blame.hpp"

#include <gtest/gtest.h>

namespace ws2conform {
namespace {

InstanceResult instance(Verdict verdict) {
  InstanceResult made;
  made.case_id = "a-case";
  made.verdict = verdict;
  ScheduleResult schedule;
  schedule.verdict = verdict;
  Violation violation;
  violation.check = "step 1 error";
  violation.requirements = {"ONE"};
  if (verdict == Verdict::kFail) schedule.violations.push_back(violation);
  made.schedules.push_back(schedule);
  return made;
}

class BlameTest : public testing::Test {
 protected:
  Requirements requirements() const {
    Requirement one;
    one.id = "ONE";
    one.state = state_;
    return {{"ONE", one}};
  }
  Blame between(const InstanceResult* client, const InstanceResult* server,
                const InstanceResult* itself) const {
    return assign_blame(failing_, {client, server, itself}, requirements()).blame;
  }

  const InstanceResult pass_ = instance(Verdict::kPass);
  const InstanceResult fail_ = instance(Verdict::kFail);
  const InstanceResult broke_ = instance(Verdict::kError);
  const InstanceResult elsewhere_ = instance(Verdict::kNotApplicable);
  InstanceResult failing_ = instance(Verdict::kFail);
  State state_ = State::kOpen;
};

TEST_F(BlameTest, WhoFailsWithTheReferenceIsToBlame) {
  EXPECT_EQ(between(&fail_, &pass_, &pass_), Blame::kClient);
  EXPECT_EQ(between(&pass_, &fail_, &pass_), Blame::kServer);
  EXPECT_EQ(between(&fail_, &fail_, &pass_), Blame::kBoth);
  EXPECT_EQ(between(&broke_, &pass_, &pass_), Blame::kClient);
}

TEST_F(BlameTest, WhatDoesNotApplyWithTheReferenceSaysNothing) {
  EXPECT_EQ(between(&fail_, &elsewhere_, &pass_), Blame::kClient);
  EXPECT_EQ(between(&elsewhere_, &fail_, &pass_), Blame::kServer);
  EXPECT_EQ(between(&elsewhere_, &pass_, &pass_), Blame::kUndecided);
  EXPECT_EQ(between(nullptr, nullptr, nullptr), Blame::kUndecided);
}

TEST_F(BlameTest, BothHoldWithTheReference) {
  EXPECT_EQ(between(&pass_, &pass_, &pass_), Blame::kSilent);
}

TEST_F(BlameTest, TheReferenceFailsItself) {
  EXPECT_EQ(between(&fail_, &pass_, &fail_), Blame::kUndecided);
}

TEST_F(BlameTest, WhatTheTextLeavesOpenIsNobodysFault) {
  state_ = State::kSilent;
  EXPECT_EQ(between(&fail_, &pass_, &pass_), Blame::kSilent);
  state_ = State::kOpen;
  failing_.schedules[0].violations[0].provenance = Provenance::kReferenceChoice;
  EXPECT_EQ(between(&fail_, &pass_, &pass_), Blame::kSilent);
  // One documented expectation among them is enough.
  failing_.schedules[0].violations.push_back(fail_.schedules[0].violations[0]);
  EXPECT_EQ(between(&fail_, &pass_, &pass_), Blame::kClient);
}

}  // namespace
}  // namespace ws2conform
