// Which cells of the state table are used at all, and by whom.

#include "connection/exploration/cells.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "connection/exploration/explorer.hpp"

namespace ws2 {
namespace {

struct NoSink final : UnitSink {
  void put(const Unit&) override {}
};

/// What a peer can say on such a provider, in place or not.
std::vector<std::pair<Input, Unit>> sayings(const Limits& limits) {
  if (!limits.delayed_accept) return {{Input::kPeerData, DataUnit{}}};
  const Input end = limits.one_shot ? Input::kPeerRelease : Input::kPeerDisconnect;
  std::vector<std::pair<Input, Unit>> all = {{Input::kPeerRequest, RequestUnit{}},
                                             {Input::kPeerAccept, AcceptUnit{}},
                                             {Input::kPeerReject, RejectUnit{}},
                                             {Input::kPeerData, DataUnit{}},
                                             {end, DisconnectUnit{}}};
  if (limits.qos) all.push_back({Input::kPeerQos, QosUnit{}});
  return all;
}

struct Used {
  Cells by_two_ends;
  Cells by_hostile_peer;
};

/// Everything that a peer could say to this end now.
void be_hostile(const World& world, Side side, Used& used) {
  if (!world.listens(side)) return;
  const State state = world.core(side).state();
  for (const auto& [input, unit] : sayings(world.limits())) {
    used.by_hostile_peer.set(index_of(state, input));
    if (transition(state, input).allowed != Allowed::kViolation) continue;
    Connection core = world.core(side);
    NoSink sink;
    EXPECT_EQ(core.on_unit(unit, TimePoint{0}, sink), Violation::kUnexpectedUnit);
    EXPECT_TRUE(core.wants_transport_abort()) << to_string(state) << " x " << to_string(input);
    EXPECT_EQ(core.state(), transition(state, Input::kTransportLoss).next);
  }
  used.by_hostile_peer.set(index_of(state, Input::kTransportEnd));
  used.by_hostile_peer.set(index_of(state, Input::kTransportLoss));
}

bool is_early_end(const Action& action) {
  return action.act == Act::kAbort || action.act == Act::kVanish || action.act == Act::kCut ||
         action.act == Act::kTimeOut || action.act == Act::kClose || action.act == Act::kReject ||
         action.act == Act::kConnectFails || action.act == Act::kRequestNoRoom;
}

/// One life after the other, at random but always the same.
void walk(const Limits& limits, Used& used) {
  std::mt19937 random(1);
  std::vector<Action> actions;
  for (int life = 0; life < 500; ++life) {
    World world(limits, {.caller_sends = 4, .acceptor_sends = 4, .qos_changes = 2});
    for (int step = 0; step < 150; ++step) {
      world.enabled(actions);
      if (actions.empty()) break;
      const auto early = std::remove_if(actions.begin(), actions.end(), is_early_end);
      if (early != actions.begin() && random() % 16 != 0) actions.erase(early, actions.end());
      for (const Side side : kBothSides) be_hostile(world, side, used);
      const Outcome outcome = world.apply(actions[random() % actions.size()]);
      for (const auto& cell : outcome.cells) {
        if (cell) used.by_two_ends.set(index_of(cell->first, cell->second));
      }
    }
  }
}

TEST(Cells, AreUsedAsClaimed) {
  Used used;
  for (const Limits* limits :
       {&kStreamLimits, &kMessageLimits, &kTcpLimits, &kDecnetLimits, &kTp4Limits})
    walk(*limits, used);
  for (const Limits* limits : {&kStreamLimits, &kTcpLimits})
    used.by_two_ends |= explore(*limits, {.caller_sends = 0, .acceptor_sends = 0}).cells;
  for (std::size_t s = 0; s < kStateCount; ++s) {
    for (std::size_t i = 0; i < kInputCount; ++i) {
      const auto state = static_cast<State>(s);
      const auto input = static_cast<Input>(i);
      SCOPED_TRACE(std::string(to_string(state)) + " x " + std::string(to_string(input)));
      const std::size_t cell = index_of(state, input);
      const Reach reach = claim(state, input).reach;
      EXPECT_EQ(used.by_two_ends[cell], reach == Reach::kTwoEnds);
      if (reach != Reach::kTwoEnds) {
        EXPECT_EQ(used.by_hostile_peer[cell], reach == Reach::kHostilePeer);
      }
    }
  }
}

TEST(Cells, CellsFileHoldsTheTable) {
  std::ifstream file(WS2_CELLS_FILE);
  ASSERT_TRUE(file) << WS2_CELLS_FILE;
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find("\n\n" + cell_table()), std::string::npos)
      << "the table in CELLS.md is not the core's; it should read:\n"
      << cell_table();
}

}  // namespace
}  // namespace ws2
