// Everything that two applications, the way between them and time can do, within bounds. The counts
// are exact and pinned: a change of the core that moves one changes what is possible.

#include "connection/exploration/explorer.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <ostream>

namespace ws2 {
namespace {

struct Run {
  const char* name;
  const Limits& limits;
  EditionName edition;
  Bounds bounds;
  std::size_t states;
  std::size_t transitions;
};

void PrintTo(const Run& run, std::ostream* out) {
  *out << run.name;
}

constexpr Bounds kCallsOnly{.caller_sends = 0, .acceptor_sends = 0};
constexpr Bounds kOneSendEach{};
constexpr auto kText = EditionName::kDocumented;
constexpr auto kWindows = EditionName::kWindows;

class Exhaustive : public testing::TestWithParam<Run> {};

TEST_P(Exhaustive, EveryPromiseHolds) {
  Limits limits = GetParam().limits;
  limits.edition = edition_of(GetParam().edition);
  const Exploration found = explore(limits, GetParam().bounds);
  EXPECT_FALSE(found.broken) << report(found);
  EXPECT_EQ(found.states, GetParam().states);
  EXPECT_EQ(found.transitions, GetParam().transitions);
  std::printf("%zu states, %zu transitions\n", found.states, found.transitions);
}

INSTANTIATE_TEST_SUITE_P(
    Runs, Exhaustive,
    testing::Values(Run{"stream", kStreamLimits, kText, kCallsOnly, 7214, 213478},
                    Run{"message", kMessageLimits, kText, kCallsOnly, 7214, 247847},
                    Run{"tcp", kTcpLimits, kText, kOneSendEach, 7450, 187309},
                    Run{"tcp_as_windows", kTcpLimits, kWindows, kOneSendEach, 7470, 187589},
                    Run{"decnet", kDecnetLimits, kText, kCallsOnly, 10302, 313576},
                    Run{"tp4", kTp4Limits, kText, kCallsOnly, 4614, 136413}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace ws2
