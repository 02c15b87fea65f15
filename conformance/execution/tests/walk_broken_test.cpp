// Adapters that break, in the walk: the outcome, and the schedule after it.
#include "conformance/execution/tests/walk_fixture.hpp"

namespace ws2conform {
namespace {

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

TEST_F(WalkTest, WhoWaitsForADeadOneIsNotToBlame) {
  const std::string lock = scripted_.folder().path("client.lock");
  const json killed = {{{"hold", lock}}, {{"reply", {{"returns", 3}}}}, {{"signal", 9}}};
  const std::pair<json, const char*> servers[] = {
      {"hang", "nothing comes"},
      {{{"outlast", lock}}, "what comes is the end"},
  };
  for (const auto& [first, what] : servers) {
    SCOPED_TRACE(what);
    play(in_first_process("send", killed),
         in_first_process("recv", json::array({first, {{"reply", {{"error", "WSAECONNRESET"}}}}})));
    for (const char* name : {"client.json.started", "server.json.started"}) {
      std::filesystem::remove(scripted_.folder().path(name));
    }
    actors_.discard(casting_.client, 0);
    actors_.discard(casting_.server, 0);
    expect_then_recovery(std::string(kSend) + "- {server: recv, data: abc}\n",
                         "error: crashed: client's adapter had died: client was ended by signal 9 "
                         "(Killed)");
  }
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

}  // namespace
}  // namespace ws2conform
