#include "reports/svg/sequence.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "reports/tests/golden.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports::svg {
namespace {

void expect_picture(const std::string& name, const std::vector<StepRecord>& steps) {
  expect_golden(name, Sequence().render(steps, name));
}

TEST(Sequence, OfTheSpecificationsExample) {
  expect_picture("totals", totals_schedule().steps);
}

TEST(Sequence, OfAViolatedStep) {
  expect_picture("violated", failing_schedule().steps);
}

TEST(Sequence, OfThreeActorsAndACallThatHangs) {
  expect_picture("hanging", hanging_schedule().steps);
}

TEST(Sequence, OfARelayedCaseShowsTheWire) {
  const ScheduleResult schedule = relayed_schedule();
  expect_golden("relayed", Sequence().render(schedule.steps, "relayed", schedule.wire));
}

TEST(Sequence, IsWellFormedWhateverTheStepsSay) {
  std::vector<StepRecord> steps = hanging_schedule().steps;
  steps[0].call = "</text><script>alert(1)</script>\x01\xff\"'&";
  steps[0].observed = std::string(5000, '<');
  steps[1].actor = "\"><script>";
  const std::string svg = Sequence().render(steps, "\"><script>");
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_string(svg.c_str());
  EXPECT_TRUE(result) << result.description();
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace ws2conform::reports::svg
