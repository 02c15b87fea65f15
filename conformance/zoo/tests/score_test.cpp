#include "conformance/zoo/matrix/score.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "conformance/zoo/matrix/output.hpp"
#include "conformance/zoo/matrix/readme.hpp"

namespace ws2conform::zoo {
namespace {

// Two cases, a requirement of level must for each.
class ScoreTest : public testing::Test {
 protected:
  ScoreTest() {
    cases_.requirements["R-1"].id = "R-1";
    cases_.requirements["R-2"].id = "R-2";
    for (const char* id : {"one", "two"}) {
      Case source;
      source.id = id;
      source.requirements = {source.id == "one" ? "R-1" : "R-2"};
      cases_.cases.push_back(source);
    }
    for (const Case& source : cases_.cases) subjects_.push_back({&source, {}});
  }

  static FaultEntry fault(const std::string& name, std::vector<std::string> requirements = {},
                          std::vector<std::string> named = {}) {
    return {name, "What it does.", std::move(requirements), {}, {"recv_*"}, std::move(named)};
  }
  static Cell cell(const std::string& id, Outcome outcome) {
    Cell made;
    made.case_id = id;
    made.outcome = outcome;
    made.reached = outcome != Outcome::kNotReached;
    made.instance = id + "/provider=stream";
    return made;
  }
  Score judge(const std::vector<Exposed>& matrix, bool is_whole = true) {
    return score(matrix, subjects_, cases_, excuses_, is_whole);
  }
  // Two faults, each killed by its own case.
  std::vector<Exposed> good() const {
    return {{fault("a", {"R-1"}, {"one"}), {cell("one", Outcome::kKilled)}},
            {fault("b", {"R-2"}, {"two"}), {cell("two", Outcome::kKilled)}}};
  }
  static bool tells(const Score& score, const std::string& text) {
    return std::any_of(score.problems.begin(), score.problems.end(),
                       [&](const std::string& p) { return p.find(text) != std::string::npos; });
  }

  CaseSet cases_;
  std::vector<Subject> subjects_;
  Excuses excuses_;
};

TEST_F(ScoreTest, AllIsWell) {
  const Score result = judge(good());
  EXPECT_TRUE(result.problems.empty()) << result.problems.front();
  EXPECT_EQ(result.faults, 2u);
  EXPECT_EQ(result.percent(), 100);
  EXPECT_EQ(result.only_by.at("a"), "one");
}

TEST_F(ScoreTest, SurvivorsCount) {
  auto matrix = good();
  matrix.push_back({fault("c", {"R-1"}), {cell("one", Outcome::kPassed)}});
  matrix.push_back({fault("d", {"R-1"}), {cell("one", Outcome::kNotReached)}});
  const Score result = judge(matrix);
  EXPECT_EQ(result.percent(), 50);
  EXPECT_TRUE(tells(result, "c: survives"));
  EXPECT_TRUE(tells(result, "d: survives: no case reaches it"));
}

TEST_F(ScoreTest, WrongReasonsAreNoKills) {
  auto matrix = good();
  matrix[0].cells = {cell("one", Outcome::kWrongReason)};
  const Score result = judge(matrix);
  EXPECT_EQ(result.killed, 1u);
  EXPECT_TRUE(tells(result, "a: one/provider=stream is red for a reason"));
  EXPECT_TRUE(tells(result, "a: one is named and does not kill it"));
  EXPECT_TRUE(tells(result, "one: kills nothing"));
}

TEST_F(ScoreTest, SymptomsNameTheirChecks) {
  const auto vague = [](std::vector<std::string> symptoms, const std::string& name = "a") {
    FaultEntry entry = fault(name);
    entry.symptoms = std::move(symptoms);
    return entry.vague_symptoms();
  };
  EXPECT_TRUE(
      vague({"recv_*", "recv-zero_hang", "FD_CLOSE_*", "must-not_FD_*", "INV-PREFIX"}).empty());
  const std::vector<std::string> kVague = {"*",     "*_hang", "recv*",       "?ecv_data", "FD_*",
                                           "INV-*", "*data*", "nobody_data", "recv"};
  EXPECT_EQ(vague(kVague), kVague);
  EXPECT_TRUE(vague({"*"}, "breaks-everything").empty());
  auto matrix = good();
  matrix[0].fault.symptoms = {"recv_data", "*_hang"};
  EXPECT_TRUE(tells(judge(matrix), "a: the symptom *_hang names no check"));
}

TEST_F(ScoreTest, NullFaultMustLive) {
  auto matrix = good();
  matrix.push_back({fault("none"), {cell("one", Outcome::kWrongReason)}});
  EXPECT_TRUE(tells(judge(matrix), "none: one/provider=stream is red"));
  matrix.back().cells = {cell("one", Outcome::kNotReached)};
  EXPECT_TRUE(judge(matrix).problems.empty());
  EXPECT_EQ(judge(matrix).faults, 2u);
}

TEST_F(ScoreTest, TotalFaultIsKilledByAllThatReachIt) {
  auto matrix = good();
  matrix.push_back(
      {fault("breaks-everything"), {cell("one", Outcome::kKilled), cell("two", Outcome::kPassed)}});
  EXPECT_TRUE(tells(judge(matrix), "breaks-everything: two/provider=stream passes"));
}

TEST_F(ScoreTest, EveryRequirementNeedsAFault) {
  auto matrix = good();
  matrix[1].fault.requirements = {};
  EXPECT_TRUE(tells(judge(matrix), "R-2: no fault violates it"));
  excuses_.requirements["R-2"] = "nothing can";
  EXPECT_TRUE(judge(matrix).problems.empty());
  EXPECT_TRUE(tells(judge(good()), "R-2: excused, and a fault violates it"));
}

TEST_F(ScoreTest, EveryCaseNeedsAKill) {
  auto matrix = good();
  matrix[1] = {fault("b", {"R-2"}), {cell("one", Outcome::kKilled)}};
  EXPECT_TRUE(tells(judge(matrix), "two: kills nothing"));
  EXPECT_TRUE(judge(matrix, false).problems.empty());  // it was not asked
  excuses_.cases["two"] = "nothing can";
  EXPECT_TRUE(judge(matrix).problems.empty());
  EXPECT_TRUE(tells(judge(good()), "two: excused for killing nothing, and kills"));
}

TEST_F(ScoreTest, NamesMustExist) {
  auto matrix = good();
  matrix[0].fault.requirements.push_back("R-9");
  matrix[0].fault.cases.push_back("nine");
  EXPECT_TRUE(tells(judge(matrix), "a: there is no requirement R-9"));
  EXPECT_TRUE(tells(judge(matrix), "a: there is no case nine"));
}

TEST_F(ScoreTest, SubsumedByACaseThatKillsMore) {
  auto matrix = good();
  matrix[1].cells.push_back(cell("one", Outcome::kKilled));
  const Score result = judge(matrix);
  EXPECT_EQ(result.subsumed.at("two"), "one");
  EXPECT_EQ(result.subsumed.count("one"), 0u);
}

TEST(FaultEntryTest, SymptomsArePatterns) {
  FaultEntry fault;
  fault.symptoms = {"recv_*", "INV-PREFIX"};
  EXPECT_TRUE(fault.explains("recv data"));
  EXPECT_TRUE(fault.explains("INV-PREFIX"));
  EXPECT_FALSE(fault.explains("WSARecv data"));
  EXPECT_FALSE(fault.explains("INV-GRACEFUL"));
}

TEST(FaultEntryTest, ReachedThroughItsOperationsAndProviders) {
  Instance instance;
  instance.provider = "stream";
  Step step;
  step.operation = "FD_CLOSE";
  instance.steps = {step};
  FaultEntry fault;
  EXPECT_TRUE(fault.may_be_reached_by(instance));
  fault.operations = {"recv"};
  EXPECT_FALSE(fault.may_be_reached_by(instance));
  fault.operations = {"WSAEnumNetworkEvents"};  // one of the calls that FD_CLOSE is made of
  EXPECT_TRUE(fault.may_be_reached_by(instance));
  fault.operations = {"WSAEnumNetworkEvents", "provider=tcp"};
  EXPECT_FALSE(fault.may_be_reached_by(instance));
  fault.operations = {"provider=tcp", "provider=stream"};
  EXPECT_TRUE(fault.may_be_reached_by(instance));
}

TEST(ReadmeTest, LineIsPutBetweenItsMarks) {
  const auto path = std::filesystem::path(testing::TempDir()) / "zoo-readme.md";
  std::ofstream(path) << "before\n<!-- zoo: written by ws2conform zoo --readme -->\nold\n"
                      << "<!-- end of zoo -->\nafter\n";
  Score score;
  score.faults = score.killed = 3;
  const std::string line = readme_line(score);
  EXPECT_FALSE(readme_is_current(path, "zoo", line));
  update_readme(path, "zoo", line);
  EXPECT_TRUE(readme_is_current(path, "zoo", line));
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text.find("before\n"), 0u);
  EXPECT_NE(text.find("3 of them (100 %).\n<!-- end of zoo -->\nafter\n"), std::string::npos);
  std::ofstream(path) << "no marks\n";
  EXPECT_THROW(update_readme(path, "zoo", line), std::runtime_error);
}

}  // namespace
}  // namespace ws2conform::zoo
