#include "conformance/judge/verdict.hpp"

#include <gtest/gtest.h>

#include <set>

#include "conformance/judge/result.hpp"

namespace ws2conform::verdict_test {
namespace {

TEST(Verdicts, WorstIsCommutativeAssociativeAndIdempotent) {
  for (const Verdict a : kAllVerdicts) {
    EXPECT_EQ(worst(a, a), a);
    for (const Verdict b : kAllVerdicts) {
      EXPECT_EQ(worst(a, b), worst(b, a));
      EXPECT_TRUE(worst(a, b) == a || worst(a, b) == b);
      for (const Verdict c : kAllVerdicts) {
        EXPECT_EQ(worst(a, worst(b, c)), worst(worst(a, b), c));
      }
    }
  }
}

TEST(Verdicts, AnErrorAbsorbsAllAndAPassNone) {
  for (const Verdict verdict : kAllVerdicts) {
    EXPECT_EQ(worst(verdict, Verdict::kError), Verdict::kError);
    EXPECT_EQ(worst(verdict, Verdict::kPass), verdict);
  }
}

TEST(Verdicts, AFailureOutweighsAllButAnError) {
  for (const Verdict verdict : kAllVerdicts) {
    if (verdict != Verdict::kError) {
      EXPECT_EQ(worst(verdict, Verdict::kFail), Verdict::kFail);
    }
  }
}

TEST(Verdicts, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Verdict verdict : kAllVerdicts) {
    EXPECT_FALSE(to_string(verdict).empty());
    EXPECT_TRUE(names.insert(to_string(verdict)).second) << to_string(verdict);
  }
}

TEST(Verdicts, OfARunIsTheWorstOfItsInstances) {
  RunResult run;
  EXPECT_EQ(run.verdict(), Verdict::kPass);
  for (const Verdict verdict : {Verdict::kPass, Verdict::kFail, Verdict::kInconclusive}) {
    InstanceResult instance;
    instance.verdict = verdict;
    run.instances.push_back(instance);
  }
  EXPECT_EQ(run.verdict(), Verdict::kFail);
}

}  // namespace
}  // namespace ws2conform::verdict_test
