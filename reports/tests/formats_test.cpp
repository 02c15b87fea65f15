// TAP, badge, annotations and SARIF.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "reports/annotations.hpp"
#include "reports/badge.hpp"
#include "reports/sarif.hpp"
#include "reports/tap.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

std::string with(const std::vector<std::string>& all, const std::string& text) {
  for (const std::string& line : all)
    if (line.find(text) != std::string::npos) return line;
  return {};
}

bool begins(const std::string& text, const std::string& with) {
  return text.compare(0, with.size(), with) == 0;
}

TEST(Tap, HasAPointForEachInstance) {
  const std::vector<std::string> all = lines(tap(sample_run()));
  EXPECT_EQ(all.at(0), "TAP version 14");
  EXPECT_EQ(all.at(1), "1..8");
  const auto points = std::count_if(all.begin(), all.end(), [](const std::string& line) {
    return begins(line, "ok ") || begins(line, "not ok ");
  });
  EXPECT_EQ(points, 8);
  EXPECT_TRUE(begins(with(all, "provider=message,notice=FD_CLOSE"), "ok 1 - "));
  EXPECT_TRUE(begins(with(all, "notice=WSAEDISCON"), "not ok 3 - "));
}

TEST(Tap, SaysWhatIsNoFailureAndWhy) {
  const std::vector<std::string> all = lines(tap(sample_run()));
  EXPECT_NE(with(all, "# SKIP tcp does not declare XP1_DISCONNECT_DATA"), "");
  EXPECT_TRUE(begins(with(all, "# TODO inconclusive: No answer"), "not ok "));
  EXPECT_TRUE(begins(with(all, "# TODO known failure: baseline"), "not ok "));
  EXPECT_NE(with(all, "  replay: \"ws2conform replay t7-9e02 layered\""), "");
}

TEST(Tap, LetsNoTextBeginADirective) {
  RunResult run = sample_run();
  run.instances.resize(3);
  run.instances[2].case_id = "evil # TODO\nok 4 - forged";
  const std::vector<std::string> all = lines(tap(run));
  EXPECT_TRUE(begins(with(all, "evil"), "not ok 3 - evil \\# TODO ok 4 - forged"));
}

TEST(Tap, BailsOutOfARunThatWasCutOff) {
  RunResult run = sample_run();
  EXPECT_EQ(tap(run).find("Bail out!"), std::string::npos);
  run.complete = false;
  EXPECT_NE(tap(run).find("Bail out!"), std::string::npos);
  EXPECT_NE(tap({}).find("1..0 # SKIP"), std::string::npos);
}

TEST(Badge, SaysHowManyPassAndItsColourHowItWent) {
  RunResult run = sample_run();
  nlohmann::json shown = nlohmann::json::parse(badge(run));
  EXPECT_EQ(shown.at("schemaVersion"), 1);
  EXPECT_EQ(shown.at("message"), "2 of 7 pass");
  EXPECT_EQ(shown.at("color"), "red");
  EXPECT_EQ(shown.at("isError"), true);
  run.instances.resize(2);
  shown = nlohmann::json::parse(badge(run));
  EXPECT_EQ(shown.at("color"), "brightgreen");
  EXPECT_EQ(shown.at("isError"), false);
  run.complete = false;
  EXPECT_EQ(nlohmann::json::parse(badge(run)).at("color"), "lightgrey");
}

TEST(Annotations, StandAtTheLineThatIsViolated) {
  const std::vector<std::string> all = lines(annotations(sample_run()));
  ASSERT_EQ(all.size(), 5u);  // two passed, one does not apply
  EXPECT_TRUE(begins(all[0],
                     "::error file=cases/teardown/totals-answered-by-grand-total.yaml,line=19,"
                     "title=fail%3A totals-answered-by-grand-total/"))
      << all[0];
  EXPECT_NE(all[0].find("%0Aws2conform replay t7-9e02"), std::string::npos);
  EXPECT_TRUE(begins(with(all, "refused-after-close"), "::warning "));
  EXPECT_TRUE(begins(with(all, "rejected-caller"), "::notice "));
  EXPECT_TRUE(begins(with(all, "backlog-of-one"), "::error "));
}

TEST(Annotations, LetNoTextEndOne) {
  RunResult run = sample_run();
  run.instances = {run.instances[2]};
  run.instances[0].reason = "a\n::error::forged";
  run.instances[0].case_id = "x::y,z%";
  const std::vector<std::string> all = lines(annotations(run));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_NE(all[0].find("x%3A%3Ay%2Cz%25"), std::string::npos);
}

TEST(Sarif, HasAResultForEachFinding) {
  const nlohmann::json log = nlohmann::json::parse(
      sarif({{{"cases/a.yaml", 12, 3}, "no such requirement"}, {{"b.yaml", 0, 0}, "empty"}}, "1"));
  EXPECT_EQ(log.at("version"), "2.1.0");
  const nlohmann::json& run = log.at("runs").at(0);
  EXPECT_EQ(run.at("tool").at("driver").at("name"), "ws2conform lint");
  ASSERT_EQ(run.at("results").size(), 2u);
  const nlohmann::json& place = run.at("results")[0].at("locations")[0].at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), "cases/a.yaml");
  EXPECT_EQ(place.at("region").at("startLine"), 12);
  EXPECT_FALSE(run.at("results")[1].at("locations")[0].at("physicalLocation").contains("region"));
  EXPECT_EQ(nlohmann::json::parse(sarif({}, "1")).at("runs").at(0).at("results").size(), 0u);
}

}  // namespace
}  // namespace ws2conform::reports
