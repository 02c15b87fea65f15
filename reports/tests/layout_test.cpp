#include "reports/svg/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "reports/svg/events.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports::svg {
namespace {

using namespace std::chrono_literals;

std::size_t spans(const Layout& layout, Span::Kind kind) {
  return static_cast<std::size_t>(std::count_if(layout.spans.begin(), layout.spans.end(),
                                                [&](const Span& s) { return s.kind == kind; }));
}

StepRecord step(const char* id, const char* actor) {
  StepRecord record;
  record.id = id;
  record.actor = actor;
  record.status = StepRecord::Status::kMet;
  return record;
}

TEST(OrderEvents, CountsEventsAndNotTime) {
  StepRecord first = step("1", "client");
  first.began = 0ns;
  first.ended = 1h;
  StepRecord second = step("2", "server");
  second.began = 1ns;
  second.ended = 2ns;
  const EventOrder order = order_events({first, second});
  EXPECT_EQ(order.rows, 4);
  EXPECT_EQ(order.steps[0].began, 0);
  EXPECT_EQ(order.steps[1].began, 1);
  EXPECT_EQ(order.steps[1].ended, 2);
  EXPECT_EQ(order.steps[0].ended, 3);
}

TEST(OrderEvents, PutsStepsWithoutTimesAfterTheirActorsPreviousStep) {
  StepRecord first = step("1", "server");
  first.began = 10ns;
  first.ended = 20ns;
  StepRecord later = step("3", "client");
  later.began = 30ns;
  later.ended = 40ns;
  const EventOrder order = order_events({first, step("2", "server"), later});
  EXPECT_EQ(order.steps[1].began, 2);
  EXPECT_EQ(order.steps[1].ended, 3);
  EXPECT_EQ(order.steps[2].began, 4);
}

TEST(OrderEvents, SurvivesTimesThatRunBackwards) {
  StepRecord odd = step("1", "client");
  odd.began = 20ns;
  odd.ended = 10ns;
  const EventOrder order = order_events({odd});
  EXPECT_EQ(order.steps[0].began, 0);
  EXPECT_EQ(order.steps[0].ended, 1);
}

TEST(Layout, DrawsAWaitLongerThanACall) {
  const Layout layout = lay_out(totals_schedule().steps);
  EXPECT_EQ(spans(layout, Span::Kind::kWait), 1u);
  EXPECT_EQ(spans(layout, Span::Kind::kCall), 8u);
  EXPECT_EQ(layout.arrows.size(), 2u);
  EXPECT_EQ(layout.dividers.size(), 1u);  // the opening
}

TEST(Layout, ShowsWhatFailedWhatHangsAndWhatWasNotReached) {
  const Layout failing = lay_out(failing_schedule().steps);
  EXPECT_EQ(spans(failing, Span::Kind::kNotReached), 1u);
  EXPECT_TRUE(std::any_of(failing.spans.begin(), failing.spans.end(),
                          [](const Span& span) { return span.violated; }));
  EXPECT_EQ(spans(lay_out(hanging_schedule().steps), Span::Kind::kOpen), 1u);
}

TEST(Layout, PutsWhatWasExpectedBelowWhatWasObserved) {
  const Layout layout = lay_out(failing_schedule().steps);
  const auto of_kind = [&](Label::Kind kind) {
    return std::find_if(layout.labels.begin(), layout.labels.end(),
                        [&](const Label& label) { return label.kind == kind && label.violated; });
  };
  const auto observed = of_kind(Label::Kind::kResult);
  const auto expected = of_kind(Label::Kind::kExpected);
  ASSERT_NE(observed, layout.labels.end());
  ASSERT_NE(expected, layout.labels.end());
  EXPECT_EQ(expected->x, observed->x);
  EXPECT_GT(expected->y, observed->y);
  EXPECT_TRUE(expected->text.starts_with("expected: ")) << expected->text;
  // Nothing else stands where it does.
  EXPECT_EQ(std::count_if(layout.labels.begin(), layout.labels.end(),
                          [&](const Label& label) { return std::abs(label.y - expected->y) < 14; }),
            1);
}

TEST(Layout, MarksAnOrderThatDidNotHold) {
  StepRecord cause = step("1", "client");
  cause.began = 30ns;
  cause.ended = 40ns;
  StepRecord early = step("2", "server");
  early.after = {"1"};
  early.began = 10ns;
  early.ended = 20ns;
  early.status = StepRecord::Status::kViolated;
  const Layout layout = lay_out({cause, early});
  ASSERT_EQ(layout.arrows.size(), 1u);
  EXPECT_TRUE(layout.arrows[0].violated);
  EXPECT_LT(layout.arrows[0].y2, layout.arrows[0].y1);
  for (const Arrow& arrow : lay_out(failing_schedule().steps).arrows) EXPECT_FALSE(arrow.violated);
}

TEST(Layout, ShowsWhatACallStaysPendingFor) {
  StepRecord connect = step("1", "client");
  connect.until = "2";
  connect.began = 10ns;
  connect.ended = 40ns;
  StepRecord accept = step("2", "server");
  accept.began = 20ns;
  accept.ended = 30ns;
  Layout layout = lay_out({connect, accept});
  ASSERT_EQ(layout.arrows.size(), 1u);
  EXPECT_GT(layout.arrows[0].x1, layout.arrows[0].x2);  // from the server's accept
  EXPECT_FALSE(layout.arrows[0].violated);
  connect.ended = 15ns;
  connect.status = StepRecord::Status::kViolated;
  layout = lay_out({connect, accept});
  ASSERT_EQ(layout.arrows.size(), 1u);
  EXPECT_TRUE(layout.arrows[0].violated);
}

TEST(Layout, PutsACallWithinAnotherUponIt) {
  StepRecord accept = step("1", "server");
  accept.began = 10ns;
  accept.ended = 40ns;
  StepRecord condition = step("2", "server");
  condition.began = 20ns;
  condition.ended = 30ns;
  const Layout layout = lay_out({accept, condition});
  EXPECT_EQ(layout.spans[0].depth, 0);
  EXPECT_EQ(layout.spans[1].depth, 1);
  EXPECT_GT(layout.spans[1].x, layout.spans[0].x);
}

TEST(Layout, UnfoldsAnOpeningThatWentWrong) {
  std::vector<StepRecord> steps = totals_schedule().steps;
  steps[1].status = StepRecord::Status::kViolated;
  const Layout layout = lay_out(steps);
  EXPECT_EQ(layout.spans.size(), 12u);
  EXPECT_TRUE(layout.dividers.empty());
}

TEST(Layout, KeepsEverythingInsideItsBounds) {
  for (const auto& schedule : {totals_schedule(), failing_schedule(), hanging_schedule()}) {
    const Layout layout = lay_out(schedule.steps);
    for (const Span& span : layout.spans) {
      EXPECT_GT(span.bottom, span.top);
      EXPECT_LE(span.bottom, layout.height);
    }
    for (const Label& label : layout.labels) {
      EXPECT_GE(label.x, 0);
      EXPECT_LE(label.x, layout.width);
      EXPECT_LE(label.y, layout.height);
    }
  }
}

TEST(Layout, PutsWhatTheRelaySawBetweenTheEvents) {
  const ScheduleResult schedule = relayed_schedule();
  const Layout layout = lay_out(schedule.steps, schedule.wire);
  // The first is of the folded opening; the second and the third are one that went all the way.
  ASSERT_EQ(layout.wire.size(), 5u);
  const int client = layout.lifelines[0].x;
  const int server = layout.lifelines[1].x;
  const int middle = (client + server) / 2;
  EXPECT_LT(layout.wire[0].x1, middle);
  EXPECT_GT(layout.wire[0].x2, middle);
  EXPECT_EQ(layout.wire[1].x2, middle);  // came to the relay and no further
  EXPECT_FALSE(layout.wire[1].arrived);
  EXPECT_EQ(layout.wire[2].x1, middle);
  EXPECT_LT(layout.wire[2].x2, middle);  // to the client
  EXPECT_GT(layout.wire[4].x2, middle);
  for (std::size_t i = 1; i < layout.wire.size(); ++i)
    EXPECT_GT(layout.wire[i].y, layout.wire[i - 1].y);
  EXPECT_GT(layout.height, lay_out(schedule.steps).height);
  EXPECT_EQ(lay_out(schedule.steps).labels.size(), layout.labels.size());
}

TEST(Layout, ShowsTheFirstOfManyOnTheWire) {
  ScheduleResult schedule = relayed_schedule();
  schedule.wire.clear();
  for (int i = 0; i < 50; ++i)
    schedule.wire.push_back(
        {205us, "client", "server", i % 2 == 0, i % 2 == 0 ? "1 octet" : "FIN"});
  const Layout layout = lay_out(schedule.steps, schedule.wire);
  ASSERT_EQ(layout.wire.size(), 6u);
  EXPECT_EQ(layout.wire.back().text, "and 45 more");
}

TEST(Layout, DrawsTheCallsOfTwoLanesBesideOneAnother) {
  StepRecord wait = step("1", "client");
  wait.lane = 2;
  wait.began = 0ns;
  wait.ended = 3ns;
  StepRecord call = step("2", "client");
  call.began = 1ns;
  call.ended = 2ns;
  const Layout layout = lay_out({wait, call});
  ASSERT_EQ(layout.spans.size(), 2U);
  EXPECT_NE(layout.spans[0].x, layout.spans[1].x);
}

TEST(Layout, IsEmptyWithoutSteps) {
  const Layout layout = lay_out({});
  EXPECT_TRUE(layout.lifelines.empty());
  EXPECT_TRUE(layout.spans.empty());
}

}  // namespace
}  // namespace ws2conform::reports::svg
