#include "reports/svg/histogram.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "reports/html.hpp"
#include "reports/tests/golden.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports::svg {
namespace {

using namespace std::chrono_literals;

// "3 from 1us", a bar each.
std::vector<std::pair<std::size_t, std::chrono::nanoseconds>> bars(
    const std::vector<std::chrono::nanoseconds>& values) {
  std::vector<std::pair<std::size_t, std::chrono::nanoseconds>> all;
  for (const Histogram::Bar& bar : histogram(values).bars) all.emplace_back(bar.number, bar.from);
  return all;
}

using Bars = decltype(bars({}));

TEST(Histogram, HasThreeBarsToAPowerOfTen) {
  EXPECT_EQ(bars({1us, 1999ns, 2us, 5us, 9999ns, 10us}),
            (Bars{{2, 1us}, {1, 2us}, {2, 5us}, {1, 10us}}));
}

TEST(Histogram, KeepsTheEmptyBarsBetween) {
  EXPECT_EQ(bars({1ms, 12ms}), (Bars{{1, 1ms}, {0, 2ms}, {0, 5ms}, {1, 10ms}}));
}

TEST(Histogram, TakesWhatIsShorterThanItsScaleForTheLeast) {
  EXPECT_EQ(bars({0ns, 1ns}), (Bars{{2, 1us}}));
}

TEST(Histogram, IsNothingWithoutValues) {
  EXPECT_TRUE(histogram({}).bars.empty());
  EXPECT_EQ(plot({}, "nothing"), "");
}

TEST(Plot, OfSomeCalibrations) {
  expect_golden(
      "calibration",
      plot(histogram({180us, 210us, 240us, 260us, 300us, 420us, 510us, 730us, 1100us, 6ms}),
           "The slowest call"));
}

TEST(Plot, SaysItsNumbersAloud) {
  const std::string svg = plot(histogram({1ms, 1ms, 12s}), "\"<b>\"");
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(svg.c_str()));
  EXPECT_STREQ(document.child("svg").attribute("aria-label").value(),
               "\"<b>\": 2 from 1 ms to 2 ms; 1 from 10 s to 20 s");
}

TEST(Windows, AreCountedInTheBannerAndShownInThePlots) {
  RunResult run = sample_run();
  EXPECT_EQ(html(run).find("id=\"windows\""), std::string::npos);
  EXPECT_NE(html(run).find("<dt>Windowed</dt><dd>no case"), std::string::npos);
  for (ScheduleResult& schedule : run.instances[0].schedules) {
    schedule.slowest_opening = 700us;
    schedule.windows = {{"3", 35ms}};
  }
  run.instances[1].schedules[0].slowest_opening = 900us;
  const std::string with = html(run);
  EXPECT_NE(with.find("<a href=\"#windows\">1 case</a> (2 schedules)"), std::string::npos);
  EXPECT_NE(with.find("3 schedules: 700 µs to 900 µs, median 700 µs"), std::string::npos) << with;
  EXPECT_NE(with.find("2 windows: 35.0 ms to 35.0 ms, median 35.0 ms"), std::string::npos);
  EXPECT_NE(with.find("aria-label=\"The slowest call of an opening: 3 from 500 µs to 1 ms\""),
            std::string::npos);
}

}  // namespace
}  // namespace ws2conform::reports::svg
