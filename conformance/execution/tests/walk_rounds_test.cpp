// Steps that are taken again and again.
#include "conformance/execution/canonical.hpp"
#include "conformance/execution/tests/walk_fixture.hpp"

namespace ws2conform {
namespace {

constexpr const char* kRounds = "rounds: {count: 3}";
constexpr const char* kSteps =
    "- {id: 1, client: socket}\n"
    "- {id: 2, client: closesocket, after: 3}\n"
    "- {id: 3, server: socket}\n";

std::vector<std::string> members(const std::vector<json>& bodies, const char* name) {
  std::vector<std::string> found;
  for (const json& body : bodies) found.push_back(body.at(name));
  return found;
}

using Names = std::vector<std::string>;

// An adapter keeps the names of closed sockets.
TEST_F(WalkTest, WhatARoundMakesHasANameOfItsOwn) {
  play();
  EXPECT_EQ(outcome(walk(kSteps, kRounds)), "pass");
  EXPECT_EQ(members(bodies(Event::Kind::kCall, "1"), "as"),
            (Names{"client.1", "client.2", "client.3"}));
  EXPECT_EQ(members(bodies(Event::Kind::kCall, "2"), "socket"),
            (Names{"client.1", "client.2", "client.3"}));
}

TEST_F(WalkTest, ARoundBeginsWithWhatTheOneBeforeHasMade) {
  play();
  EXPECT_EQ(outcome(walk("- {id: 1, client: closesocket}\n- {id: 2, client: socket}\n",
                         "given: listener\nrounds: {count: 3}")),
            "pass");
  EXPECT_EQ(members(bodies(Event::Kind::kCall, "1"), "socket"),
            (Names{"client", "client.1", "client.2"}));
}

TEST_F(WalkTest, EventsAreOfTheRoundThatSelectsThem) {
  answers(
      {{"WSAEnumNetworkEvents", {reply({{"returns", 0}, {"network_events", {{"FD_CLOSE", 0}}}})}},
       {"WSACloseEvent", {reply({{"returns", 1}})}}});
  EXPECT_EQ(outcome(walk("- {id: 1, client: socket}\n"
                         "- {id: 2, client: WSACreateEvent, as: e}\n"
                         "- {id: 3, client: WSAEventSelect, event: e, network_events: FD_CLOSE}\n"
                         "- {id: 4, client: FD_CLOSE, error: 0}\n"
                         "- {id: 5, client: closesocket}\n"
                         "- {id: 6, client: WSACloseEvent, event: e}\n",
                         kRounds)),
            "pass");
  const Names events = {"e.1", "e.2", "e.3"};
  EXPECT_EQ(members(bodies(Event::Kind::kCall, "3"), "event"), events);
  EXPECT_EQ(members(bodies(Event::Kind::kCall, "6"), "event"), events);
  Names waited;
  Names enumerated;
  for (const json& request : bodies(Event::Kind::kCall, "4")) {
    if (request.at("op") == "WSAEnumNetworkEvents") enumerated.push_back(request.at("event"));
    if (request.contains("events")) waited.push_back(request.at("events").at(0));
  }
  EXPECT_EQ(waited, events);
  EXPECT_EQ(enumerated, events);
}

TEST_F(WalkTest, RoundsAreNumberedAndTakeTheOrdersInTurn) {
  play();
  EXPECT_EQ(outcome(walk(kSteps, kRounds)), "pass");
  std::string order;
  for (const Event& event : history_.events) {
    if (event.kind == Event::Kind::kRound) order += "round " + event.body->dump() + ": ";
    if (event.kind == Event::Kind::kCall) order += event.step + " ";
  }
  EXPECT_EQ(order, "round 1: 1 3 2 round 2: 3 1 2 round 3: 1 3 2 ");
}

TEST_F(WalkTest, TheFirstRoundThatFailsIsTheLast) {
  answers({{"closesocket", {reply({{"returns", 0}}), reply({{"error", "WSAENOTSOCK"}})}}});
  EXPECT_EQ(outcome(walk(kSteps, kRounds)).find("fail: step 2 returns: "), 0U);
  EXPECT_EQ(bodies(Event::Kind::kRound), (std::vector<json>{1, 2}));
}

// The system may give the second round the port of the first or not.
TEST(CanonicalRounds, CountTheirPortsAnew) {
  const auto lines = [](const char* second) {
    const WrittenInstance written(with_steps(kSteps, kRounds), "any");
    ScheduleHistory history;
    const auto add = [&](Event::Kind kind, const json& body) {
      history.events.push_back({kind, {}, "client", "1", body});
    };
    add(Event::Kind::kRound, 1);
    add(Event::Kind::kReturn, {{"addr", "127.0.0.1:40112"}});
    add(Event::Kind::kRound, 2);
    add(Event::Kind::kReturn, {{"addr", second}});
    return canonical(history, written.instance);
  };
  EXPECT_EQ(lines("127.0.0.1:40112"), lines("127.0.0.1:40113"));
}

}  // namespace
}  // namespace ws2conform
