#include "reports/compare/comparison.hpp"

#include <gtest/gtest.h>

#include <string>

#include "reports/compare/changes.hpp"
#include "reports/html.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

using Kind = Change::Kind;
using nlohmann::json;

std::vector<Kind> kinds(const RunResult& before, const RunResult& after) {
  std::vector<Kind> all;
  for (const Change& change : changes(before, after)) all.push_back(change.kind);
  return all;
}

TEST(Changes, AreNoneBetweenTheSameRuns) {
  EXPECT_TRUE(changes(sample_run(), sample_run()).empty());
}

TEST(Changes, TellBetterFromWorseAndFromOther) {
  const RunResult before = sample_run();
  RunResult after = sample_run();
  after.instances[0].verdict = Verdict::kFail;          // passed
  after.instances[1].verdict = Verdict::kInconclusive;  // passed
  after.instances[2].verdict = Verdict::kPass;          // failed
  after.instances[3].verdict = Verdict::kPass;          // did not apply
  EXPECT_EQ(kinds(before, after), (std::vector<Kind>{Kind::kRegressed, Kind::kNewlyInconclusive,
                                                     Kind::kFixed, Kind::kJudgedDifferently}));
}

TEST(Changes, HearOfAFailureForAnotherCheck) {
  RunResult after = sample_run();
  after.instances[2].schedules[1].violations[0].check = "step 2 error";
  EXPECT_EQ(kinds(sample_run(), after), std::vector<Kind>{Kind::kJudgedDifferently});
}

TEST(Changes, NameWhatOnlyOneRunHas) {
  RunResult fewer = sample_run();
  fewer.instances.erase(fewer.instances.begin());
  EXPECT_EQ(kinds(sample_run(), fewer), std::vector<Kind>{Kind::kOnlyBefore});
  EXPECT_EQ(kinds(fewer, sample_run()), std::vector<Kind>{Kind::kOnlyAfter});
}

TEST(Comparison, ShowsTwoRunsOfOneImplementationAndWhatChanged) {
  RunResult after = sample_run();
  after.instances[0].verdict = Verdict::kFail;
  const std::string page = comparison({{sample_run(), "1/index.html"}, {after, ""}}, nullptr);
  EXPECT_TRUE(holds(page, "<h1>2 runs compared</h1>"));
  EXPECT_TRUE(holds(page, "href=\"1/index.html\""));
  EXPECT_TRUE(holds(page, "<h4>regressed</h4> <span class=\"count\">1</span>"));
  EXPECT_TRUE(holds(page, "</html>"));
  EXPECT_FALSE(holds(page, "<script"));
  EXPECT_EQ(page, comparison({{sample_run(), "1/index.html"}, {after, ""}}, nullptr));
}

TEST(Comparison, MarksARequirementOnWhichImplementationsDiffer) {
  RunResult other = sample_run();
  other.implementations[0].iut = "another";
  const std::string same = comparison({{sample_run(), ""}, {other, ""}}, nullptr);
  EXPECT_FALSE(holds(same, "id=\"changes\""));  // they are not one
  EXPECT_FALSE(holds(same, "class=\"differs\""));
  for (InstanceResult& instance : other.instances) instance.verdict = Verdict::kPass;
  const std::string page = comparison({{sample_run(), ""}, {other, ""}}, nullptr);
  EXPECT_TRUE(holds(page, "<tr class=\"differs\"><th scope=\"row\">SEED-A21 "));
  EXPECT_TRUE(holds(page, "<th scope=\"col\">2. another</th>"));
}

json interop() {
  return json::parse(R"({
    "matrix": 1, "reference": "reference",
    "implementations": [{"iut": "one"}, {"iut": "two"}],
    "pairs": [
      {"client": "one", "server": "two", "asked_for": true, "folder": "one-two",
       "verdicts": {"pass": 5, "fail": 2}, "failures": [
         {"case": "a-case", "axes": [["provider", "tcp"]], "verdict": "fail",
          "reason": "a <reason>", "blame": "server", "because": "the reference did it"},
         {"case": "b-case", "axes": [], "verdict": "fail",
          "reason": "another", "blame": "silent", "because": "nothing is said"}]},
      {"client": "two", "server": "one", "asked_for": true, "folder": "two-one",
       "problem": "it could not be started", "failures": []},
      {"client": "one", "server": "one", "asked_for": false, "folder": "x", "failures": []}]})");
}

TEST(Comparison, ShowsWhoCanTalkToWhomAndWhoIsToBlame) {
  const std::string page = comparison({{sample_run(), ""}}, interop());
  EXPECT_TRUE(holds(page, "<a href=\"one-two/index.html\">"));
  EXPECT_TRUE(holds(page, "5 of 7"));
  EXPECT_TRUE(holds(page, ">server 1, silent 1<"));
  EXPECT_TRUE(holds(page, "it could not be started"));
  EXPECT_TRUE(holds(page, "a &lt;reason&gt;"));
  EXPECT_TRUE(holds(page, "<span class=\"none\">–</span>"));  // not asked for
  EXPECT_THROW(comparison({{sample_run(), ""}}, json::object()), json::exception);
}

TEST(Kills, AreShownWithTheCasesThatCatch) {
  const json zoo = json::parse(R"({
    "score": {"faults": 2, "killed": 1, "percent": 50},
    "faults": [
      {"name": "null", "description": "", "kind": "null", "requirements": [], "status": "survived",
       "killed_by": [], "cells": []},
      {"name": "drops-data", "description": "The data is lost.", "kind": "fault",
       "requirements": ["SEED-A21", "GONE-1"], "status": "killed",
       "killed_by": ["totals-answered-by-grand-total", "elsewhere"],
       "cells": [{"reached": true}, {"reached": false}]},
      {"name": "late", "description": "Too late.", "kind": "fault", "requirements": [],
       "status": "survived", "killed_by": [], "cells": [{"reached": true}]}]})");
  const std::string with = page(sample_run(), {zoo, nullptr, nullptr}).html;
  EXPECT_TRUE(holds(with, "<a href=\"#kills\">1 of 2 faults caught</a>"));
  EXPECT_TRUE(holds(with, "<th scope=\"row\">drops-data "));
  EXPECT_TRUE(holds(with, "data-link>totals-answered-by-grand-total elsewhere</td>"));
  EXPECT_FALSE(holds(with, "<th scope=\"row\">null "));
  EXPECT_FALSE(holds(html(sample_run()), "id=\"kills\""));
  EXPECT_THROW(page(sample_run(), {json::object(), nullptr, nullptr}), json::exception);
}

TEST(Kills, OfWhichOnlyTheScoreIsKnownAreNoMoreThanThat) {
  const json zoo = {{"zoo", 1}, {"score", {{"faults", 2}, {"killed", 1}, {"percent", 50}}}};
  const std::string alone = page(sample_run(), {zoo, nullptr, nullptr}).html;
  EXPECT_TRUE(holds(alone, "<a href=\"#kills\">1 of 2 faults caught</a>"));
  EXPECT_TRUE(
      holds(alone,
            "That is the figure that the suite's README tells: it was not measured in this build"));
  EXPECT_FALSE(holds(alone, "<table class=\"kills"));
}

TEST(Cells, AreShownWithTheNumberOfTheirCases) {
  const json cells = json::parse(R"({
    "states": ["idle", "open"],
    "inputs": ["send", "time-out"],
    "cells": [
      {"state": "idle", "input": "send", "outcome": "fails: 10057", "reach": "two ends",
       "reason": "", "cases": []},
      {"state": "open", "input": "send", "outcome": "stays", "reach": "two ends", "reason": "",
       "cases": ["a", "b", "c", "d", "e", "totals-answered-by-grand-total"]},
      {"state": "idle", "input": "time-out", "outcome": "ignored", "reach": "never",
       "reason": "nothing is limited in time", "cases": []},
      {"state": "open", "input": "time-out", "outcome": "<violation>", "reach": "hostile peer",
       "reason": "", "cases": []}]})");
  const std::string with = page(sample_run(), {nullptr, nullptr, cells}).html;
  EXPECT_TRUE(holds(with, "<a href=\"#cells\">"));
  EXPECT_TRUE(holds(with, "1 of the 2 cells"));
  EXPECT_TRUE(holds(with, "<td class=\"cold\" title=\"send in state idle: fails: 10057\">–"));
  EXPECT_TRUE(holds(with, "<td class=\"heat-3\" title=\"send in state open: stays\">6</td>"));
  EXPECT_TRUE(
      holds(with, "ignored, nothing is limited in time\"><span class=\"unseen\">by nobody"));
  EXPECT_TRUE(holds(with, "&lt;violation&gt;\">†"));
  EXPECT_TRUE(holds(with, "<li>idle: <strong>send</strong> <span class=\"sub\">fails: 10057"));
  EXPECT_FALSE(holds(with, "<li>open: "));
  EXPECT_TRUE(holds(with, "and 2 others"));
  EXPECT_FALSE(holds(html(sample_run()), "id=\"cells\""));
  EXPECT_THROW(page(sample_run(), {nullptr, nullptr, json::object()}), json::exception);
}

}  // namespace
}  // namespace ws2conform::reports
