#include "reports/summary.hpp"

#include <gtest/gtest.h>

#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

TEST(Combined, IsTheWorstOfWhatApplies) {
  Combined combined;
  EXPECT_EQ(combined.verdict(), std::nullopt);
  combined.add(Verdict::kNotApplicable);
  EXPECT_EQ(combined.verdict(), Verdict::kNotApplicable);
  combined.add(Verdict::kPass);
  EXPECT_EQ(combined.verdict(), Verdict::kPass);
  combined.add(Verdict::kNotApplicable);
  EXPECT_EQ(combined.verdict(), Verdict::kPass);
  combined.add(Verdict::kError);
  combined.add(Verdict::kFail);
  EXPECT_EQ(combined.verdict(), Verdict::kError);
}

TEST(Summary, CountsInstancesCasesAndSchedules) {
  const Summary summary = summarize(sample_run());
  EXPECT_EQ(summary.total, 8u);
  EXPECT_EQ(summary.cases, 5u);
  EXPECT_EQ(summary.applicable(), 7u);
  EXPECT_EQ(summary.schedules_run, 9u);
  EXPECT_EQ(summary.schedules_possible, 27u);
  std::size_t all = 0;
  for (const auto& [verdict, number] : summary.instances) {
    EXPECT_GT(number, 0u) << to_string(verdict);
    all += number;
  }
  EXPECT_EQ(all, summary.total);
}

TEST(Summary, SplitsByProvenance) {
  const Summary summary = summarize(sample_run());
  EXPECT_EQ(summary.provenance.at(Provenance::kDocumented).requirements, 7u);
  EXPECT_EQ(summary.provenance.at(Provenance::kDocumented).tested, 6u);
  EXPECT_EQ(summary.provenance.at(Provenance::kDocumented).violated, 2u);
  EXPECT_EQ(summary.provenance.at(Provenance::kWindows).requirements, 1u);
  EXPECT_EQ(summary.provenance.at(Provenance::kWindows).violated, 0u);
}

TEST(RequirementResults, TakeTheWorstCaseThatNamesThem) {
  const RunResult run = sample_run();
  const auto results = requirement_results(run);
  EXPECT_EQ(results.at("SEED-A16").verdict, Verdict::kFail);
  EXPECT_FALSE(results.at("SEED-A16").violated);
  EXPECT_TRUE(results.at("SEED-A21").violated);
  EXPECT_EQ(results.at("TEAR-41").verdict, std::nullopt);
  EXPECT_EQ(results.at("ACC-03").cases, std::vector<std::string>{"deferred-stays-first"});
}

TEST(RequirementResults, HearOfInvariantsThatNoCaseLists) {
  const RunResult run = sample_run();
  EXPECT_EQ(requirement_results(run).at("TEAR-12").verdict, Verdict::kFail);
}

TEST(RequirementResults, KeepIdsThatTheLedgerDoesNotKnow) {
  RunResult run = sample_run();
  run.instances[0].requirements.push_back("SEED-X99");
  const auto results = requirement_results(run);
  EXPECT_EQ(results.at("SEED-X99").requirement, nullptr);
  EXPECT_EQ(results.at("SEED-X99").verdict, Verdict::kPass);
  EXPECT_EQ(requirement_area(results.at("SEED-X99")), "not in the ledger");
  EXPECT_EQ(requirement_area(results.at("ACC-03")), "setup");
}

TEST(TellingSchedule, IsTheOneThatFailed) {
  const RunResult run = sample_run();
  EXPECT_EQ(telling_schedule(run.instances[2])->replay_id, "t7-9e02");
  EXPECT_EQ(telling_schedule(run.instances[3]), nullptr);
}

TEST(TellingSchedule, IsTheOneWithTheFewestCallsOpenAtOnce) {
  RunResult run = sample_run();
  ScheduleResult simple = failing_schedule();
  simple.replay_id = "simple";
  simple.order = "1 2 3 4 5 5a 6 7 8";
  run.instances[2].schedules.push_back(simple);
  EXPECT_EQ(telling_schedule(run.instances[2])->replay_id, "simple");
}

TEST(Summary, WhereTheTextIsSilentTheReferenceChose) {
  RunResult run = sample_run();
  const auto chosen = [&] {
    return summarize(run).provenance.at(Provenance::kReferenceChoice).requirements;
  };
  const std::size_t before = chosen();
  run.requirements.at("SEED-A14").state = State::kSilent;
  run.requirements.at("SEED-A16").state = State::kContradictory;
  run.requirements.at("SEED-A21").state = State::kExcluded;
  EXPECT_EQ(chosen(), before + 2);
}

}  // namespace
}  // namespace ws2conform::reports
