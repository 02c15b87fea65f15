#include "reports/text/format.hpp"

#include <gtest/gtest.h>

namespace ws2conform::reports {
namespace {

using namespace std::chrono_literals;

TEST(Duration, TakesTheUnitThatFits) {
  EXPECT_EQ(duration(0ns), "0 µs");
  EXPECT_EQ(duration(412us), "412 µs");
  EXPECT_EQ(duration(12'345us), "12.3 ms");
  EXPECT_EQ(duration(1'230ms), "1.23 s");
  EXPECT_EQ(duration(123s), "2 min 3 s");
  EXPECT_EQ(duration(-5s), "0 µs");
}

TEST(Seconds, HasSixDecimals) {
  EXPECT_EQ(seconds(0ns), "0.000000");
  EXPECT_EQ(seconds(1'500'042us), "1.500042");
  EXPECT_EQ(seconds(-1s), "0.000000");
}

TEST(Count, KnowsOneFromMany) {
  EXPECT_EQ(count(0, "case"), "0 cases");
  EXPECT_EQ(count(1, "case"), "1 case");
  EXPECT_EQ(part(3, 12), "3 of 12");
  EXPECT_EQ(part(12, 12), "12");
}

TEST(Axes, AreNeverEmpty) {
  EXPECT_EQ(axes({}), "no axes");
  EXPECT_EQ(axes({{"provider", "tcp"}, {"family", "IPv6"}}), "provider=tcp, family=IPv6");
}

TEST(Place, LeavesOutALineThatIsNotKnown) {
  EXPECT_EQ(place("a.yaml", 7), "a.yaml:7");
  EXPECT_EQ(place("a.yaml", 0), "a.yaml");
}

TEST(Word, IsWhatReadersCallAProvenance) {
  EXPECT_EQ(word(Provenance::kDocumented), "documented");
  EXPECT_EQ(word(Provenance::kWindows), "Windows");
  EXPECT_EQ(word(Provenance::kReferenceChoice), "reference choice");
}

TEST(Anchor, KeepsDifferentTextsDifferent) {
  EXPECT_EQ(anchor("SEED-A16"), "SEED-A16");
  EXPECT_EQ(anchor("a b"), "a_20b");
  EXPECT_NE(anchor("a_20b"), anchor("a b"));
}

TEST(ReplayCommand, NamesAnImplementationOtherThanTheReference) {
  EXPECT_EQ(replay_command("x1", std::vector<ImplementationInfo>()), "ws2conform replay x1");
  RunResult run;
  run.options = {{"schedules", "1000"}, {"seed", "1"}, {"filter", "*"}};
  EXPECT_EQ(replay_command("x1", run), "ws2conform replay x1");
  run.options = {{"schedules", "7"}, {"seed", "42"}, {"cases", "my cases"}};
  run.edition = "windows";
  EXPECT_EQ(replay_command("x1", run),
            "ws2conform replay x1 --cases 'my cases' --schedules 7 --seed 42 --edition windows");
  run.options = {{"relay", "delay=0..20,split=1"}, {"time_factor", "3.5"}};
  EXPECT_EQ(replay_command("x1", run),
            "ws2conform replay x1 --relay delay=0..20,split=1 --time-factor 3.5 --edition windows");
  run.options = {{"time_factor", "1.0"}};
  run.edition = "documented";
  EXPECT_EQ(replay_command("x1", run), "ws2conform replay x1");
  EXPECT_EQ(replay_command(
                "x1", std::vector<ImplementationInfo>{{"client and server", "reference", "", ""}}),
            "ws2conform replay x1");
  EXPECT_EQ(replay_command("x1", std::vector<ImplementationInfo>{{"client", "a", "", ""},
                                                                 {"server", "reference", "", ""}}),
            "ws2conform replay x1 --client a --server reference");
  EXPECT_EQ(replay_command("x1", std::vector<ImplementationInfo>{{"client and server",
                                                                  "my iuts/it's.yaml", "", ""}}),
            "ws2conform replay x1 'my iuts/it'\\''s.yaml'");
}

TEST(Grouped, SetsThousandsApart) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(932957575), "932,957,575");
}

TEST(Moment, IsReadByPeople) {
  EXPECT_EQ(moment("2026-11-28T19:29:30Z"), "2026-11-28 19:29:30 UTC");
  for (const char* other : {"", "yesterday", "2026-11-28T19:29:30+01:00"})
    EXPECT_EQ(moment(other), other);
}

}  // namespace
}  // namespace ws2conform::reports
