// Above the bounds of the exhaustive search: long lives of a connection, chosen at random and,
// where one breaks a promise, shrunk.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bitset>
#include <cstdint>

#include "connection/exploration/promises.hpp"

namespace ws2 {
namespace {

constexpr Bounds kManySends{.caller_sends = 40, .acceptor_sends = 40, .qos_changes = 10};

class Life {
 public:
  explicit Life(const Limits& limits) : world_(limits, kManySends) {}

  /// One of what can happen; accidents and ends only now and then, traffic often.
  void live(std::uint32_t choice) {
    world_.enabled(actions_);
    if (choice % 64 != 0) {
      std::erase_if(actions_, [](const Action& action) { return is_rare(action.act); });
    }
    if (choice % 2 != 0) {
      std::erase_if(actions_, [](const Action& action) { return !is_traffic(action.act); });
    }
    if (!actions_.empty()) step(actions_[choice / 64 % actions_.size()]);
  }

  /// Both applications let go, and then things take their course.
  void end(std::uint32_t choice) {
    for (const Side side : kBothSides) {
      if (world_.exists(side) && !world_.is_closed(side)) step({side, Act::kClose});
    }
    while (true) {
      world_.enabled(actions_);
      std::erase_if(actions_, [](const Action& action) { return !comes_by_itself(action.act); });
      if (actions_.empty()) break;
      step(actions_[choice++ % actions_.size()]);
    }
    RC_ASSERT(world_.is_over(Side::kCaller));
    RC_ASSERT(world_.is_over(Side::kAcceptor));
  }

  [[nodiscard]] bool had(State state) const { return states_[static_cast<std::size_t>(state)]; }
  [[nodiscard]] std::size_t octets() const { return octets_; }

 private:
  static bool is_rare(Act act) {
    return act == Act::kClose || act == Act::kAbort || act == Act::kTimeOut ||
           act == Act::kVanish || act == Act::kCut || act == Act::kConnectFails ||
           act == Act::kReject || act == Act::kRequestNoRoom || act == Act::kSendDisconnect ||
           act == Act::kSendDisconnectData || act == Act::kShutdownSend ||
           act == Act::kShutdownBoth || act == Act::kShutdownReceive ||
           act == Act::kRecvDisconnect || act == Act::kRecvDisconnectNoRoom;
  }

  static bool is_traffic(Act act) {
    return act == Act::kDeliver || act == Act::kConnect || act == Act::kAccept ||
           act == Act::kSend || act == Act::kSendPart || act == Act::kSendEmpty ||
           act == Act::kReceive || act == Act::kReceivePart;
  }

  void step(Action action) {
    states_.set(static_cast<std::size_t>(world_.core(action.side).state()));
    RC_LOG() << to_string(action) << "\n";
    const World before = world_;
    const Outcome outcome = world_.apply(action);
    if (action.act == Act::kReceive || action.act == Act::kReceivePart)
      octets_ += outcome.octets.size();
    if (const auto broken = promises_.check(before, action, outcome, world_)) RC_FAIL(*broken);
    world_.enabled(actions_);
    const bool by_itself = std::any_of(actions_.begin(), actions_.end(), [](const Action& next) {
      return comes_by_itself(next.act);
    });
    if (const auto stuck = Promises::waits_in_vain(world_, by_itself)) RC_FAIL(*stuck);
  }

  World world_;
  Promises promises_;
  std::vector<Action> actions_;
  std::bitset<kStateCount> states_;
  std::size_t octets_ = 0;
};

struct Row {
  const char* name;
  const Limits& limits;
};

class LongLives : public testing::TestWithParam<std::tuple<Row, EditionName>> {};

TEST_P(LongLives, EveryPromiseHolds) {
  Limits limits = std::get<Row>(GetParam()).limits;
  limits.edition = edition_of(std::get<EditionName>(GetParam()));
  EXPECT_TRUE(rc::check([&limits] {
    const auto length = *rc::gen::inRange<std::size_t>(0, 600);
    const auto choices =
        *rc::gen::resize(rc::kNominalSize, rc::gen::container<std::vector<std::uint32_t>>(
                                               length, rc::gen::arbitrary<std::uint32_t>()));
    Life life(limits);
    for (const std::uint32_t choice : choices) life.live(choice);
    // So that it can be seen (RC_PARAMS=verbose_success=1) that these lives have something to tell.
    RC_CLASSIFY(life.had(State::kEstablished), "connected");
    RC_CLASSIFY(life.had(State::kBothEnded), "ended gracefully by both");
    RC_CLASSIFY(life.had(State::kAborted), "lost");
    RC_CLASSIFY(life.octets() >= 10, "ten octets received");
    life.end(choices.empty() ? 0 : choices.back());
  }));
}

INSTANTIATE_TEST_SUITE_P(
    Providers, LongLives,
    testing::Combine(testing::Values(Row{"stream", kStreamLimits}, Row{"message", kMessageLimits},
                                     Row{"tcp", kTcpLimits}, Row{"decnet", kDecnetLimits},
                                     Row{"tp4", kTp4Limits}),
                     testing::Values(EditionName::kDocumented, EditionName::kWindows)),
    [](const auto& info) {
      return std::string(std::get<Row>(info.param).name) + "_" +
             std::string(to_string(std::get<EditionName>(info.param)));
    });

}  // namespace
}  // namespace ws2
