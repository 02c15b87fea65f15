#include "reports/page/figure.hpp"

#include <gtest/gtest.h>

#include "reports/actors.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

// A row as text: "1|-".
std::vector<std::string> shown(const std::vector<StepRecord>& steps) {
  std::vector<std::string> rows;
  for (const StepRow& row : step_rows(steps)) {
    std::string text;
    for (const StepRecord* step : row)
      text += (text.empty() ? "" : "|") + (step == nullptr ? std::string("-") : step->id);
    rows.push_back(text);
  }
  return rows;
}

TEST(StepRows, StandAsInTheSpecification) {
  const ScheduleResult schedule = totals_schedule();
  EXPECT_EQ(shown(schedule.steps), (std::vector<std::string>{"b|a", "-|c", "1|-", "-|2", "-|3",
                                                             "-|4", "-|5", "6|5a", "7|-", "8|-"}));
}

TEST(StepRows, HaveAPlaceForEachActor) {
  const ScheduleResult schedule = hanging_schedule();
  EXPECT_EQ(actors(schedule.steps),
            (std::vector<std::string>{"client", "second_client", "server"}));
  for (const StepRow& row : step_rows(schedule.steps)) EXPECT_EQ(row.size(), 3u);
}

TEST(Actors, PutTheClientFirst) {
  EXPECT_EQ(actors(totals_schedule().steps), (std::vector<std::string>{"client", "server"}));
  EXPECT_EQ(side("second_client"), "Second client side");
}

TEST(Figure, MarksTheViolatedStepInWords) {
  const std::string html = Figure().render(failing_schedule()).steps;
  EXPECT_NE(html.find("✗ violated"), std::string::npos);
  EXPECT_NE(html.find("○ not reached"), std::string::npos);
  EXPECT_EQ(Figure().render(totals_schedule()).steps.find("violated"), std::string::npos);
}

TEST(Figure, SaysThatACallNeverReturned) {
  EXPECT_NE(Figure().render(hanging_schedule()).steps.find("<dd>never returned"),
            std::string::npos);
}

TEST(Figure, FoldsAnOpeningThatWentAsExpected) {
  EXPECT_NE(Figure().render(totals_schedule()).opening.find("Given 3 steps, as expected"),
            std::string::npos);
  ScheduleResult schedule = totals_schedule();
  schedule.steps[1].status = StepRecord::Status::kViolated;
  const Picture unfolded = Figure().render(schedule);
  EXPECT_EQ(unfolded.opening, "");
  EXPECT_NE(unfolded.steps.find("<th scope=\"rowgroup\" colspan=\"2\">Given</th>"),
            std::string::npos);
}

TEST(Figure, IsTheSameWhateverThePorts) {
  ScheduleResult one = totals_schedule();
  ScheduleResult other = totals_schedule();
  one.steps[0].observed = "returns 0, addr 127.0.0.1:40112";
  other.steps[0].observed = "returns 0, addr 127.0.0.1:51234";
  const Picture picture = Figure().render(one);
  EXPECT_NE(picture.opening.find("addr 127.0.0.1"), std::string::npos);
  EXPECT_EQ(picture.opening, Figure().render(other).opening);
  EXPECT_EQ(picture.steps, Figure().render(other).steps);
}

TEST(Figure, IsNothingWithoutSteps) {
  const Picture nothing = Figure().render({});
  EXPECT_EQ(nothing.opening + nothing.steps, "");
}

}  // namespace
}  // namespace ws2conform::reports
