#include "conformance/execution/walk.hpp"

#include <gtest/gtest.h>

#include "conformance/case/octets.hpp"
#include "conformance/case/tests/written.hpp"
#include "conformance/execution/tests/scripted.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

json reply(const json& fields) {
  return json::array({{{"reply", fields}}});
}

class WalkTest : public testing::Test {
 protected:
  // The scripts of the two implementations.
  void play(const json& client = json::object(), const json& server = json::object()) {
    casting_ = {scripted_.iut("client", client), scripted_.iut("server", server)};
  }
  void answers(const json& client, const json& server = json::object()) {
    play({{"answers", client}}, {{"answers", server}});
  }

  // Walks the steps in the schedule that reads as `order`; in the order written where it is empty.
  ScheduleResult walk(const std::string& steps, const std::string& head = "",
                      const std::string& order = "") {
    const WrittenInstance written(with_steps(steps, head), "any");
    const std::vector<Step>& its_steps = written.instance.steps;
    Schedule schedule = opening_schedule(its_steps);
    for (const Schedule& other : schedules(its_steps, 1000, 0).schedules) {
      if (to_string(other, its_steps) == order) schedule = other;
    }
    if (!order.empty()) {
      EXPECT_EQ(to_string(schedule, its_steps), order);
    }
    sunk_.clear();
    Walk walk(actors_, casting_, written.instance, "documented", [this](const Event& event) {
      sunk_.push_back(event);
      if (event.kind == Event::Kind::kPartial && --partials_until_held_up_ == 0) hold_up();
    });
    history_ = walk.run(schedule);
    return judge_schedule(written.instance, history_, "documented");
  }

  // The suite waits for its disk, or for a processor, longer than it waits for anybody.
  static void hold_up() {
    const auto until = host::Clock::now() + 2 * test_patience().call;
    while (host::Clock::now() < until) {
    }
  }

  // What the walk came to, in a line.
  static std::string outcome(const ScheduleResult& result) {
    std::string text(to_string(result.verdict));
    if (!result.violations.empty()) {
      const Violation& violation = result.violations.front();
      text += ": " + violation.check + ": expected " + violation.expected + ", observed " +
              violation.observed;
    } else if (!result.reason.empty()) {
      text += ": " + result.reason;
    }
    return text;
  }

  std::vector<json> bodies(Event::Kind kind, const std::string& step = "") const {
    std::vector<json> found;
    for (const Event& event : history_.events) {
      if (event.kind == kind && (step.empty() || event.step == step)) found.push_back(event.body);
    }
    return found;
  }

  // An outcome that begins with `beginning`, after which the next schedule runs with whole
  // adapters.
  void expect_then_recovery(const std::string& steps, const std::string& beginning,
                            const std::string& head = "") {
    const std::string came = outcome(walk(steps, head));
    EXPECT_EQ(came.substr(0, beginning.size()), beginning) << came;
    EXPECT_EQ(outcome(walk("- {client: closesocket}\n- {server: closesocket}\n")), "pass");
  }

  ScriptedIuts scripted_;
  Casting casting_;
  Actors actors_{test_patience()};
  ScheduleHistory history_;
  std::vector<Event> sunk_;
  int partials_until_held_up_ = 0;
};

constexpr const char* kSend = "- {id: 1, client: send, data: abc}\n";

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
  EXPECT_EQ(history_.events[0].body,
            json({{"id", 1}, {"op", "send"}, {"socket", "client"}, {"data", "YWJj"}}));
  EXPECT_EQ(history_.events[1].kind, Event::Kind::kReturn);
  EXPECT_EQ(history_.events[1].body, json({{"id", 1}, {"returns", 3}}));
  EXPECT_EQ(history_.events[2].actor, "server");
  EXPECT_TRUE(history_.complete);
  for (std::size_t i = 1; i < history_.events.size(); ++i) {
    EXPECT_GE(history_.events[i].at, history_.events[i - 1].at);
  }
  ASSERT_EQ(sunk_.size(), history_.events.size());
  EXPECT_EQ(sunk_[1].body, history_.events[1].body);
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
  const json timeout = reply({{"returns", "WSA_WAIT_TIMEOUT"}});
  answers(
      {{"WSAWaitForMultipleEvents", {timeout, timeout, reply({{"returns", 0}})}},
       {"WSAEnumNetworkEvents", {reply({{"returns", 0}, {"network_events", {{"FD_CLOSE", 0}}}})}}});
  const std::string steps =
      "- {id: 1, client: FD_CLOSE, error: 0, after: 2}\n- {id: 2, server: closesocket}\n";
  EXPECT_EQ(outcome(walk(steps, "given: connected", "2 1")).find("fail: step 1 e"), 0U)
      << "begun late, it has had its time";
  // Begun early, it has timed out when its turn comes; the next one sees the event.
  EXPECT_EQ(outcome(walk(steps, "given: connected", "1( 2 1)")), "pass");
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

// Broken adapters.

json in_first_process(const std::string& op, const json& actions) {
  return {{"first_process", {{op, json::array({actions})}}}};
}

TEST_F(WalkTest, ACrashIsAnErrorAndTheNextScheduleRuns) {
  play(in_first_process("send", {{{"stderr", "segfault at 0\n"}}, {{"signal", 9}}}));
  expect_then_recovery(kSend,
                       "error: step 1 (client send, case.yaml:5:3): crashed: client was ended by "
                       "signal 9 (Killed); its standard error ends: segfault at 0");
}

TEST_F(WalkTest, AnExitIsAnErrorAndTheNextScheduleRuns) {
  play(in_first_process("send", {{{"exit", 5}}}));
  expect_then_recovery(kSend,
                       "error: step 1 (client send, case.yaml:5:3): exited: client exited with "
                       "status 5");
}

TEST_F(WalkTest, GarbageIsAnErrorAndTheNextScheduleRuns) {
  play(in_first_process("send", {{{"line", "oops"}}}));
  expect_then_recovery(kSend,
                       "error: step 1 (client send, case.yaml:5:3): garbage: client wrote a line "
                       "that is no JSON object: \"oops\"");
}

TEST_F(WalkTest, AForeignIdIsGarbage) {
  for (const char* line :
       {R"({"id": 77, "returns": 3})", R"({"returns": 3})", R"({"id": "1", "returns": 3})",
        R"({"id": null, "adapter_error": "?"})"}) {
    play(in_first_process("send", {{{"line", line}}}));
    std::filesystem::remove(scripted_.folder().path("client.json.started"));
    actors_.discard(casting_.client, 0);
    expect_then_recovery(kSend,
                         "error: step 1 (client send, case.yaml:5:3): garbage: client answers "
                         "request ");
  }
}

TEST_F(WalkTest, ASecondAnswerIsGarbage) {
  const json twice = {{{"reply", {{"returns", 3}}}}, {{"reply", {{"returns", 3}}}}};
  play(in_first_process("send", twice));
  expect_then_recovery("- {client: send, data: abc}\n- {client: closesocket}\n",
                       "error: step 2 (client closesocket, case.yaml:6:3): garbage: client answers "
                       "request 1, which is not open");
}

TEST_F(WalkTest, ASecondAnswerToTheLastCallIsFoundAtReset) {
  const json twice = {{{"reply", {{"returns", 3}}}}, {{"reply", {{"returns", 3}}}}};
  play(in_first_process("send", twice));
  expect_then_recovery(kSend, "error: garbage: at reset: ");
}

TEST_F(WalkTest, ASecondAnswerToResetIsFoundInTheScheduleThatItEnds) {
  const json twice = {{{"reply", {{"returns", 0}}}}, {{"reply", {{"returns", 0}}}}};
  play(in_first_process("reset", twice));
  expect_then_recovery(kSend, "error: garbage: at reset: client answers request 2, which is not ");
}

TEST_F(WalkTest, WhatIsSaidBetweenTwoSchedulesIsNobodysStep) {
  const std::string line = R"({"id": 3, "unsupported": "it"})";
  play(in_first_process("WSATeleport", {{{"line", line + "\n" + line}}}));
  EXPECT_EQ(outcome(walk(kSend)), "pass");
  expect_then_recovery(kSend,
                       "error: garbage: before the schedule began: client answers request 3, "
                       "which is not open");
}

TEST_F(WalkTest, AnAdapterThatDoesNotStartAgainIsAnErrorUntilItIsHopeless) {
  play();
  EXPECT_EQ(outcome(walk(kSend)), "pass");
  actors_.discard(casting_.client, 0);
  const std::vector<std::string> command = casting_.client.command;
  casting_.client.command = {"/no/such/program"};
  const std::string error = "error: start: client.yaml: /no/such/program is not installed";
  EXPECT_EQ(outcome(walk(kSend)), error);
  EXPECT_EQ(outcome(walk(kSend)), error);
  EXPECT_THROW(walk(kSend), CannotDrive);
  casting_.client.command = command;
  EXPECT_EQ(outcome(walk(kSend)), "pass");
}

TEST_F(WalkTest, AReplyThatContradictsItselfIsGarbage) {
  play(in_first_process("recv", reply({{"returns", 100}, {"data", "YWJj"}})));
  expect_then_recovery("- {id: 1, client: recv, data: $x}\n",
                       "error: step 1 (client recv, case.yaml:5:3): garbage: client contradicts "
                       "itself: returns is 100, data has 3 octets: ");
}

TEST_F(WalkTest, AnAnswerOfNoKindIsGarbage) {
  play(in_first_process("send", {{{"reply", {{"result", 3}}}}}));
  expect_then_recovery(kSend,
                       "error: step 1 (client send, case.yaml:5:3): garbage: neither a reply "
                       "nor an upcall: ");
}

TEST_F(WalkTest, UnsupportedIsAnError) {
  answers({{"send", {reply({{"unsupported", "send"}})}}});
  EXPECT_EQ(outcome(walk(kSend)),
            "error: step 1 (client send): the adapter answers {\"id\":1,\"unsupported\":\"send\"}");
}

TEST_F(WalkTest, AHungCallIsAFailureAndTheNextScheduleRuns) {
  play(in_first_process("send", {"hang"}));
  expect_then_recovery(kSend, "fail: step 1 hang: expected succeeds, observed client said nothing");
}

TEST_F(WalkTest, AHangInTheOpeningIsAnError) {
  play(json::object(), in_first_process("listen", {"hang"}));
  expect_then_recovery(kSend,
                       "error: step given.3 (server listen, case.yaml:4:8): silent: server said "
                       "nothing",
                       "given: listener");
}

TEST_F(WalkTest, AnUnsolicitedConditionIsAFailureAndTheNextScheduleRuns) {
  play(in_first_process("send", {{{"reply", {{"condition", json::object()}}}}}));
  expect_then_recovery(kSend,
                       "fail: step 1 condition: expected no further call of the condition "
                       "function");
}

TEST_F(WalkTest, AFailedResetIsAnError) {
  const std::pair<json, const char*> resets[] = {
      {{{{"reply", {{"error", "WSAEFAULT"}}}}}, "error: garbage: at reset: {\"error\":"},
      {{{{"reply", {{"unsupported", "reset"}}}}}, "error: garbage: at reset: "},
      {{{{"line", "oops"}}}, "error: garbage: at reset: client wrote a line"},
      {{{{"exit", 1}}}, "error: exited: at reset: client exited with status 1"},
      {{"hang"}, "error: silent: at reset: client said nothing"},
  };
  for (const auto& [actions, beginning] : resets) {
    play(in_first_process("reset", actions));
    std::filesystem::remove(scripted_.folder().path("client.json.started"));
    actors_.discard(casting_.client, 0);
    expect_then_recovery(kSend, beginning);
  }
}

TEST_F(WalkTest, AResetThatFailsAfterAViolationDoesNotHideIt) {
  answers({{"send", {reply({{"error", "WSAENOTCONN"}})}}, {"reset", {json::array({"hang"})}}});
  EXPECT_EQ(outcome(walk(kSend)),
            "fail: step 1 returns: expected succeeds, observed fails with WSAENOTCONN");
}

TEST_F(WalkTest, ValuesOfWrongTypesAreHarmless) {
  const json wrong[] = {5, true, "text", nullptr, json::array({1}), {{"a", 1}}};
  const std::string steps =
      "- {client: WSARecvDisconnect, data: $total}\n- {client: compute, sum: 42 + $total}\n"
      "- {client: send, data: $total}\n";
  for (const json& value : wrong) {
    answers({{"WSARecvDisconnect", {reply({{"returns", 0}, {"data", value}})}},
             {"send", {reply({{"returns", value}})}},
             {"recv", {reply({{"returns", value}, {"data", value}, {"event", value}})}}});
    actors_.discard(casting_.client, 0);
    EXPECT_NO_THROW(walk(steps)) << value;
    EXPECT_NO_THROW(walk("- {client: receive, data: abc}\n")) << value;
    EXPECT_NO_THROW(walk("- {client: recv-zero}\n")) << value;
    EXPECT_NO_THROW(walk(kSend)) << value;
  }
}

TEST_F(WalkTest, AnOutcomeOfTheWrongFormIsAnError) {
  answers({{"recv", {reply({{"returns", 3}, {"data", "not base64"}})}}});
  EXPECT_EQ(outcome(walk("- {client: recv, data: $x}\n")),
            "error: step 1 (client recv): the adapter gives data as \"not base64\"");
}

TEST_F(WalkTest, AValueThatDoesNotFitWhereItIsUsedEndsTheScheduleAndNotTheRun) {
  answers({{"WSARecvDisconnect", {reply({{"returns", 0}, {"data", to_base64("three")}})}}});
  expect_then_recovery(
      "- {client: WSARecvDisconnect, data: $n}\n- {client: recv, length: $n}\n",
      "error: step 2 (client recv, case.yaml:6:3): stuck: case.yaml:6:18: $n is no "
      "number: \"three\"");
}

TEST_F(WalkTest, StandardErrorIsRecordedWithTheStep) {
  answers({{"send", {{{{"stderr", "careful\n"}}, {{"reply", {{"returns", 3}}}}}}},
           {"closesocket", {{{{"stderr", "bye\n"}}, {{"reply", {{"returns", 0}}}}}}}});
  EXPECT_EQ(outcome(walk("- {id: 1, client: send, data: abc}\n- {id: 2, client: closesocket}\n")),
            "pass");
  std::string text;
  for (const json& body : bodies(Event::Kind::kStderr)) text += body.at("text").get<std::string>();
  EXPECT_EQ(text.substr(0, 8), "careful\n");
}

// Waits.

constexpr const char* kWait =
    "- {id: 1, client: recv, data: abc, after: 2}\n- {id: 2, server: send, data: abc}\n";

TEST_F(WalkTest, AWaitBegunEarlyIsAnnouncedBeforeItsCause) {
  answers({{"recv", {reply({{"returns", 3}, {"data", "YWJj"}})}}});
  EXPECT_EQ(outcome(walk(kWait, "", "1( 2 1)")), "pass");
  std::vector<std::string> kinds;
  for (const Event& event : history_.events) kinds.emplace_back(to_string(event.kind));
  EXPECT_EQ(kinds, (std::vector<std::string>{"call", "started", "call", "return", "return"}));
  EXPECT_EQ(history_.events[0].body.value("announce", false), true);
  EXPECT_EQ(outcome(walk(kWait, "", "2 1")), "pass");
  EXPECT_TRUE(bodies(Event::Kind::kStarted).empty()) << "nobody asked";
}

json unannounced(const json& fields) {
  return json::array({"unannounced", {{"reply", fields}}});
}

TEST_F(WalkTest, AWaitThatIsNotAnnouncedIsGarbage) {
  answers({{"recv", json::array({unannounced({{"returns", 3}, {"data", "YWJj"}})})}});
  EXPECT_EQ(
      outcome(walk(kWait, "", "1( 2 1)"))
          .find("error: step 1 (client recv, case.yaml:5:3): garbage: \"started\" was asked for "
                "and did not come first: "),
      0U);
}

TEST_F(WalkTest, AWaitThatIsNotMadeNeedNoAnnouncement) {
  answers({{"recv", json::array({unannounced({{"unsupported", "recv"}})})}});
  EXPECT_EQ(outcome(walk(kWait, "", "1( 2 1)")),
            "error: step 1 (client recv): the adapter answers {\"id\":1,\"unsupported\":\"recv\"}");
}

TEST_F(WalkTest, AnAnnouncementThatNobodyAskedForIsGarbage) {
  answers(
      {{"send", {json::array({{{"reply", {{"started", true}}}}, {{"reply", {{"returns", 3}}}}})}}});
  EXPECT_EQ(outcome(walk(kSend)).find("error: step 1 (client send, case.yaml:5:3): garbage: "), 0U);
}

// Network events.

constexpr const char* kEvents = "- {client: FD_READ, error: 0}\n- {client: FD_CLOSE, error: 0}\n";
constexpr const char* kListener = "given: listener";

TEST_F(WalkTest, EventsEnumeratedTogetherAreKeptForTheStepsThatAskLater) {
  answers({{"WSAEnumNetworkEvents",
            {reply({{"returns", 0}, {"network_events", {{"FD_CLOSE", 0}}}}),
             reply({{"returns", 0}, {"network_events", {{"FD_READ", 0}}}})}}});
  EXPECT_EQ(outcome(walk(kEvents, kListener)), "pass");
  EXPECT_EQ(bodies(Event::Kind::kCall, "1").size(), 4U) << "two waits, two enumerations";
  EXPECT_TRUE(bodies(Event::Kind::kCall, "2").empty());
  EXPECT_EQ(bodies(Event::Kind::kIndication, "2").at(0),
            json({{"network_event", "FD_CLOSE"}, {"error", 0}}));
}

TEST_F(WalkTest, AnEventThatIsNotRecordedIsAFailure) {
  answers({{"WSAWaitForMultipleEvents", {reply({{"returns", "WSA_WAIT_TIMEOUT"}})}}});
  EXPECT_EQ(outcome(walk(kEvents, kListener)),
            "fail: step 1 error: expected error 0, observed not recorded within 250 ms");
}

TEST_F(WalkTest, AnEventWithAnErrorIsAFailure) {
  answers({{"WSAEnumNetworkEvents",
            {reply({{"returns", 0}, {"network_events", {{"FD_READ", "WSAENETDOWN"}}}})}}});
  EXPECT_EQ(outcome(walk(kEvents, kListener)),
            "fail: step 1 error: expected error 0, observed error WSAENETDOWN");
}

TEST_F(WalkTest, AWaitForEventsThatNeverReturnsIsAFailure) {
  answers({{"WSAWaitForMultipleEvents", {json::array({"hang"})}}});
  EXPECT_EQ(outcome(walk(kEvents, kListener)).find("fail: step 1 hang: "), 0U);
}

TEST_F(WalkTest, AnEnumerationThatFailsIsAFailure) {
  answers({{"WSAEnumNetworkEvents", {reply({{"error", "WSAENOTSOCK"}})}}});
  EXPECT_EQ(outcome(walk(kEvents, kListener)).find("fail: step 1 "), 0U);
}

TEST_F(WalkTest, EventsThatNeverIncludeTheOneAreNotWaitedForForEver) {
  answers(
      {{"WSAEnumNetworkEvents", {reply({{"returns", 0}, {"network_events", {{"FD_WRITE", 0}}}})}}});
  EXPECT_EQ(outcome(walk(kEvents, kListener)).find("fail: step 1 "), 0U);
}

// Receiving.

TEST_F(WalkTest, ReceiveGoesOnUntilAllHasCome) {
  answers(
      {{"recv",
        {reply({{"returns", 2}, {"data", "YWI="}}), reply({{"returns", 1}, {"data", "Yw=="}})}}});
  EXPECT_EQ(outcome(walk("- {id: 1, client: receive, data: abc}\n")), "pass");
  EXPECT_EQ(bodies(Event::Kind::kPartial).size(), 2U);
  EXPECT_EQ(bodies(Event::Kind::kIndication).at(0), json({{"returns", 3}, {"data", "YWJj"}}));
}

TEST_F(WalkTest, ReceiveEndsWhereNoMoreComes) {
  answers({{"recv",
            {reply({{"returns", 2}, {"data", "YWI="}}), reply({{"returns", 0}, {"data", ""}})}}});
  EXPECT_EQ(outcome(walk("- {id: 1, client: receive, data: abc}\n")),
            "fail: step 1 data: expected data \"abc\", observed data \"ab\"");
}

TEST_F(WalkTest, NobodyIsBlamedForTheTimeThatTheSuiteTakesBetweenTwoReceives) {
  answers(json::object(), {{"recv",
                            {reply({{"returns", 2}, {"data", to_base64("ab")}}),
                             reply({{"returns", 2}, {"data", to_base64("cd")}}),
                             reply({{"returns", 2}, {"data", to_base64("ef")}})}}});
  partials_until_held_up_ = 2;
  EXPECT_EQ(outcome(walk("- {id: 1, server: receive, data: abcdef}\n")), "pass");
}

TEST_F(WalkTest, ReceiveTellsAnErrorAndWhatCameBefore) {
  answers(
      {{"recv", {reply({{"returns", 2}, {"data", "YWI="}}), reply({{"error", "WSAECONNRESET"}})}}});
  EXPECT_EQ(outcome(walk("- {id: 1, client: receive, data: abc}\n")),
            "fail: step 1 returns: expected succeeds, data \"abc\", observed fails with "
            "WSAECONNRESET, data \"ab\"");
}

// Arithmetic.

constexpr const char* kSum =
    "- {client: WSARecvDisconnect, data: $total}\n- {client: compute, sum: 42 + $total}\n"
    "- {client: WSASendDisconnect, data: $sum}\n";

TEST_F(WalkTest, ArithmeticUsesWhatCame) {
  answers({{"WSARecvDisconnect", {reply({{"returns", 0}, {"data", to_base64("3")}})}}});
  EXPECT_EQ(outcome(walk(kSum)), "pass");
  EXPECT_EQ(bodies(Event::Kind::kComputed).at(0), json({{"sum", 45}}));
  EXPECT_EQ(bodies(Event::Kind::kCall, "3").at(0).at("data"), to_base64("45"));
}

TEST_F(WalkTest, ArithmeticWithWhatIsNoNumberIsAFailure) {
  const std::string numbers[] = {"", "three", "3 ", "9223372036854775807"};
  for (const std::string& number : numbers) {
    answers({{"WSARecvDisconnect", {reply({{"returns", 0}, {"data", to_base64(number)}})}}});
    actors_.discard(casting_.client, 0);
    EXPECT_EQ(outcome(walk(kSum)).find("fail: step 2 compute: expected a number, observed "), 0U)
        << number;
  }
}

// Conditions.

constexpr const char* kAccept =
    "- {id: 1, client: WSAConnect, addr: \"h:1\", caller_data: hi, by: 3}\n"
    "- {id: 2, server: WSAAccept, condition: true, after: 1}\n"
    "- {id: 3, server: condition, caller_data: $hi, callee_data: yes, verdict: CF_ACCEPT}\n";

const json kUpcall = {{"condition", {{"caller_id", "h:2"}, {"caller_data", "aGk="}}}};

TEST_F(WalkTest, AConditionIsAnswered) {
  answers(json::object(), {{"WSAAccept", {reply(kUpcall)}}});
  EXPECT_EQ(outcome(walk(kAccept)), "pass");
  const json verdict = bodies(Event::Kind::kVerdict).at(0);
  EXPECT_EQ(verdict.at("verdict"), "CF_ACCEPT");
  EXPECT_EQ(verdict.at("callee_data"), to_base64("yes"));
  EXPECT_EQ(verdict.at("id"), bodies(Event::Kind::kCall, "2").at(0).at("id"));
}

TEST_F(WalkTest, AConditionThatIsNotCalledIsAFailure) {
  answers(json::object(), {{"WSAAccept", {reply({{"returns", "server"}})}}});
  EXPECT_EQ(outcome(walk(kAccept)),
            "fail: step 3 call: expected the condition function is called, observed WSAAccept came "
            "back without calling it: returns server");
}

TEST_F(WalkTest, AConditionThatIsCalledTwiceIsAFailure) {
  play(json::object(),
       {{"answers", {{"WSAAccept", {reply(kUpcall)}}}}, {"verdict", reply(kUpcall)}});
  EXPECT_EQ(outcome(walk(kAccept)).find("fail: step 2 condition: expected no further call"), 0U);
}

TEST_F(WalkTest, GarbageInsteadOfAConditionIsAnError) {
  answers(json::object(), {{"WSAAccept", {reply({{"upcall", 1}})}}});
  const std::string came = outcome(walk(kAccept));
  EXPECT_EQ(came.find("error: step 3 (server condition, case.yaml:7:3): garbage: "), 0U) << came;
}

TEST_F(WalkTest, AVerdictThatNobodyAnswersIsAFailure) {
  play(json::object(), {{"answers", {{"WSAAccept", {reply(kUpcall)}}}}, {"verdict", {"hang"}}});
  EXPECT_EQ(outcome(walk(kAccept)).find("fail: step 2 hang: "), 0U);
}

}  // namespace
}  // namespace ws2conform
