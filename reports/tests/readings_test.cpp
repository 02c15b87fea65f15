#include "reports/readings.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/ctrf.hpp"
#include "reports/html.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

StepRecord showing(const char* requirement, const char* reading) {
  StepRecord step;
  step.id = "4";
  step.actor = "server";
  step.requirement = requirement;
  step.reading = reading;
  step.status = StepRecord::Status::kMet;
  return step;
}

ScheduleResult schedule(std::vector<StepRecord> steps) {
  ScheduleResult made;
  made.steps = std::move(steps);
  return made;
}

InstanceResult instance(const char* id, const char* provider,
                        std::vector<ScheduleResult> schedules) {
  InstanceResult made;
  made.case_id = id;
  made.axes = {{"provider", provider}};
  made.schedules = std::move(schedules);
  return made;
}

// TEAR-30 is read one way on messages and another on streams; ACC-08 one way everywhere.
RunResult run_with_readings() {
  RunResult run = sample_run();
  Requirement open;
  open.id = "ACC-08";
  open.statement = "What becomes of the <request>.";
  open.readings = {{"kept", "it stays queued"}, {"lost", "it is gone"}};
  run.requirements["ACC-08"] = open;
  run.instances.push_back(
      instance("end-of-messages", "message",
               {schedule({showing("TEAR-30", "discon"), showing("ACC-08", "kept")}),
                schedule({showing("TEAR-30", "discon"), showing("TEAR-30", "discon")})}));
  run.instances.push_back(
      instance("end-of-messages", "tp4", {schedule({showing("TEAR-30", "discon")})}));
  run.instances.push_back(
      instance("end-of-others", "stream", {schedule({showing("TEAR-30", "zero")})}));
  return run;
}

// Of one requirement, whichever comes first in a run where calls race.
TEST(Readings, AreInTheSameOrderInEachRun) {
  const auto text = [](const char* first, const char* second) {
    RunResult run;
    run.instances.push_back(
        instance("a-race", "stream",
                 {schedule({showing("ACC-31", first)}), schedule({showing("ACC-31", second)})}));
    return readings_text(run);
  };
  EXPECT_EQ(text("closing", "reset"), text("reset", "closing"));
  EXPECT_NE(text("closing", "reset").find("closing (stream); reset (stream)"), std::string::npos);
}

TEST(Readings, AreGatheredByRequirement) {
  const std::vector<ReadingsOfRequirement> list = readings(run_with_readings());
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].requirement, "ACC-08");
  EXPECT_EQ(list[0].question, "What becomes of the <request>.");
  ASSERT_EQ(list[0].seen.size(), 1U);
  EXPECT_EQ(list[0].seen[0].meaning, "it stays queued");
  EXPECT_EQ(list[0].unseen, std::vector<std::string>{"lost"});

  EXPECT_EQ(list[1].requirement, "TEAR-30");
  EXPECT_TRUE(list[1].question.empty());
  ASSERT_EQ(list[1].seen.size(), 2U);
  EXPECT_EQ(list[1].seen[0].schedules, 3U);  // twice in one schedule is once
  ASSERT_EQ(list[1].seen[0].places.size(), 1U);
  EXPECT_EQ(list[1].seen[0].places[0].case_id, "end-of-messages");
  EXPECT_EQ(providers(list[1].seen[0]), (std::vector<std::string>{"message", "tp4"}));
}

TEST(Readings, AreALineEachInTheSummary) {
  EXPECT_EQ(readings_text(run_with_readings()),
            "readings seen where the specification is ambiguous, each of them allowed:\n"
            "  ACC-08  kept (message)\n"
            "  TEAR-30  discon (message, tp4); zero (stream)\n");
}

TEST(Readings, OfNoneNothingIsSaid) {
  EXPECT_EQ(readings_text(sample_run()), "");
  EXPECT_EQ(html(sample_run()).find("id=\"readings\""), std::string::npos);
}

TEST(Readings, HaveASectionInThePage) {
  const std::string page = html(run_with_readings());
  EXPECT_NE(page.find("<section id=\"readings\""), std::string::npos);
  EXPECT_NE(page.find("What becomes of the &lt;request&gt;."), std::string::npos);
  EXPECT_NE(page.find("<strong>kept</strong>: it stays queued"), std::string::npos);
  EXPECT_NE(page.find("also allowed, and not seen: lost"), std::string::npos);
  EXPECT_NE(page.find("<a href=\"#case-end-of-messages\">end-of-messages</a> (message, tp4)"),
            std::string::npos);
}

TEST(Readings, StandInCtrf) {
  const auto report = nlohmann::json::parse(ctrf(run_with_readings()));
  for (const auto& test : report.at("results").at("tests")) {
    const std::string name = test.at("name");
    if (name.rfind("end-of-messages/provider=message", 0) == 0) {
      EXPECT_EQ(test.at("extra").at("readings"),
                (nlohmann::json{{"ACC-08", {"kept"}}, {"TEAR-30", {"discon"}}}));
    } else if (name.rfind("end-of-", 0) != 0) {
      EXPECT_FALSE(test.at("extra").contains("readings")) << name;
    }
  }
}

}  // namespace
}  // namespace ws2conform::reports
