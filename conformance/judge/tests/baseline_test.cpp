#include "conformance/judge/baseline.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "conformance/case/tests/scratch.hpp"
#include "conformance/case/tests/written.hpp"
#include "conformance/judge/baseline_text.hpp"

namespace ws2conform::baseline_test {
namespace {

Violation violation(const std::string& check, const std::string& expected) {
  Violation made;
  made.check = check;
  made.expected = expected;
  made.message = check + ": expected " + expected;
  return made;
}

ScheduleResult schedule(std::vector<Violation> violations = {}) {
  ScheduleResult made;
  made.verdict = violations.empty() ? Verdict::kPass : Verdict::kFail;
  made.violations = std::move(violations);
  return made;
}

InstanceResult instance(const std::string& value, std::vector<ScheduleResult> schedules) {
  InstanceResult made;
  made.case_id = "a-case";
  made.axes = {{"provider", "tcp"}, {"way", value}};
  for (const ScheduleResult& each : schedules) made.verdict = worst(made.verdict, each.verdict);
  made.schedules_possible = schedules.size();
  made.schedules = std::move(schedules);
  return made;
}

const Violation kData = violation("step 1 data", "data \"3\"");
const Violation kReturns = violation("step 2 returns", "returns 0");

class BaselineTest : public testing::Test {
 protected:
  static constexpr const char* kHead = "implementation: x\nsuite: 0.1.0\n";

  Baseline load(const std::string& text) const {
    return load_baseline(folder_.write("baseline.yaml", text));
  }
  static std::string line(const std::string& axes = "{provider: tcp, way: one}",
                          const std::string& check = "step 1 data",
                          const std::string& expected = R"("data \"3\"")") {
    return "  - case: a-case\n    axes: " + axes + "\n    check: " + check +
           "\n    expected: " + expected + "\n    reason: the layer drops it\n";
  }
  std::string error_of(const std::string& text) const {
    try {
      CaseSet cases;
      cases.cases.push_back(
          case_of(with_steps("- {id: 1, client: send, data: abc}\n", "axes: {way: [one, other]}")));
      check_baseline(load(text), cases);
    } catch (const InputError& error) {
      const std::string what = error.what();
      return what.substr(what.find("baseline.yaml") + 13);
    }
    return "no error";
  }

  // The verdict of one instance under this baseline, and why.
  std::pair<Verdict, std::string> under(const std::string& lines, InstanceResult result) {
    run_ = RunResult();
    run_.instances.push_back(std::move(result));
    stale_ = apply_baseline(load(kHead + std::string("failures:\n") + lines), run_);
    return {run_.instances[0].verdict, run_.instances[0].reason};
  }

  ScratchFolder folder_;
  RunResult run_;
  std::vector<std::string> stale_;
};

TEST_F(BaselineTest, AnIntermittentFailureMayHappenOrNot) {
  const std::string intermittent = line() + "    intermittent: true\n";
  EXPECT_EQ(under(intermittent, instance("one", {schedule({kData})})).first,
            Verdict::kKnownFailure);
  EXPECT_EQ(under(intermittent, instance("one", {schedule()})).first, Verdict::kPass);
  EXPECT_EQ(under(line(), instance("one", {schedule()})).first, Verdict::kUnexpectedPass);
  EXPECT_TRUE(baseline_from(to_json(load(kHead + std::string("failures:\n") + intermittent)))
                  .failures.at(0)
                  .intermittent);
}

TEST_F(BaselineTest, AListedFailureIsKnown) {
  const auto [verdict, reason] = under(line(), instance("one", {schedule(), schedule({kData})}));
  EXPECT_EQ(verdict, Verdict::kKnownFailure);
  EXPECT_NE(reason.find("baseline.yaml:4:"), std::string::npos) << reason;
  EXPECT_NE(reason.find("the layer drops it"), std::string::npos) << reason;
  EXPECT_EQ(run_.instances[0].schedules[0].verdict, Verdict::kPass);
  EXPECT_EQ(run_.instances[0].schedules[1].verdict, Verdict::kKnownFailure);
}

TEST_F(BaselineTest, AnyOtherFailureIsNew) {
  EXPECT_EQ(under(line(), instance("one", {schedule({kReturns})})).first, Verdict::kFail);
  EXPECT_EQ(under(line(), instance("one", {schedule({kData, kReturns})})).first, Verdict::kFail);
  const auto [verdict, reason] =
      under(line(), instance("one", {schedule({kData}), schedule({kReturns})}));
  EXPECT_EQ(verdict, Verdict::kFail);
  EXPECT_EQ(reason, kReturns.message);
  EXPECT_EQ(under(line(), instance("other", {schedule({kData})})).first, Verdict::kFail);
}

TEST_F(BaselineTest, AnotherExpectationOfTheSameCheckIsNew) {
  const auto [verdict, reason] =
      under(line(), instance("one", {schedule({violation("step 1 data", "data \"4\"")})}));
  EXPECT_EQ(verdict, Verdict::kFail);
  EXPECT_NE(reason.find("the known failure is of the expectation \"data \"3\"\""),
            std::string::npos)
      << reason;
}

TEST_F(BaselineTest, PortsDoNotMatter) {
  const std::string listed = line("{way: one}", "step 1 addr", "\"addr 127.0.0.1:#1\"");
  EXPECT_EQ(
      under(listed, instance("one", {schedule({violation("step 1 addr", "addr 127.0.0.1:40112")})}))
          .first,
      Verdict::kKnownFailure);
}

TEST_F(BaselineTest, AnAxisThatIsLeftOutMayBeAnything) {
  EXPECT_EQ(under(line("{provider: tcp}"), instance("other", {schedule({kData})})).first,
            Verdict::kKnownFailure);
  EXPECT_EQ(under(line("{provider: stream}"), instance("other", {schedule({kData})})).first,
            Verdict::kFail);
}

TEST_F(BaselineTest, AnUnexpectedPassIsRed) {
  const auto [verdict, reason] = under(line(), instance("one", {schedule()}));
  EXPECT_EQ(verdict, Verdict::kUnexpectedPass);
  EXPECT_NE(reason.find("baseline.yaml:4:5: the known failure of step 1 data did not happen"),
            std::string::npos)
      << reason;
  const std::string two = line() + line("{way: one}", "step 2 returns", "returns 0");
  EXPECT_EQ(under(two, instance("one", {schedule({kData})})).first, Verdict::kUnexpectedPass);
}

TEST_F(BaselineTest, ASampleProvesOnlyWhatItShows) {
  const std::string two = line() + line("{way: one}", "step 2 returns", "returns 0");
  InstanceResult sample = instance("one", {schedule({kData})});
  sample.schedules_possible = 2;
  EXPECT_EQ(under(two, sample).first, Verdict::kKnownFailure);
  sample = instance("one", {schedule()});
  sample.schedules_possible = 2;
  EXPECT_EQ(under(line(), sample).first, Verdict::kUnexpectedPass);
}

TEST_F(BaselineTest, AnErrorIsNeverAbsorbed) {
  InstanceResult broken = instance("one", {schedule({kData})});
  broken.schedules[0].verdict = broken.verdict = Verdict::kError;
  EXPECT_EQ(under(line(), broken).first, Verdict::kError);
  InstanceResult half = instance("one", {schedule({kData}), schedule()});
  half.schedules[1].verdict = half.verdict = Verdict::kError;
  EXPECT_EQ(under(line(), half).first, Verdict::kError);
  InstanceResult open = instance("one", {schedule()});
  open.schedules[0].verdict = open.verdict = Verdict::kInconclusive;
  EXPECT_EQ(under(line(), open).first, Verdict::kInconclusive);
}

TEST_F(BaselineTest, ALineForWhatDoesNotApplyIsStale) {
  InstanceResult gap = instance("one", {});
  gap.verdict = Verdict::kNotApplicable;
  EXPECT_EQ(under(line(), gap).first, Verdict::kNotApplicable);
  ASSERT_EQ(stale_.size(), 1U);
  EXPECT_NE(stale_[0].find("baseline.yaml:4:5: stale: a-case"), std::string::npos) << stale_[0];
  under(line(), instance("other", {schedule()}));
  EXPECT_TRUE(stale_.empty()) << "a filtered run says nothing about the line";
}

TEST_F(BaselineTest, LinesThatCanMatchNothingAreErrorsWithTheirPlace) {
  const std::string head = std::string(kHead) + "failures:\n";
  EXPECT_EQ(error_of(head + line()), "no error");
  EXPECT_EQ(error_of(head + line("{}", "INV-PREFIX")), "no error");
  EXPECT_EQ(error_of(head + line() +
                     "  - {case: b-case, check: step 1 data, expected: x, "
                     "reason: y}\n"),
            ":9:5: there is no case \"b-case\"; did you mean \"a-case\"?");
  EXPECT_EQ(error_of(head + line("{wya: one}")).find(":4:5: case a-case has no axis \"wya\""), 0U);
  EXPECT_EQ(error_of(head + line("{way: noe}")).find(":4:5: axis way of case a-case has no value"),
            0U);
  EXPECT_EQ(error_of(head + line("{}", "step 9 data")).find(":4:5: case a-case has no check"), 0U);
  EXPECT_EQ(error_of(head + line("{}", "INV-NOTHING")).find(":4:5: case a-case has no check"), 0U);
}

TEST_F(BaselineTest, DuplicatesAreErrorsWithTheirPlace) {
  EXPECT_EQ(
      error_of(std::string(kHead) + "failures:\n" + line() + line("{way: one, provider: tcp}")),
      ":9:5: a duplicate: step 1 data of a-case is listed in line 4");
}

TEST_F(BaselineTest, WhatIsNoBaselineIsAnErrorWithItsPlace) {
  EXPECT_EQ(error_of("implementation: x\n").substr(0, 2), ":1");
  EXPECT_NE(error_of("implementation: x\nfailures: []\nmore: 1\n").find(":3:1: unknown key"),
            std::string::npos);
  EXPECT_NE(error_of("implementation: x\nfailures:\n  - {case: a-case, check: c, expected: e}\n")
                .find("reason"),
            std::string::npos)
      << "no failure without its reason";
}

TEST_F(BaselineTest, AHistoryCarriesIt) {
  const Baseline baseline = load(kHead + std::string("failures:\n") + line());
  const Baseline again = baseline_from(to_json(baseline));
  ASSERT_EQ(again.failures.size(), 1U);
  EXPECT_EQ(to_json(again), to_json(baseline));
  EXPECT_EQ(again.failures[0].place.line, 4);
}

// The lattice: the worst wins, whatever the order.
RC_GTEST_PROP(VerdictLattice, WorstIsAMaximum, ()) {
  const auto any =
      rc::gen::elementOf(std::vector<Verdict>(std::begin(kAllVerdicts), std::end(kAllVerdicts)));
  const Verdict a = *any;
  const Verdict b = *any;
  const Verdict c = *any;
  RC_ASSERT(worst(a, b) == worst(b, a));
  RC_ASSERT(worst(a, worst(b, c)) == worst(worst(a, b), c));
  RC_ASSERT(worst(a, a) == a);
  RC_ASSERT(worst(a, b) == a || worst(a, b) == b);
  RC_ASSERT(worst(a, Verdict::kError) == Verdict::kError);
  RC_ASSERT(worst(a, Verdict::kPass) == a);
}

// Whatever is listed: an error stays one, and nothing becomes better than a known failure.
RC_GTEST_PROP(VerdictLattice, ABaselineAbsorbsOnlyFailures, ()) {
  const std::vector<Violation> kinds = {kData, kReturns, violation("INV-PREFIX", "a prefix")};
  std::vector<ScheduleResult> schedules;
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    ScheduleResult made;
    made.verdict = *rc::gen::element(Verdict::kPass, Verdict::kFail, Verdict::kFail,
                                     Verdict::kInconclusive, Verdict::kError);
    if (made.verdict == Verdict::kFail) made.violations = {*rc::gen::elementOf(kinds)};
    schedules.push_back(std::move(made));
  }
  RunResult run;
  run.instances.push_back(instance("one", schedules));
  const Verdict before = run.instances[0].verdict;
  Baseline baseline;
  for (const Violation& kind : kinds) {
    if (!*rc::gen::arbitrary<bool>()) continue;
    KnownFailure failure;
    failure.case_id = "a-case";
    failure.check = kind.check;
    failure.expected = kind.expected;
    failure.reason = "known";
    baseline.failures.push_back(failure);
  }
  apply_baseline(baseline, run);
  const Verdict after = run.instances[0].verdict;
  RC_ASSERT((before == Verdict::kError) == (after == Verdict::kError));
  // What is known may have hidden that something else stayed open.
  const bool open = std::any_of(schedules.begin(), schedules.end(), [](const ScheduleResult& each) {
    return each.verdict == Verdict::kInconclusive;
  });
  if (before == Verdict::kInconclusive) RC_ASSERT(after == before);
  if (after == Verdict::kInconclusive) RC_ASSERT(open);
  if (before == Verdict::kFail) {
    const bool all_listed =
        std::all_of(schedules.begin(), schedules.end(), [&](const ScheduleResult& each) {
          return each.verdict != Verdict::kFail ||
                 std::any_of(baseline.failures.begin(), baseline.failures.end(),
                             [&](const KnownFailure& f) { return f.covers(each.violations[0]); });
        });
    RC_ASSERT((after == Verdict::kFail) == !all_listed);
    RC_ASSERT(after >= Verdict::kKnownFailure);
  }
  if (before == Verdict::kPass) {
    RC_ASSERT(after == (baseline.failures.empty() ? Verdict::kPass : Verdict::kUnexpectedPass));
  }
}

class BaselineText : public BaselineTest {
 protected:
  std::string updated(const std::string& text, std::vector<InstanceResult> instances) {
    RunResult run;
    run.instances = std::move(instances);
    outcome_ = update_baseline(text, load(text), run);
    return outcome_.text;
  }

  BaselineUpdate outcome_;
};

TEST_F(BaselineTest, TellsForHowLongAFailureHasBeenKnown) {
  RunResult run;
  run.started = "2025-11-21T08:00:00Z";
  run.instances.push_back(instance("one", {schedule({kData})}));
  const std::string since = std::string(kHead) + "failures:\n" + line() + "    since: ";
  apply_baseline(load(since + "2025-11-03\n"), run);
  const std::string reason = run.instances[0].reason;
  EXPECT_NE(reason.find("the layer drops it; known since 2025-11-03, for 18 days)"),
            std::string::npos)
      << reason;
  EXPECT_EQ(baseline_from(to_json(load(since + "0.1.0\n"))).failures[0].since, "0.1.0");
  EXPECT_NE(error_of(since + "2025-02-30\n").find("a date such as"), std::string::npos);
  EXPECT_NE(error_of(since + "soon\n"), "");
}

TEST_F(BaselineText, ANewOneIsKnownSinceItsRun) {
  RunResult run;
  run.started = "2025-11-21T08:00:00Z";
  run.instances.push_back(instance("one", {schedule({kData})}));
  EXPECT_EQ(load(baseline_text("x", "0.1.0", failures_of(run))).failures.at(0).since, "2025-11-21");
}

TEST_F(BaselineText, ANewOneIsReadAgainAndCoversItsRun) {
  RunResult run;
  run.instances.push_back(instance("one", {schedule({kData}), schedule({kReturns}), schedule()}));
  run.instances.push_back(
      instance("other", {schedule({violation("step 1 addr", "addr [::1]:4711 \"\\ #x")})}));
  const Baseline baseline = load(baseline_text("x y: z", "0.1.0", failures_of(run)));
  EXPECT_EQ(baseline.implementation, "x y: z");
  EXPECT_EQ(baseline.failures.size(), 3U);
  apply_baseline(baseline, run);
  EXPECT_EQ(run.instances[0].verdict, Verdict::kKnownFailure);
  EXPECT_EQ(run.instances[1].verdict, Verdict::kKnownFailure);
  EXPECT_TRUE(load(baseline_text("x", "1", {})).failures.empty());
}

const std::string kWritten =
    "# Of the layer.\n"
    "implementation: x\n"
    "failures:\n"
    "  # Their ticket 17.\n"
    "  - case: a-case\n"
    "    axes: {provider: tcp, way: one}\n"
    "    check: step 1 data\n"
    "    expected: \"data \\\"3\\\"\"\n"
    "    reason: >-\n"
    "      The layer\n"
    "      drops it.\n"
    "\n"
    "  # Will not be mended.\n"
    "  - {case: a-case, axes: {way: other}, check: step 2 returns, expected: returns 0, reason: "
    "so}\n"
    "# End.\n";

TEST_F(BaselineText, WhatStillFailsStaysAsItIsWritten) {
  EXPECT_EQ(updated(kWritten, {instance("one", {schedule({kData})}),
                               instance("other", {schedule({kReturns})})}),
            kWritten);
  EXPECT_EQ(outcome_.kept, 2U);
  EXPECT_EQ(outcome_.added + outcome_.removed + outcome_.changed, 0U);
}

TEST_F(BaselineText, WhatTheRunSaysNothingAboutStays) {
  InstanceResult open = instance("other", {schedule()});
  open.verdict = Verdict::kInconclusive;
  EXPECT_EQ(updated(kWritten, {instance("one", {schedule({kData})}), open}), kWritten);
  EXPECT_EQ(updated(kWritten, {}), kWritten);
}

TEST_F(BaselineText, WhatIsIntermittentStays) {
  std::string intermittent = kWritten;
  intermittent.insert(intermittent.find("  # Will"), "    intermittent: true\n");
  EXPECT_EQ(updated(intermittent,
                    {instance("one", {schedule()}), instance("other", {schedule({kReturns})})}),
            intermittent);
}

TEST_F(BaselineText, WhatNoLongerFailsGoesWithItsComment) {
  const std::string without_first =
      kWritten.substr(0, kWritten.find("  # Their")) + kWritten.substr(kWritten.find("  # Will"));
  EXPECT_EQ(
      updated(kWritten, {instance("one", {schedule()}), instance("other", {schedule({kReturns})})}),
      without_first);
  EXPECT_EQ(outcome_.removed, 1U);
  const std::string none =
      updated(kWritten, {instance("one", {schedule()}), instance("other", {schedule()})});
  EXPECT_EQ(none, "# Of the layer.\nimplementation: x\nfailures: []\n# End.\n");
  EXPECT_TRUE(load(none).failures.empty());
}

TEST_F(BaselineText, WhatIsNewComesAfterTheLastOfItsCase) {
  const std::string text =
      updated(kWritten, {instance("one", {schedule({kData}), schedule({kReturns})}),
                         instance("other", {schedule({kReturns})})});
  const std::string added =
      "  - case: a-case\n    axes: {provider: \"tcp\", way: \"one\"}\n    check: \"step 2 "
      "returns\"\n"
      "    expected: \"returns 0\"\n    reason: \"not explained yet\"\n";
  const std::size_t end = kWritten.find("# End.");
  EXPECT_EQ(text, kWritten.substr(0, end) + added + kWritten.substr(end));
  EXPECT_EQ(outcome_.added, 1U);
  EXPECT_EQ(load(text).failures.size(), 3U);
}

TEST_F(BaselineText, AnEmptyOneIsFilled) {
  const std::string text =
      updated("implementation: x\nfailures: []\n", {instance("one", {schedule({kData})})});
  EXPECT_EQ(load(text).failures.size(), 1U);
}

TEST_F(BaselineText, AChangedExpectationChangesOneLine) {
  const std::string text =
      updated(kWritten, {instance("one", {schedule({violation("step 1 data", "data \"4\"")})}),
                         instance("other", {schedule({kReturns})})});
  std::string wanted = kWritten;
  wanted.replace(wanted.find("\\\"3\\\""), 5, "\\\"4\\\"");
  EXPECT_EQ(text, wanted);
  EXPECT_EQ(outcome_.changed, 1U);
}

}  // namespace
}  // namespace ws2conform::baseline_test
