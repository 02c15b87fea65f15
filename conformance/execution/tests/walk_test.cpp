// Calls, lanes, windows, and what is recorded.
#include "conformance/execution/tests/walk_fixture.hpp"
#include "runners/host/tests/starved.hpp"

namespace ws2conform {
namespace {

// At least the shortest one, at most half of what a call may take: it must not look like a hang.
TEST_F(WalkTest, AWindowIsANumberOfMillisecondsAndMarkedInTheHistory) {
  answers({{"WSAWaitForMultipleEvents", {reply({{"returns", "WSA_WAIT_TIMEOUT"}})}}});
  const ScheduleResult result = walk(
      "- {id: 1, client: WSAWaitForMultipleEvents, events: [event], timeout: window, "
      "returns: WSA_WAIT_TIMEOUT}\n");
  EXPECT_EQ(outcome(result), "pass");
  const json call = bodies(Event::Kind::kCall, "1").at(0);
  EXPECT_EQ(call.at("windowed"), true);
  EXPECT_GE(call.at("timeout"), test_patience().least_window.count());
  EXPECT_LE(call.at("timeout"), test_patience().call.count() / 2);
  EXPECT_NE(result.steps.front().observed.find("(windowed: "), std::string::npos)
      << result.steps.front().observed;
}

TEST_F(WalkTest, OtherWaitsAreNotWindowed) {
  answers({{"WSAWaitForMultipleEvents", {reply({{"returns", 0}})}}});
  walk("- {id: 1, client: WSAWaitForMultipleEvents, events: [event]}\n");
  EXPECT_FALSE(bodies(Event::Kind::kCall, "1").at(0).contains("windowed"));
}

// Both calls are on their way before the return of either is looked at.
TEST_F(WalkTest, CallsIssuedTogether) {
  play();
  const std::string steps =
      "- {id: 1, client: send, data: abc}\n- {id: 2, server: send, data: abc}\n";
  EXPECT_EQ(outcome(walk(steps, "", "1+2")), "pass");
  std::string order;
  for (const Event& event : history_.events) {
    order += std::string(to_string(event.kind)) + " " + event.step + ", ";
  }
  EXPECT_EQ(order, "call 1, call 2, return 1, return 2, ");
}

// A call that waits in one lane of an actor, and calls that it makes in another meanwhile.
TEST_F(WalkTest, LanesOfOneActor) {
  const json later = {{"returns", 3}, {"data", "YWJj"}};
  const json early = json::array({"later"});
  play({{"hello", {{"lanes", 2}}},
        {"answers",
         {{"recv", {early}}, {"send", {{{{"reply", {{"returns", 3}}}}, {{"answer", later}}}}}}}});
  const std::string steps =
      "- {id: 1, client: recv, lane: 2, data: abc, after: 2}\n"
      "- {id: 2, client: send, data: abc}\n";
  EXPECT_EQ(outcome(walk(steps, "", "1( 2 1)")), "pass");
  const json call = bodies(Event::Kind::kCall, "1").at(0);
  EXPECT_EQ(call.at("lane"), 2);
  EXPECT_EQ(call.at("announce"), true);
  EXPECT_EQ(bodies(Event::Kind::kCall, "2").at(0).at("lane"), 1);
  EXPECT_EQ(bodies(Event::Kind::kStarted, "1").size(), 1U);
}

TEST_F(WalkTest, CallsOfTwoLanesIssuedTogether) {
  play({{"hello", {{"lanes", 2}}},
        {"answers",
         {{"recv", {json::array({"later"})}},
          {"send",
           {{{{"reply", {{"returns", 3}}}}, {{"answer", {{"returns", 3}, {"data", "YWJj"}}}}}}}}}});
  const std::string steps =
      "- {id: 1, client: recv, lane: 2, data: abc}\n- {id: 2, client: send, data: abc}\n";
  EXPECT_EQ(outcome(walk(steps, "", "1+2")), "pass");
  EXPECT_EQ(outcome(walk("- {client: closesocket}\n- {server: closesocket}\n")), "pass");
}

TEST_F(WalkTest, ALaneThatHangsCostsTheAdapter) {
  play({{"hello", {{"lanes", 2}}}, {"first_process", {{"recv", {json::array({"later"})}}}}});
  const std::string steps =
      "- {id: 1, client: recv, lane: 2, data: abc, after: 2}\n- {id: 2, client: send, data: abc}\n";
  EXPECT_EQ(outcome(walk(steps, "", "1( 2 1)")).find("fail: step 1 hang: "), 0U);
  EXPECT_EQ(outcome(walk("- {client: closesocket}\n- {server: closesocket}\n")), "pass");
}

TEST_F(WalkTest, OfCallsIssuedTogetherTheSecondIsAwaitedWhateverTheFirstCameTo) {
  answers({{"send", {reply({{"error", "WSAENOTCONN"}})}}});
  const std::string steps =
      "- {id: 1, client: send, data: abc}\n- {id: 2, server: send, data: abc}\n";
  EXPECT_EQ(outcome(walk(steps, "", "1+2")),
            "fail: step 1 returns: expected succeeds, observed fails with WSAENOTCONN");
  EXPECT_EQ(outcome(walk("- {client: closesocket}\n- {server: closesocket}\n")), "pass");
}

TEST_F(WalkTest, RecordsCallsAndReturns) {
  play();
  EXPECT_EQ(outcome(walk("- {client: send, data: abc}\n- {server: closesocket, after: 1}\n")),
            "pass");
  ASSERT_EQ(history_.events.size(), 4U);
  EXPECT_EQ(history_.events[0].kind, Event::Kind::kCall);
  EXPECT_EQ(history_.events[0].actor, "client");
  EXPECT_EQ(history_.events[0].step, "1");
  EXPECT_EQ(*history_.events[0].body,
            json({{"id", 1}, {"op", "send"}, {"socket", "client"}, {"data", "YWJj"}}));
  EXPECT_EQ(history_.events[1].kind, Event::Kind::kReturn);
  EXPECT_EQ(*history_.events[1].body, json({{"id", 1}, {"returns", 3}}));
  EXPECT_EQ(history_.events[2].actor, "server");
  EXPECT_TRUE(history_.complete);
  for (std::size_t i = 1; i < history_.events.size(); ++i) {
    EXPECT_GE(history_.events[i].at, history_.events[i - 1].at);
  }
  ASSERT_EQ(sunk_.size(), history_.events.size());
  EXPECT_EQ(*sunk_[1].body, *history_.events[1].body);
}

// Its time-out is as long as the suite's patience: which of the two ends first must not be a race.
TEST_F(WalkTest, AWaitThatEndsByItsOwnTimeoutIsNoHang) {
  const json late = json::array({{{"late_reply", {{"returns", "WSA_WAIT_TIMEOUT"}}}}});
  answers({{"WSAWaitForMultipleEvents", {late}}});
  const std::string step =
      "- {id: 1, client: WSAWaitForMultipleEvents, events: [event], returns: 0}\n";
  EXPECT_EQ(outcome(walk(step)),
            "fail: step 1 returns: expected returns 0, observed returns WSA_WAIT_TIMEOUT");
}

TEST_F(WalkTest, AWaitForAnEventHasItsTimeFromWhenItMustEnd) {
  const json timeout = json::array({{{"late_reply", {{"returns", "WSA_WAIT_TIMEOUT"}}}}});
  const std::string steps =
      "- {id: 1, client: FD_CLOSE, error: 0, after: 2}\n- {id: 2, server: closesocket}\n";
  answers({{"WSAWaitForMultipleEvents", {timeout}}});
  EXPECT_EQ(outcome(walk(steps, "given: connected", "2 1")).find("fail: step 1 e"), 0U)
      << "begun late, it has had its time";
  actors_.retire(casting_.client, 0);
  answers(
      {{"WSAWaitForMultipleEvents",
        {reply({{"returns", "WSA_WAIT_TIMEOUT"}}), reply({{"returns", 0}})}},
       {"WSAEnumNetworkEvents", {reply({{"returns", 0}, {"network_events", {{"FD_CLOSE", 0}}}})}}});
  // Begun early, it has timed out when its turn comes; the next one has all of its time.
  EXPECT_EQ(outcome(walk(steps, "given: connected", "1( 2 1)")), "pass");
  EXPECT_GT(bodies(Event::Kind::kCall, "1").at(1).at("timeout"), test_patience().call.count() / 2);
}

// A wait inside an adapter ends by the clock. What it waited for may still have to be noticed by a
// thread that has got no processor meanwhile.
TEST_F(WalkTest, AWaitGoesOnWhileTheAdapterGetsNoProcessor) {
  const json timeout = {{"late_reply", {{"returns", "WSA_WAIT_TIMEOUT"}}}};
  answers(
      {{"WSAWaitForMultipleEvents", {{"compute", timeout}, {timeout}, reply({{"returns", 0}})}},
       {"WSAEnumNetworkEvents", {reply({{"returns", 0}, {"network_events", {{"FD_WRITE", 0}}}})}}});
  for (const char* step : {"- {id: 1, client: FD_WRITE, error: 0}\n",
                           "- {id: 1, client: WSAWaitForMultipleEvents, events: [client.event], "
                           "returns: 0}\n"}) {
    actors_.retire(casting_.client, 0);
    const host::Crowded crowded(actors_.get(casting_.client, 0).adapter->pid());
    EXPECT_EQ(outcome(walk(step, "given: connected")), "pass") << step;
  }
}

TEST_F(WalkTest, OneThatSelectMissesComesWithinAMoment) {
  answers({{"select",
            {json::array({{{"late_reply", {{"returns", 0}, {"readable", json::array()}}}}}),
             reply({{"returns", 1}, {"readable", {"client"}}})}}});
  const std::string select = "- {id: 1, client: select, read: [client], readable: [client]}\n";
  EXPECT_EQ(outcome(walk(select, "given: connected")), "pass");
  EXPECT_EQ(bodies(Event::Kind::kPartial, "1").size(), 1U);
}

TEST_F(WalkTest, FillsInWhatGoesWithoutSaying) {
  play();
  walk("- {id: 1, client: socket}\n- {id: 2, client: WSAConnect, callee_data: null, error: 0}\n",
       "given: listener\naxes: {family: [AF_INET6]}");
  EXPECT_EQ(bodies(Event::Kind::kCall, "given.2").at(0).at("addr"), "[::1]:0");
  EXPECT_EQ(bodies(Event::Kind::kCall, "given.3").at(0).at("backlog"), "SOMAXCONN");
  const json socket = bodies(Event::Kind::kCall, "1").at(0);
  EXPECT_EQ(socket.at("as"), "client");
  EXPECT_EQ(socket.at("family"), "AF_INET6");
  EXPECT_EQ(socket.at("provider"), "any");
  const json connect = bodies(Event::Kind::kCall, "2").at(0);
  EXPECT_EQ(connect.at("addr"), "127.0.0.1:4711") << "the listener's";
  EXPECT_EQ(connect.at("callee_capacity"), 1024);
  EXPECT_EQ(connect.at("socket"), "client");
}

TEST_F(WalkTest, KeepsAdaptersAndNeverRepeatsAnId) {
  play();
  walk(kSend);
  const int pid = actors_.get(casting_.client, 0).adapter->pid();
  const long long first = bodies(Event::Kind::kCall).at(0).at("id");
  walk(kSend);
  EXPECT_EQ(actors_.get(casting_.client, 0).adapter->pid(), pid);
  EXPECT_GT(bodies(Event::Kind::kCall).at(0).at("id"), first);
}

TEST_F(WalkTest, GivesEveryActorAProcessOfItsOwn) {
  const host::Iut iut = scripted_.iut("both", json::object());
  casting_ = {iut, iut};
  walk("- {alice: closesocket}\n- {bob: closesocket}\n- {server: closesocket}\n",
       "actors: [alice, bob, server]");
  std::set<int> pids;
  for (std::size_t i = 0; i < 3; ++i) pids.insert(actors_.get(iut, i).adapter->pid());
  EXPECT_EQ(pids.size(), 3U);
}

TEST_F(WalkTest, AViolationCostsNoAdapter) {
  answers({{"send", {reply({{"error", "WSAENOTCONN"}}), reply({{"returns", 3}})}}});
  EXPECT_EQ(outcome(walk(kSend)).substr(0, 4), "fail");
  const int pid = actors_.get(casting_.client, 0).adapter->pid();
  EXPECT_EQ(outcome(walk(kSend)), "pass");
  EXPECT_EQ(actors_.get(casting_.client, 0).adapter->pid(), pid);
}

TEST_F(WalkTest, StopsAtTheFirstViolation) {
  answers({{"send", {reply({{"error", "WSAENOTCONN"}})}}});
  walk("- {client: send, data: abc}\n- {client: send, data: abc}\n");
  EXPECT_EQ(bodies(Event::Kind::kCall).size(), 1U);
}

}  // namespace
}  // namespace ws2conform
