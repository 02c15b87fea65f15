#include "connection/state_table.hpp"

#include <gtest/gtest.h>

#include <set>

#include "ws2/errors.h"

namespace ws2 {
namespace {

constexpr auto kFirstPeerInput = Input::kPeerRequest;

bool is_call(Input input) {
  return input < kFirstPeerInput;
}

TEST(StateTable, OnlyCallsFailAndOnlyUnitsViolate) {
  for (std::size_t s = 0; s < kStateCount; ++s) {
    for (std::size_t i = 0; i < kInputCount; ++i) {
      const auto state = static_cast<State>(s);
      const auto input = static_cast<Input>(i);
      const Transition& entry = transition(state, input);
      const bool error = entry.allowed == Allowed::kError || entry.allowed == Allowed::kFailure;
      const bool unit = input >= Input::kPeerRequest && input <= Input::kPeerRelease;
      EXPECT_TRUE(is_call(input) || !error) << to_string(state) << " x " << to_string(input);
      EXPECT_TRUE(unit || entry.allowed != Allowed::kViolation)
          << to_string(state) << " x " << to_string(input);
      EXPECT_EQ(entry.error != 0, entry.allowed == Allowed::kError);
      if (entry.allowed != Allowed::kYes) {
        EXPECT_EQ(entry.next, state);
      }
    }
  }
}

TEST(StateTable, EveryStateIsReachedFromABeginning) {
  std::set<State> reached = {State::kIdle, State::kAwaitingRequest};
  for (std::size_t round = 0; round < kStateCount; ++round) {
    for (const State state : std::set<State>(reached)) {
      for (std::size_t i = 0; i < kInputCount; ++i)
        reached.insert(transition(state, static_cast<Input>(i)).next);
    }
  }
  EXPECT_EQ(reached.size(), kStateCount);
}

TEST(StateTable, ClosedIsFinal) {
  for (std::size_t i = 0; i < kInputCount; ++i)
    EXPECT_EQ(transition(State::kClosed, static_cast<Input>(i)).next, State::kClosed);
}

TEST(StateTable, EveryStateGetsToClosedByCallsAlone) {
  for (std::size_t s = 0; s < kStateCount; ++s)
    EXPECT_EQ(transition(static_cast<State>(s), Input::kAbort).next, State::kClosed);
}

TEST(StateTable, NamesAreDistinct) {
  std::set<std::string_view> names;
  for (std::size_t s = 0; s < kStateCount; ++s) names.insert(to_string(static_cast<State>(s)));
  EXPECT_EQ(names.size(), kStateCount);
  names.clear();
  for (std::size_t i = 0; i < kInputCount; ++i) names.insert(to_string(static_cast<Input>(i)));
  EXPECT_EQ(names.size(), kInputCount);
}

}  // namespace
}  // namespace ws2
