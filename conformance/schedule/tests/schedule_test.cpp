#include "conformance/schedule/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "conformance/case/instance.hpp"
#include "conformance/case/loader.hpp"
#include "conformance/schedule/tests/steps.hpp"

namespace ws2conform::schedule_test {
namespace {

using namespace testing_steps;

const CaseSet& the_cases() {
  static const CaseSet kSet = load_case_set(CASE_FOLDER);
  return kSet;
}

const Case& totals() {
  for (const Case& one : the_cases().cases) {
    if (one.id == "totals-answered-by-grand-total") return one;
  }
  throw std::logic_error("the specification's example is gone");
}

// Where `item` ("6(", "5a") stands in `order`; the number of items where it does not.
std::size_t position(const std::string& order, const std::string& item) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin < order.size();) {
    const std::size_t end = std::min(order.find(' ', begin), order.size());
    items.push_back(order.substr(begin, end - begin));
    begin = end + 1;
  }
  return std::find(items.begin(), items.end(), item) - items.begin();
}

bool has(const std::string& order, const std::string& item) {
  return position(order, item) <= position(order, "8");
}

TEST(Schedules, OfTheSpecificationsExampleAreThirtyTwoWhateverTheNotice) {
  for (const Instance& instance : instances(totals(), "stream")) {
    const ScheduleList list = schedules(instance.steps, 1000, 1);
    EXPECT_EQ(list.possible - list.together, 32U) << instance.name();
    EXPECT_EQ(list.schedules.size(), list.possible);
    EXPECT_FALSE(list.sampled);
  }
}

TEST(Schedules, OfTheSpecificationsExamplePut5aEverywhereAndBeginWaitsEarlyAndLate) {
  const Instance instance = instances(totals(), "stream").front();
  // Which of the places of 5a, and which ways to begin the waits 2 and 6, were seen in one order.
  std::set<std::tuple<int, bool, bool>> seen;
  for (const Schedule& schedule : schedules(instance.steps, 1000, 1).schedules) {
    const std::string order = to_string(schedule, instance.steps);
    if (order.find('+') != std::string::npos) continue;
    const auto at = [&](const std::string& item) { return position(order, item); };
    const bool early2 = has(order, "2(");
    const bool early6 = has(order, "6(");
    const std::size_t end2 = at(early2 ? "2)" : "2");
    const std::size_t end6 = at(early6 ? "6)" : "6");
    ASSERT_TRUE(at("1") < end2 && end2 < at("3") && at("3") < at("4") && at("4") < at("5"))
        << order;
    ASSERT_TRUE(at("5") < at("5a") && at("5") < end6 && end6 < at("7") && at("7") < at("8"))
        << order;
    EXPECT_EQ(at("4"), at("3") + 1) << "arithmetic is nobody's to notice: " << order;
    const int place = at("5a") < end6 ? 0 : at("5a") < at("7") ? 1 : at("5a") < at("8") ? 2 : 3;
    seen.insert({place, early2, early6});
  }
  EXPECT_EQ(seen.size(), 16U) << "5a before 6, between 6 and 7, between 7 and 8 and after 8, each "
                                 "with 2 and 6 begun early and late";
}

TEST(Schedules, ASampleIsTheSameForTheSameSeedAndAnotherForAnother) {
  const Instance instance = instances(totals(), "stream").front();
  const ScheduleList sample = schedules(instance.steps, 10, 7);
  EXPECT_TRUE(sample.sampled);
  EXPECT_EQ(sample.possible, 35U);
  EXPECT_EQ(sample.schedules.size(), 10U);
  EXPECT_EQ(sample.schedules, schedules(instance.steps, 10, 7).schedules);
  EXPECT_NE(sample.schedules, schedules(instance.steps, 10, 8).schedules);
}

TEST(Schedules, AsManyAsTheLimitAreNoSample) {
  const Instance instance = instances(totals(), "stream").front();
  EXPECT_FALSE(schedules(instance.steps, 35, 7).sampled);
  EXPECT_TRUE(schedules(instance.steps, 34, 7).sampled);
}

TEST(Schedules, EachIsAsLikelyAsAnyOther) {
  // Three actors, one call each: six schedules. 600 samples of one, 100 expected of each.
  const std::vector<Step> steps = {step("1", "a", "send"), step("2", "b", "send"),
                                   step("3", "c", "send")};
  std::map<std::string, int> drawn;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    ++drawn[to_string(schedules(steps, 1, seed).schedules.front(), steps)];
  }
  EXPECT_EQ(drawn.size(), 6U);
  for (const auto& [order, times] : drawn) {
    EXPECT_GT(times, 50) << order;
    EXPECT_LT(times, 150) << order;
  }
}

// Of `actors` with so many calls each.
std::vector<Step> unordered(int actors, int calls) {
  std::vector<Step> steps;
  for (int i = 0; i < actors * calls; ++i) {
    steps.push_back(step(std::to_string(i), "actor" + std::to_string(i % actors), "send"));
  }
  return steps;
}

TEST(Schedules, TooManyToCountSaturate) {
  const std::vector<Step> steps = unordered(3, 30);
  const ScheduleList list = schedules(steps, 5, 1);
  EXPECT_EQ(list.possible, std::numeric_limits<std::uint64_t>::max()) << "90! / 30!^3 is 10^41";
  EXPECT_EQ(list.schedules.size(), 5U);
}

TEST(Schedules, TooManyToMakeAreRefusedWithTheirNumber) {
  const std::vector<Step> steps = unordered(4, 5);  // 20! / 5!^4, and six pairs of calls together
  const std::size_t all = std::numeric_limits<std::size_t>::max();
  try {
    schedules(steps, all, 1);
    FAIL() << "more schedules than memory holds";
  } catch (const TooManySchedules& refused) {
    EXPECT_EQ(refused.possible, too_many_schedules(steps, all)->possible);
    EXPECT_EQ(refused.possible - schedules(steps, 1, 1).together, 11732745024U);
    EXPECT_NE(std::string(refused.what()).find(std::to_string(refused.possible)),
              std::string::npos);
  }
  EXPECT_THROW(schedules(steps, kMostSchedules + 1, 1), TooManySchedules);
  EXPECT_FALSE(too_many_schedules(steps, kMostSchedules));
  EXPECT_EQ(schedules(steps, 200, 1).schedules.size(), 200U);
}

TEST(Schedules, AllOfAsManyAsCanBeMadeAreMade) {
  const std::vector<Step> steps = unordered(2, 8);  // 16! / 8!^2 = 12870, and the pairs
  const ScheduleList list = schedules(steps, std::numeric_limits<std::size_t>::max(), 1);
  EXPECT_FALSE(list.sampled);
  EXPECT_EQ(list.possible - list.together, 12870U);
  EXPECT_EQ(list.schedules.size(), list.possible);
}

TEST(Schedules, OpeningRunsInTheOrderWritten) {
  Step connect = step("given.2", "client", "connect");
  connect.by = "given.3";
  const std::vector<Step> steps = {step("given.1", "client", "socket"), connect,
                                   step("given.3", "server", "accept", {"given.2"}),
                                   step("given.4", "client", "getsockname")};
  EXPECT_EQ(to_string(opening_schedule(steps), steps), "given.1 given.2( given.3 given.2) given.4");
}

TEST(Schedules, OfEveryOpeningIncludeEveryStepOnce) {
  for (const Case& source : the_cases().cases) {
    for (const Instance& instance : instances(source, "stream")) {
      std::set<std::size_t> ended;
      for (const ScheduleItem& item : opening_schedule(instance.opening)) {
        if (item.kind != ScheduleItem::Kind::kBegin) {
          EXPECT_TRUE(ended.insert(item.step).second) << instance.name();
        }
      }
      EXPECT_EQ(ended.size(), instance.opening.size()) << instance.name();
    }
  }
}

// Computed apart from this program: 40 bits of FNV-1a 64, lowest five first, in Crockford's digits.
TEST(ReplayId, IsTheSameForEver) {
  EXPECT_EQ(replay_id("", ""), "ZB0303J9");
  EXPECT_EQ(replay_id("totals-answered-by-grand-total/provider=stream,notice=FD_CLOSE",
                      "1 2 3 4 5 6 7 8 5a"),
            "99H3B6AC");
  EXPECT_EQ(replay_id("no-send-after-disconnect/provider=tcp", "1 2 3 4"), "H6F7EART");
}

TEST(ReplayId, IsDistinctOverAllSchedulesOfAllCases) {
  std::map<std::string, std::string> seen;
  for (const Case& source : the_cases().cases) {
    for (const Instance& instance : instances(source, "stream")) {
      for (const Schedule& schedule : schedules(instance.steps, 500, 1).schedules) {
        const std::string order = to_string(schedule, instance.steps);
        const std::string id = replay_id(instance.name(), order);
        EXPECT_EQ(id.size(), 8U);
        EXPECT_TRUE(seen.emplace(id, instance.name() + " " + order).second)
            << id << " is both " << seen[id] << " and " << instance.name() << " " << order;
      }
    }
  }
  EXPECT_GT(seen.size(), 100U);
}

}  // namespace
}  // namespace ws2conform::schedule_test
