#include "conformance/case/ledger.hpp"

#include <gtest/gtest.h>

#include "conformance/case/loader.hpp"
#include "conformance/case/tests/scratch.hpp"

namespace ws2conform::ledger_test {
namespace {

const std::string kHead =
    "- id: A-1\n  level: must\n  source: A document\n  statement: Ducks swim.\n";

class LedgerTest : public testing::Test {
 protected:
  Requirement only(const std::string& rest) {
    Requirements requirements;
    load_requirements(folder_.write("one.yaml", kHead + rest), "one.yaml", requirements);
    return requirements.at("A-1");
  }

  std::string error(const std::string& rest) {
    try {
      only(rest);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  // The set of A-1 with `rest`, and of a case that names it where `named`.
  CaseSet set(const std::string& rest, bool named) {
    folder_.write("cases/requirements/all.yaml",
                  kHead + rest +
                      "- id: B-1\n  level: may\n  source: A document\n"
                      "  statement: Ducks dive too.\n");
    folder_.write("cases/area/a-case.yaml",
                  "id: a-case\ntitle: A case for a test\nrequirements: [B-1" +
                      std::string(named ? ", A-1" : "") + "]\nsteps: [{client: socket}]\n");
    return load_case_set(folder_.path("cases"));
  }

  ScratchFolder folder_;
};

TEST_F(LedgerTest, AnEntryKeepsAllThatIsWritten) {
  const Requirement entry = only(
      "  needs: [connect-data]\n  lacks: [half-close]\n  state: silent\n"
      "  readings: {swims: it swims, sinks: it sinks}\n  suite: Both are recorded.\n"
      "  wording: [sha256:" +
      std::string(64, 'a') + "/12]\n");
  EXPECT_EQ(entry.needs, std::vector<std::string>{"connect-data"});
  EXPECT_EQ(entry.lacks, std::vector<std::string>{"half-close"});
  EXPECT_EQ(entry.state, State::kSilent);
  EXPECT_EQ(entry.readings.at("sinks"), "it sinks");
  EXPECT_EQ(entry.suite, "Both are recorded.");
  EXPECT_EQ(entry.wording.front(), "sha256:" + std::string(64, 'a') + "/12");
  EXPECT_EQ(only("  state: untestable\n  reason: Nobody can look.\n").reason, "Nobody can look.");
}

TEST_F(LedgerTest, AStateNeedsItsWords) {
  EXPECT_EQ(error("  state: excluded\n"),
            "one.yaml:1:3: requirement A-1 is excluded: it needs `reason`");
  EXPECT_EQ(error("  state: silent\n  suite: Both are recorded.\n"),
            "one.yaml:1:3: requirement A-1 is silent: it needs `readings`");
  EXPECT_EQ(error("  state: contradictory\n  readings: {a: it swims, b: it sinks}\n"),
            "one.yaml:1:3: requirement A-1 is contradictory: it needs `suite`");
  EXPECT_EQ(error("  reason: Nobody can look.\n"),
            "one.yaml:5:11: requirement A-1 is open: it has no `reason`");
}

TEST_F(LedgerTest, WhatIsNoStateOrCapabilityIsRefused) {
  EXPECT_NE(error("  state: tested\n"), "");  // it follows from the cases
  EXPECT_EQ(error("  needs: [conect-data]\n"),
            "one.yaml:1:3: requirement A-1: unknown capability \"conect-data\"; did you mean "
            "\"connect-data\"?");
  EXPECT_NE(error("  wording: [sha256:abc/1]\n"), "");
  EXPECT_NE(error("  state: silent\n  readings: {only: it swims}\n  suite: Both are recorded.\n"),
            "");
}

TEST_F(LedgerTest, ATestedRequirementIsInOrder) {
  const CaseSet cases = set("", true);
  EXPECT_TRUE(ledger_problems(cases).empty());
  const std::vector<LedgerEntry> entries = ledger(cases);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].requirement->id, "A-1");
  ASSERT_EQ(entries[0].cases.size(), 1U);
  EXPECT_EQ(entries[0].cases[0]->id, "a-case");
  EXPECT_EQ(state_text(entries[0]), "tested");
}

TEST_F(LedgerTest, LosingTheLastCaseIsAProblem) {
  const CaseSet cases = set("", false);
  EXPECT_EQ(ledger_problems(cases),
            std::vector<std::string>{
                "cases/requirements/all.yaml:1: A-1 has no state: no case tests it, and it is "
                "neither excluded nor untestable"});
  EXPECT_EQ(state_text(ledger(cases).front()), "");
}

TEST_F(LedgerTest, WhatIsLeftOutIsNotTested) {
  const std::string excluded = "  state: excluded\n  reason: Nobody can look.\n";
  EXPECT_TRUE(ledger_problems(set(excluded, false)).empty());
  EXPECT_EQ(ledger_problems(set(excluded, true)),
            std::vector<std::string>{
                "cases/requirements/all.yaml:1: A-1 is excluded, yet case a-case tests it"});
}

TEST_F(LedgerTest, WhatIsAmbiguousIsLookedAt) {
  const std::string silent =
      "  state: silent\n  readings: {a: it swims, b: it sinks}\n  suite: Both are recorded.\n";
  EXPECT_TRUE(ledger_problems(set(silent, true)).empty());
  EXPECT_EQ(state_text(ledger(set(silent, true)).front()), "silent");
  EXPECT_EQ(ledger_problems(set(silent, false)),
            std::vector<std::string>{
                "cases/requirements/all.yaml:1: A-1 is silent, and no case looks at which "
                "reading holds"});
}

}  // namespace
}  // namespace ws2conform::ledger_test
