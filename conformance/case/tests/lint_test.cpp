#include "conformance/case/lint.hpp"

#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"

namespace ws2conform::lint_test {
namespace {

Requirements two_requirements() {
  Requirements requirements;
  for (const char* id : {"REQ-1", "REQ-2"}) requirements[id].id = id;
  return requirements;
}

std::string error_of_case(const std::string& yaml) {
  try {
    lint(case_of(yaml), two_requirements());
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

// Steps begin in line 5, or in line 6 where there is a `head`.
std::string error_of(const std::string& steps, const std::string& head = "") {
  return error_of_case(with_steps(steps, head));
}

TEST(Lint, ACaseWithoutFaultsHasNone) {
  EXPECT_EQ(error_of("- {id: 1, client: send, data: abc}\n"
                     "- {id: 2, server: receive, data: abc, after: 1}\n"
                     "- {id: 3, server: FD_CLOSE, error: 0, after: 4}\n"
                     "- {id: 4, client: closesocket, requirement: REQ-2}\n",
                     "given: connected"),
            "no error");
}

// Requirements and capabilities.

TEST(Lint, UnknownRequirement) {
  EXPECT_EQ(error_of_case("id: a-case\ntitle: A case for a test\nrequirements: [REQ-1, RQ-2]\n"
                          "steps:\n- {client: socket}\n"),
            "case.yaml:1:1: unknown requirement RQ-2; did you mean \"REQ-2\"?");
}

TEST(Lint, RequirementOfAStepThatTheCaseHasNot) {
  EXPECT_EQ(error_of("- {client: socket}\n- {client: closesocket, requirement: REQ-3}\n"),
            "case.yaml:6:3: requirement REQ-3 is not among the case's requirements");
}

TEST(Lint, UnknownCapability) {
  EXPECT_EQ(error_of("- {client: socket}\n", "needs: [connect-dat]"),
            "case.yaml:1:1: unknown capability \"connect-dat\"; did you mean \"connect-data\"?");
  EXPECT_EQ(error_of("- {client: socket}\n", "lacks: [event]"),
            "case.yaml:1:1: unknown capability \"event\"; did you mean \"events\"?");
}

// Structure.

TEST(Lint, AnOpeningNeedsAServer) {
  EXPECT_EQ(error_of("- {alice: socket}\n", "actors: [alice, bob]\ngiven: connected"),
            "case.yaml:5:8: `given: connected` needs an actor \"server\"");
}

TEST(Lint, TwoStepsWithOneId) {
  EXPECT_EQ(error_of("- {id: x, client: socket}\n- {id: x, client: closesocket}\n"),
            "case.yaml:6:3: two steps have the ID \"x\"");
  EXPECT_EQ(error_of("- {id: 2, client: socket}\n- {client: closesocket}\n"),
            "case.yaml:6:3: two steps have the ID \"2\"")
      << "an ordinal is an ID too";
}

TEST(Lint, LanesOfOneActorAreOrderedByAfter) {
  EXPECT_EQ(error_of("- {id: 1, client: recv, lane: 2, length: 1, error: WSAEINTR, after: 2}\n"
                     "- {id: 2, client: closesocket}\n",
                     "given: connected"),
            "no error");
  EXPECT_EQ(error_of("- {id: 1, client: recv, lane: 2, length: 1}\n"
                     "- {id: 2, client: closesocket, lane: 2, after: 1}\n",
                     "given: connected"),
            "case.yaml:7:3: step 2 is `after: 1`, a step of the same actor: those run in the order "
            "written");
}

TEST(Lint, LanesBeginWithOne) {
  EXPECT_NE(error_of("- {client: socket, lane: 0}\n").find("case.yaml:5:"), std::string::npos);
  EXPECT_NE(error_of("- {client: socket, lane: reader}\n").find("case.yaml:5:"), std::string::npos);
}

TEST(Lint, ASocketOfAnotherLaneIsThereOnceItsStepIsOver) {
  EXPECT_EQ(
      error_of("- {id: 1, client: socket, as: s}\n"
               "- {id: 2, client: closesocket, socket: s, lane: 2}\n"),
      "case.yaml:6:3: client has no socket \"s\" here: neither the opening nor an earlier step "
      "of it makes one");
  EXPECT_EQ(error_of("- {id: 1, client: socket, as: s}\n"
                     "- {id: 2, client: closesocket, socket: s, lane: 2, after: 1}\n"),
            "no error");
}

TEST(Lint, WhatAnotherLaneClosesMayStillBeThere) {
  EXPECT_EQ(error_of("- {id: 1, client: closesocket}\n"
                     "- {id: 2, client: send, data: a, lane: 2}\n",
                     "given: connected"),
            "no error");
  EXPECT_EQ(
      error_of("- {id: 1, client: closesocket}\n"
               "- {id: 2, client: send, data: a, lane: 2, after: 1}\n",
               "given: connected"),
      "case.yaml:7:3: a contradiction: step 1 closed socket \"client\", so this must fail with "
      "an `error`");
}

TEST(Lint, OctetsOfOneDirectionAreOfOneLaneAtATime) {
  EXPECT_EQ(
      error_of("- {id: 1, client: send, data: a}\n"
               "- {id: 2, client: WSASend, data: b, lane: 2}\n",
               "given: connected"),
      "case.yaml:7:3: steps 1 and 2 send on one socket in two lanes, and neither is over when "
      "the other begins: nobody can say whose octets come first");
  EXPECT_EQ(error_of("- {id: 1, client: receive, data: a}\n"
                     "- {id: 2, client: recv, data: b, lane: 2}\n",
                     "given: connected"),
            "case.yaml:7:3: steps 1 and 2 receive on one socket in two lanes, and neither is over "
            "when the other begins: nobody can say whose octets come first");
  EXPECT_EQ(error_of("- {id: 1, client: send, data: a}\n"
                     "- {id: 2, client: send, data: b, lane: 2, after: 1}\n"
                     "- {id: 3, client: recv, data: b}\n",
                     "given: connected"),
            "no error");
}

TEST(Lint, WhatIsOfAWholeActorHasOneLane) {
  EXPECT_EQ(
      error_of("- {id: 1, client: recv, lane: 2, length: 1}\n- {id: 2, client: vanish}\n",
               "given: connected"),
      "case.yaml:7:3: step 2: client vanishes, so it can have one lane only; step 1 is in lane "
      "2");
  EXPECT_EQ(
      error_of("- {id: 1, client: FD_READ, error: 0, after: 3}\n"
               "- {id: 2, client: FD_CLOSE, error: 0, lane: 2, after: 3}\n"
               "- {id: 3, server: closesocket}\n",
               "given: connected"),
      "case.yaml:6:3: steps 1 and 2 wait for events of one socket in two lanes: each may take "
      "what the other waits for");
}

TEST(Lint, AfterOfTheSameActor) {
  EXPECT_EQ(error_of("- {id: 1, client: socket}\n- {id: 2, client: closesocket, after: 1}\n"),
            "case.yaml:6:3: step 2 is `after: 1`, a step of the same actor: those run in the order "
            "written");
  EXPECT_EQ(error_of("- {id: 1, client: socket, after: 1}\n"),
            "case.yaml:5:3: step 1 is `after: 1`, a step of the same actor: those run in the order "
            "written");
}

TEST(Lint, UntilAndByOfTheSameActor) {
  EXPECT_EQ(
      error_of("- {id: 1, client: connect, until: 1}\n", "given: listener"),
      "case.yaml:6:3: step 1 is `until: 1`, a step of the same actor, which cannot decide on it");
  EXPECT_EQ(
      error_of("- {id: 1, client: bind, addr: loopback}\n- {id: 2, client: connect, by: 1}\n",
               "given: listener"),
      "case.yaml:7:3: step 2 is `by: 1`, a step of the same actor, which cannot decide on it");
}

TEST(Lint, TheAxisProviderIsThereUnasked) {
  EXPECT_EQ(error_of("- {client: socket}\n", "axes: {provider: [tcp]}"),
            "case.yaml:1:1: the axis \"provider\" is there in every case, unasked");
}

TEST(Lint, AnAxisThatChangesNothing) {
  EXPECT_EQ(error_of("- {client: send, data: $octets_more}\n",
                     "axes: {octets: [a, b]}\ngiven: connected"),
            "case.yaml:1:1: nothing in the case depends on the axis \"octets\"");
  const std::string known =
      "axes: {octets: [1, 2], family: [AF_INET6], initiator: [client, server]}";
  EXPECT_EQ(
      error_of("- {$responder: send, data: {pattern: $octets}}\n", known + "\ngiven: connected"),
      "no error");
}

TEST(Lint, AfterASameActorOfAnAxisIsFoundForEachOfItsValues) {
  const std::string error =
      error_of("- {id: 1, $initiator: send, data: a}\n- {id: 2, client: recv, after: 1}\n",
               "axes: {initiator: [server, client]}\ngiven: connected");
  EXPECT_EQ(error,
            "case.yaml:8:3: step 2 is `after: 1`, a step of the same actor: those run in the order "
            "written");
}

// Sockets.

TEST(Lint, ASocketThatNobodyMakes) {
  EXPECT_EQ(
      error_of("- {client: closesocket}\n"),
      "case.yaml:5:3: client has no socket \"client\" here: neither the opening nor an earlier "
      "step of it makes one");
  EXPECT_EQ(error_of("- {server: closesocket, socket: listner}\n", "given: listener"),
            "case.yaml:6:3: server has no socket \"listner\" here: neither the opening nor an "
            "earlier step of it makes one; did you mean \"listener\"?");
  EXPECT_EQ(error_of("- {client: closesocket, socket: server}\n", "given: connected")
                .find("case.yaml:6:3: client has no socket \"server\" here"),
            0U)
      << "the other end's";
  EXPECT_EQ(error_of("- {client: bind, addr: loopback}\n- {client: socket}\n")
                .find("case.yaml:5:3: client has no socket \"client\" here"),
            0U)
      << "made too late";
  EXPECT_EQ(error_of("- {client: socket, as: mine}\n- {client: closesocket, socket: mine}\n"),
            "no error");
}

// Expectations.

TEST(Lint, ContradictoryExpectations) {
  EXPECT_EQ(error_of("- {client: recv, returns: 0, error: WSAECONNRESET}\n", "given: connected"),
            "case.yaml:6:30: a contradiction: a call either `returns` or fails with an `error`");
  EXPECT_EQ(error_of("- {client: recv-zero, error: WSAECONNRESET}\n", "given: connected"),
            "case.yaml:6:23: a contradiction: what recv-zero comes back with goes with its name");
  EXPECT_EQ(
      error_of("- {id: 1, client: closesocket}\n- {id: 2, client: send, data: a}\n",
               "given: connected"),
      "case.yaml:7:3: a contradiction: step 1 closed socket \"client\", so this must fail with "
      "an `error`");
  EXPECT_EQ(error_of("- {client: closesocket}\n- {client: send, data: a, error: WSAENOTSOCK}\n",
                     "given: connected"),
            "no error");
}

TEST(Lint, Alternatives) {
  const auto with = [](const std::string& alternative) {
    return error_of(
        "- {id: 1, client: send, data: a}\n- {id: 2, server: recv, after: 1, or: " + alternative +
            "}\n- {id: 3, client: closesocket}\n- {id: 4, client: " + "socket, after: 2}\n",
        "given: connected");
  };
  EXPECT_EQ(with("{error: WSAECONNRESET, because: 3}"), "no error");
  EXPECT_EQ(with("[{error: WSAECONNRESET, because: 3}, {returns: 0, because: 1}]"), "no error");
  EXPECT_EQ(with("{error: WSAECONNRESET, because: elsewhere}"),
            "case.yaml:7:39: no step has the ID \"elsewhere\"");
  EXPECT_EQ(with("{error: WSAECONNRESET, because: 4}"),
            "case.yaml:7:39: a dead alternative: step 4 is never begun before step 2 is over");
  EXPECT_EQ(with("{error: WSAECONNRESET, because: 2}").find("case.yaml:7:39: a dead alternative"),
            0U);
}

TEST(Lint, DeadExpectations) {
  EXPECT_EQ(error_of("- {client: recv, error: WSAECONNRESET, data: a}\n", "given: connected"),
            "case.yaml:6:40: a dead expectation: recv yields no `data` when it fails, and it must "
            "fail here");
  EXPECT_EQ(
      error_of("- {client: WSARecvDisconnect, error: WSAENOTCONN, data: a}\n", "given: connected"),
      "no error")
      << "it has a length beside the error";
}

// Order.

TEST(Lint, UnknownStep) {
  EXPECT_EQ(error_of("- {id: one, client: socket}\n- {id: two, server: socket, after: oen}\n"),
            "case.yaml:6:3: no step has the ID \"oen\"; did you mean \"one\"?");
}

TEST(Lint, Cycle) {
  EXPECT_EQ(
      error_of("- {id: 1, client: socket, after: 2}\n- {id: 2, server: socket, after: 1}\n"),
      "case.yaml:5:3: a cycle: steps 1, 2 wait for one another (by `after`, `until`, `by` and "
      "the order of each actor's steps)");
}

TEST(Lint, UntilOnACallThatWaits) {
  for (const std::string word : {"until", "by"}) {
    EXPECT_EQ(error_of("- {id: 1, client: recv, " + word + ": 2}\n- {id: 2, server: socket}\n"),
              "case.yaml:5:3: `until` and `by` belong to connect and WSAConnect; recv says `after` "
              "what it waits for");
  }
}

TEST(Lint, UntilAndBy) {
  EXPECT_EQ(
      error_of("- {id: 1, client: connect, until: 2, by: 2}\n- {id: 2, server: accept, after: 1}\n",
               "given: listener"),
      "case.yaml:6:3: a step says either `until` or `by`");
}

TEST(Lint, AConnectThatIsAnsweredSaysUntilOrBy) {
  const std::string accept = "- {id: 2, server: accept, after: 1}\n";
  EXPECT_EQ(
      error_of("- {id: 1, client: connect}\n" + accept, "given: listener"),
      "case.yaml:6:3: step 1 is answered by step 2: say `until:` (it is pending until then) or "
      "`by:` (it has returned by then)");
  EXPECT_EQ(error_of("- {id: 1, client: connect, by: 2}\n" + accept, "given: listener"),
            "no error");
  EXPECT_EQ(
      error_of("- {id: 1, client: connect}\n" + accept, "given: listener\nlacks: [delayed-accept]"),
      "no error")
      << "nobody waits for the verdict";
}

// Conditions.

constexpr const char* kConnect = "- {id: 1, client: connect, by: 2}\n";

TEST(Lint, AConditionWithoutWsaaccept) {
  const std::string error =
      "case.yaml:8:3: a condition step comes right after the actor's WSAAccept with `condition: "
      "true`";
  EXPECT_EQ(error_of(kConnect + std::string("- {id: 2, server: accept, after: 1}\n"
                                            "- {id: 3, server: condition, verdict: CF_ACCEPT}\n"),
                     "given: listener"),
            error);
  EXPECT_EQ(error_of(kConnect + std::string("- {id: 2, server: WSAAccept, after: 1}\n"
                                            "- {id: 3, server: condition, verdict: CF_ACCEPT}\n"),
                     "given: listener"),
            error);
}

TEST(Lint, WsaacceptWithoutItsCondition) {
  EXPECT_EQ(
      error_of(kConnect + std::string("- {id: 2, server: WSAAccept, condition: true, after: 1}\n"
                                      "- {id: 3, server: closesocket}\n"),
               "given: listener"),
      "case.yaml:7:3: WSAAccept with `condition: true` is followed by the actor's condition "
      "step");
}

TEST(Lint, AConditionSaysNoAfterOfItsOwn) {
  EXPECT_EQ(
      error_of(kConnect + std::string("- {id: 2, server: WSAAccept, condition: true, after: 1}\n"
                                      "- {server: condition, verdict: CF_ACCEPT, after: 1}\n"),
               "given: listener"),
      "case.yaml:8:3: what causes the condition function's call is said at the WSAAccept, as "
      "its `after`");
}

// Network events.

TEST(Lint, AnEventThatNobodySelected) {
  EXPECT_EQ(error_of("- {client: socket}\n- {client: FD_CLOSE}\n"),
            "case.yaml:6:3: nobody selected FD_CLOSE for socket \"client\" of client: the opening "
            "does so for the sockets it makes; for others say WSAEventSelect first");
  EXPECT_EQ(error_of("- {client: socket, as: other}\n- {client: FD_READ, socket: other}\n",
                     "given: connected")
                .find("case.yaml:7:3: nobody selected FD_READ for socket \"other\" of client"),
            0U);
}

constexpr const char* kSelect = "- {client: WSACreateEvent, as: e}\n- {client: socket}\n";

TEST(Lint, ASelectionOfAnotherEventIsNone) {
  const std::string closed = "- {client: FD_CLOSE}\n";
  const auto select = [](const std::string& events) {
    return kSelect + ("- {client: WSAEventSelect, event: e, network_events: " + events + "}\n");
  };
  EXPECT_EQ(error_of(select("FD_CLOSE") + closed), "no error");
  EXPECT_EQ(error_of(select("[FD_READ, FD_CLOSE]") + closed), "no error");
  EXPECT_EQ(error_of(select("[FD_READ]") + closed)
                .find("case.yaml:8:3: nobody selected FD_CLOSE for socket \"client\" of client"),
            0U);
}

TEST(Lint, ALaterSelectionReplacesAnEarlierOne) {
  EXPECT_EQ(error_of(kSelect +
                     std::string("- {client: WSAEventSelect, event: e, network_events: FD_CLOSE}\n"
                                 "- {client: WSAEventSelect, event: e, network_events: FD_READ}\n"
                                 "- {client: FD_CLOSE}\n"))
                .find("case.yaml:9:3: nobody selected FD_CLOSE"),
            0U);
}

// Names.

TEST(Lint, ANameWithoutAValue) {
  EXPECT_EQ(error_of("- {client: socket}\n- {client: send, data: $total}\n"),
            "case.yaml:6:18: $total has no value yet: no earlier step yields it");
  EXPECT_EQ(error_of("- {client: compute, sum: 42 + $total}\n"),
            "case.yaml:5:21: $total has no value yet: no earlier step yields it");
  EXPECT_EQ(error_of("- {client: closesocket, error: $name}\n"),
            "case.yaml:5:25: $name has no value yet: no earlier step yields it");
}

TEST(Lint, ANameThatOnlyALaterStepYields) {
  EXPECT_EQ(error_of("- {client: send, data: $x}\n- {client: recv, data: $x}\n"),
            "case.yaml:5:18: $x has no value yet: no earlier step yields it");
}

TEST(Lint, ANameThatAnotherActorMayNotHaveYieldedYet) {
  const std::string yields = "- {id: 1, client: getsockname, addr: $mine}\n";
  EXPECT_EQ(error_of(yields + "- {id: 2, server: connect, addr: $mine}\n", "given: connected"),
            "case.yaml:7:28: $mine may have no value yet: nothing puts step 1, which yields it, "
            "before step 2");
  EXPECT_EQ(
      error_of(yields + "- {id: 2, server: connect, addr: $mine, after: 1}\n", "given: connected"),
      "no error");
  EXPECT_EQ(error_of(yields + "- {id: 2, server: getpeername, addr: $mine}\n", "given: connected"),
            "no error")
      << "an outcome is compared with whichever came first";
}

TEST(Lint, ANameThatAWaitYieldsIsThereWhenTheWaitIsOver) {
  const std::string head = "given: connected";
  const std::string steps =
      "- {id: 1, client: send, data: abc}\n- {id: 2, server: recv, data: $x, after: 1}\n";
  EXPECT_EQ(error_of(steps + "- {id: 3, server: send, data: $x}\n", head), "no error");
  EXPECT_EQ(error_of(steps + "- {id: 3, client: send, data: $x, after: 2}\n", head), "no error");
  EXPECT_EQ(error_of(steps + "- {id: 3, client: recv, length: $x, after: 2}\n", head)
                .find("case.yaml:8:25: $x may have no value yet"),
            0U)
      << "begun early, before 2";
}

TEST(Lint, WhatAPendingConnectYieldsIsNotThereWhenItIsBegun) {
  const std::string head = "given: listener";
  const std::string connect = "- {id: 1, client: WSAConnect, callee_data: $x, by: 2}\n";
  EXPECT_EQ(error_of(connect + "- {id: 2, server: accept, after: 1}\n"
                               "- {id: 3, server: send, data: $x, after: 1}\n",
                     head)
                .find("case.yaml:8:25: $x may have no value yet"),
            0U);
  EXPECT_EQ(error_of(connect + "- {id: 2, server: accept, after: 1}\n"
                               "- {id: 3, client: send, data: $x}\n",
                     head),
            "no error");
}

TEST(Lint, WhatAConditionIsToldIsThereAfterIt) {
  const std::string head = "given: listener";
  const std::string accept =
      "- {id: 1, client: connect, by: 3}\n- {id: 2, server: WSAAccept, condition: true, after: 1}\n"
      "- {id: 3, server: condition, caller_id: $who, verdict: CF_ACCEPT}\n";
  EXPECT_EQ(error_of(accept + "- {id: 4, server: send, data: $who}\n", head), "no error");
  EXPECT_EQ(error_of(accept + "- {id: 4, client: send, data: $who}\n", head), "no error")
      << "the connect is over, so its decision is";
}

TEST(Lint, WhatReceiveWaitsForMustBeKnown) {
  EXPECT_EQ(error_of("- {client: receive, data: $x}\n", "given: connected"),
            "case.yaml:6:21: $x has no value yet: no earlier step yields it");
}

TEST(Lint, ANameMayComeFromTheOpeningOrFromArithmetic) {
  EXPECT_EQ(error_of("- {client: WSAConnect, addr: $listener}\n", "given: listener"), "no error");
  EXPECT_EQ(error_of("- {client: compute, sum: 1 + 2}\n- {client: send, data: $sum}\n",
                     "given: connected"),
            "no error");
}

TEST(Lint, ArithmeticMayUseWhatItHasJustComputed) {
  EXPECT_EQ(error_of("- {client: compute, a: 1, b: $a + 1}\n"), "no error");
}

// Readings, and decisions that come later.

TEST(Lint, AReadingIsOneOfItsRequirement) {
  Requirements requirements = two_requirements();
  requirements["REQ-1"].readings = {{"zero", "it is zero"}, {"reset", "it is reset"}};
  const auto error = [&](const std::string& rest) {
    try {
      lint(case_of(with_steps("- {id: 1, client: recv, " + rest + "}\n", "given: connected")),
           requirements);
    } catch (const InputError& found) {
      return std::string(found.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error("requirement: REQ-1, readings: {zero: {returns: 0}}"), "no error");
  EXPECT_EQ(error("requirement: REQ-1, readings: {rest: {returns: 0}}"),
            "case.yaml:6:56: \"rest\" is no reading of REQ-1; did you mean \"reset\"?");
  EXPECT_EQ(error("readings: {zero: {returns: 0}}"),
            "case.yaml:6:3: a step with readings says which `requirement` they are of");
  EXPECT_EQ(error("requirement: REQ-1, readings: {zero: {returns: 0, because: 9}}"),
            "case.yaml:6:56: no step has the ID \"9\"");
  EXPECT_NE(error("requirement: REQ-1, readings: {zero: {lenth: 0}}").find("unknown key \"lenth\""),
            std::string::npos);
}

TEST(Lint, WsaacceptThatFailsWhateverItsReadingAsksNobody) {
  Requirements requirements = two_requirements();
  requirements["REQ-1"].readings = {{"reset", "it is reset"}, {"taken", "it succeeds"}};
  const auto error = [&](const std::string& readings) {
    try {
      lint(case_of(with_steps("- {id: 1, server: WSAAccept, condition: true, requirement: REQ-1, "
                              "readings: {" +
                                  readings + "}}\n",
                              "given: listener")),
           requirements);
    } catch (const InputError& found) {
      return std::string(found.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error("reset: {error: WSAECONNRESET}"), "no error");
  EXPECT_NE(error("reset: {error: WSAECONNRESET}, taken: {}").find("condition step"),
            std::string::npos);
}

TEST(Lint, ADecisionNeedsAnOpenCondition) {
  EXPECT_EQ(error_of("- {client: connect, by: 4}\n- {server: WSAAccept, condition: true}\n"
                     "- {server: condition, verdict: CF_ACCEPT}\n"
                     "- {id: 4, server: decide, verdict: CF_ACCEPT}\n",
                     "given: listener"),
            "case.yaml:9:3: decide comes after a condition that gives no `verdict`");
  EXPECT_EQ(error_of("- {client: connect, by: 4}\n- {server: WSAAccept, condition: true}\n"
                     "- {server: condition}\n- {id: 4, server: decide, verdict: CF_ACCEPT}\n",
                     "given: listener"),
            "no error");
}

// Values.

TEST(Lint, ALiteralOfTheWrongType) {
  const std::pair<const char*, const char*> wrong[] = {
      {"recv, length: many", "a number is expected here"},
      {"getsockopt, option: \"\"", "a name or a number is expected here"},
      {"WSAEventSelect, event: e, network_events: {a: b}", "a list of names is expected here"},
      {"WSAEventSelect, event: e, network_events: [[FD_READ]]", "a list of names is expected here"},
      {"WSAAccept, condition: maybe", "true or false is expected here"},
      {"bind, addr: \"\"", "a name is expected here"},
      {"send, data: {hex: 0g}", "\"0g\" is not hexadecimal"},
      {"send, data: {pattern: -1}", "pattern: takes a count of octets, at most 16777216"},
      {"send, data: {pattern: 16777217}", "pattern: takes a count of octets, at most 16777216"},
      {"send, data: {pattern: $unknown}", "$unknown has no value yet: no earlier step yields it"},
      {"send, data: {text: abc}",
       "octets are written as text, {hex: 00ff}, {pattern: 512} or null"},
      {"closesocket, error: \"\"", "a name or a number is expected here"},
      {"closesocket, returns: \"\"", "a name or a number is expected here"},
  };
  for (const auto& [call, message] : wrong) {
    const std::string error = error_of(std::string("- {client: ") + call + "}\n");
    EXPECT_EQ(error.find("case.yaml:5:"), 0U) << call << ": " << error;
    EXPECT_NE(error.find(message), std::string::npos) << call << ": " << error;
  }
}

TEST(Lint, AnExpressionThatIsNone) {
  EXPECT_EQ(
      error_of("- {client: compute, sum: 1 +}\n"),
      "case.yaml:5:21: \"1 +\" is no expression of integers, $names, + - * and parentheses (it "
      "goes wrong at character 4)");
  EXPECT_EQ(error_of("- {client: compute, sum: [1]}\n"),
            "case.yaml:5:21: an expression is expected here");
}

TEST(Lint, AMissingField) {
  EXPECT_EQ(error_of("- {client: bind}\n"), "case.yaml:5:3: bind needs `addr`");
  EXPECT_EQ(error_of("- {client: receive}\n"), "case.yaml:5:3: receive needs `data`");
  EXPECT_EQ(error_of("- {client: connect, by: 2}\n- {id: 2, server: WSAAccept, condition: true}\n"
                     "- {server: condition}\n",
                     "given: listener"),
            "case.yaml:8:3: the condition gives no `verdict`, and no `decide` follows it");
}

TEST(Lint, AFieldThatTheOperationOfAnAxisHasNot) {
  EXPECT_EQ(error_of("- {client: $how, data: abc}\n",
                     "axes: {how: [recv, closesocket]}\ngiven: connected"),
            "case.yaml:7:18: \"data\" means nothing to closesocket");
}

TEST(Lint, AnAxisValueThatIsNoOperation) {
  EXPECT_EQ(error_of("- {client: $how}\n", "axes: {how: [closesoket]}"),
            "case.yaml:6:3: \"closesoket\" is no operation; did you mean \"closesocket\"?");
}

TEST(Lint, ANameThatIsNoAxisIsNoOperation) {
  EXPECT_EQ(error_of("- {client: $how}\n"), "case.yaml:5:3: \"$how\" is no operation");
}

TEST(Lint, WhoeverVanishedMakesNoCalls) {
  EXPECT_EQ(error_of("- {id: 1, client: vanish}\n- {id: 2, client: socket}\n"),
            "case.yaml:6:3: step 2: client has vanished in step 1");
  EXPECT_EQ(error_of("- {id: 1, client: vanish}\n- {id: 2, server: socket, as: other}\n"),
            "no error");
}

TEST(Lint, TheSuitesOwnCasesHaveNoFaults) {
  EXPECT_NO_THROW({
    const CaseSet set = load_case_set(CASE_FOLDER);
    EXPECT_GT(set.cases.size(), 20U);
  });
}

}  // namespace
}  // namespace ws2conform::lint_test
