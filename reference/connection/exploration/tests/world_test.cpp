// The world itself: that what it does is what two ends and a transport do.

#include "connection/exploration/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ws2/errors.h"

namespace ws2 {
namespace {

constexpr Side kCaller = Side::kCaller;
constexpr Side kAcceptor = Side::kAcceptor;

bool is_enabled(const World& world, Side side, Act act) {
  std::vector<Action> actions;
  world.enabled(actions);
  return std::find(actions.begin(), actions.end(), Action{side, act}) != actions.end();
}

Outcome apply(World& world, Side side, Act act) {
  EXPECT_TRUE(is_enabled(world, side, act)) << to_string(Action{side, act});
  return world.apply({side, act});
}

World connected(const Limits& limits, const Bounds& bounds = {}) {
  World world(limits, bounds);
  apply(world, kCaller, Act::kRequest);
  apply(world, kCaller, Act::kConnect);
  if (limits.delayed_accept) apply(world, kAcceptor, Act::kDeliver);
  apply(world, kAcceptor, Act::kAccept);
  if (limits.delayed_accept) apply(world, kCaller, Act::kDeliver);
  EXPECT_EQ(world.core(kCaller).state(), State::kEstablished);
  EXPECT_EQ(world.core(kAcceptor).state(), State::kEstablished);
  return world;
}

Bytes key(const World& world) {
  Bytes bytes;
  StateWriter(bytes).put(world);
  return bytes;
}

TEST(World, ThereIsNoAcceptorBeforeTheTransportConnects) {
  World world(kStreamLimits, {});
  apply(world, kCaller, Act::kRequest);
  EXPECT_FALSE(world.exists(kAcceptor));
  EXPECT_FALSE(is_enabled(world, kAcceptor, Act::kDeliver));
  apply(world, kCaller, Act::kConnectFails);
  EXPECT_EQ(world.core(kCaller).connect_outcome(), WSAECONNREFUSED);
  EXPECT_TRUE(world.is_gone(kCaller));
}

TEST(World, OctetsAreNumberedAndStayInOrder) {
  World world = connected(kStreamLimits, {.caller_sends = 2});
  apply(world, kCaller, Act::kSend);
  apply(world, kCaller, Act::kSend);
  EXPECT_FALSE(is_enabled(world, kCaller, Act::kSend));
  apply(world, kAcceptor, Act::kDeliver);
  apply(world, kAcceptor, Act::kDeliver);
  EXPECT_EQ(apply(world, kAcceptor, Act::kReceive).octets, std::string("\0\1", 2));
}

TEST(World, BothEndsComeToTheirEnd) {
  World world = connected(kStreamLimits);
  apply(world, kCaller, Act::kSendDisconnectData);
  apply(world, kAcceptor, Act::kDeliver);
  apply(world, kAcceptor, Act::kDeliver);
  EXPECT_EQ(apply(world, kAcceptor, Act::kRecvDisconnect).octets, "C");
  apply(world, kAcceptor, Act::kClose);
  apply(world, kAcceptor, Act::kFinish);
  EXPECT_TRUE(world.is_over(kAcceptor));
  apply(world, kCaller, Act::kDeliver);
  apply(world, kCaller, Act::kDeliver);
  const Outcome closed = apply(world, kCaller, Act::kClose);
  EXPECT_EQ(closed.events.bits, 0);
  apply(world, kCaller, Act::kFinish);
  EXPECT_TRUE(world.is_over(kCaller));
  std::vector<Action> actions;
  world.enabled(actions);
  EXPECT_TRUE(actions.empty());
}

TEST(World, AProcessThatVanishesEndsItsOctetsOnly) {
  World framed = connected(kStreamLimits);
  apply(framed, kCaller, Act::kVanish);
  apply(framed, kAcceptor, Act::kDeliver);
  EXPECT_EQ(framed.core(kAcceptor).close_indication(), WSAECONNRESET);
  // On bare TCP that is all that a graceful end is.
  World bare = connected(kTcpLimits);
  apply(bare, kCaller, Act::kVanish);
  apply(bare, kAcceptor, Act::kDeliver);
  EXPECT_EQ(bare.core(kAcceptor).close_indication(), 0);
}

TEST(World, AResetMayOvertakeWhatWasSentBefore) {
  World world = connected(kStreamLimits);
  apply(world, kCaller, Act::kSend);
  apply(world, kCaller, Act::kAbort);
  EXPECT_TRUE(is_enabled(world, kAcceptor, Act::kDeliver));
  apply(world, kAcceptor, Act::kOvertake);
  EXPECT_FALSE(world.core(kAcceptor).readable());
  EXPECT_EQ(world.core(kAcceptor).state(), State::kAborted);
}

TEST(World, OctetsForAClosedDescriptorAreAnsweredByAReset) {
  World world = connected(kTcpLimits);
  apply(world, kCaller, Act::kVanish);
  apply(world, kAcceptor, Act::kSend);
  apply(world, kAcceptor, Act::kDeliver);
  EXPECT_EQ(world.core(kAcceptor).state(), State::kRemoteEnded);
  apply(world, kAcceptor, Act::kDeliver);
  EXPECT_EQ(world.core(kAcceptor).state(), State::kAborted);
  EXPECT_TRUE(world.is_gone(kAcceptor));
}

TEST(World, ACutIsNoticedByEachEndForItself) {
  World world = connected(kStreamLimits);
  apply(world, kCaller, Act::kSend);
  apply(world, kCaller, Act::kCut);
  EXPECT_EQ(world.on_its_way_to(kAcceptor), 0U);
  apply(world, kAcceptor, Act::kFail);
  EXPECT_EQ(world.core(kAcceptor).state(), State::kAborted);
  EXPECT_EQ(world.core(kCaller).state(), State::kEstablished);
  EXPECT_TRUE(is_enabled(world, kCaller, Act::kFail));
}

TEST(World, TheStateTellsWorldsApart) {
  const World world = connected(kMessageLimits);
  std::vector<Action> actions;
  world.enabled(actions);
  for (const Action action : actions) {
    World next = world;
    const Outcome outcome = next.apply(action);
    EXPECT_EQ(key(next) != key(world), outcome.error == 0) << to_string(action);
  }
}

}  // namespace
}  // namespace ws2
