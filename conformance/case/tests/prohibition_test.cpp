#include "conformance/case/prohibition.hpp"

#include <gtest/gtest.h>

#include "conformance/case/lint.hpp"
#include "conformance/case/tests/written.hpp"

namespace ws2conform::prohibition_test {
namespace {

constexpr const char* kSteps =
    "- {id: 1, client: send, data: abc}\n"
    "- {id: 2, server: FD_READ, error: 0, after: 1}\n"
    "- {id: 3, server: recv, data: abc}\n"
    "- {id: 4, client: closesocket}\n"
    "- {id: 5, server: FD_CLOSE, error: 0, after: 4}\n";

std::string error_of(const std::string& must_not, const std::string& steps = kSteps) {
  Requirements requirements;
  for (const char* id : {"REQ-1", "REQ-2"}) requirements[id].id = id;
  try {
    lint(case_of(with_steps(steps, "given: connected\nmust-not: [" + must_not + "]")),
         requirements);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Prohibition, OneThatCanBeViolatedIsNoError) {
  EXPECT_EQ(error_of("{server: FD_CLOSE, until: 4, requirement: REQ-2}"), "no error");
  EXPECT_EQ(error_of("{server: FD_READ, from: 2}, {server: receive, from: 1, until: 3}",
                     "- {id: 1, client: send, data: abc}\n"
                     "- {id: 2, server: FD_READ, error: 0, after: 1}\n"
                     "- {id: 3, client: closesocket}\n"
                     "- {id: 4, server: recv, data: abc, after: 3}\n"
                     "- {id: 5, server: FD_CLOSE, error: 0}\n"),
            "case.yaml:5:40: a dead expectation: no step of server could show it in time")
      << "the receive comes after step 3";
}

TEST(Prohibition, UnknownWords) {
  EXPECT_EQ(error_of("{server: FD_CLOSED}"),
            "case.yaml:5:12: \"FD_CLOSED\" cannot be forbidden, FD_READ, FD_WRITE, FD_ACCEPT, "
            "FD_CONNECT, FD_CLOSE, FD_QOS, condition, receive, recv-zero, WSAEDISCON can; did you "
            "mean \"FD_CLOSE\"?");
  EXPECT_EQ(error_of("{server: FD_CLOSE, untill: 4}"),
            "case.yaml:5:31: unknown key \"untill\" in what must not be seen; did you mean "
            "\"until\"?");
  EXPECT_EQ(error_of("{until: 4}"),
            "case.yaml:5:12: it names no actor; the actors are client, server");
  EXPECT_EQ(error_of("{server: FD_CLOSE, client: FD_CLOSE}"),
            "case.yaml:5:31: what must not be seen has one actor");
  EXPECT_EQ(error_of("{server: FD_CLOSE, until: 44}"),
            "case.yaml:5:12: no step has the ID \"44\"; did you mean \"4\"?");
  EXPECT_EQ(error_of("{server: FD_CLOSE, until: 4, requirement: REQ-3}"),
            "case.yaml:5:12: requirement REQ-3 is not among the case's requirements");
}

TEST(Prohibition, NobodyLooksInTime) {
  EXPECT_EQ(error_of("{server: FD_READ, from: 5}"),
            "case.yaml:5:12: a dead expectation: no step of server could show it in time");
  EXPECT_EQ(error_of("{server: FD_CLOSE, until: 1}"),
            "case.yaml:5:12: a dead expectation: no step of server could show it in time")
      << "FD_READ is never over before step 1 has begun";
  EXPECT_EQ(error_of("{client: condition}"),
            "case.yaml:5:12: a dead expectation: no step of client could show it in time");
}

TEST(Prohibition, WhatAStepExpects) {
  EXPECT_EQ(error_of("{server: FD_CLOSE, from: 4}"),
            "case.yaml:11:3: a contradiction: step 5 expects what must not be seen: no FD_CLOSE at "
            "server after step 4 is over")
      << "which is over, whatever the schedule, when FD_CLOSE has come";
}

TEST(Prohibition, AnEventThatIsNeverSelected) {
  EXPECT_EQ(error_of("{server: FD_CLOSE, socket: another}",
                     "- {id: 1, server: socket, as: another}\n"
                     "- {id: 2, server: WSACreateEvent, as: event}\n"
                     "- {id: 3, server: WSAEventSelect, socket: another, event: event, "
                     "network_events: FD_READ}\n"
                     "- {id: 4, server: WSAEnumNetworkEvents, socket: another}\n"),
            "case.yaml:5:12: nobody selected FD_CLOSE for socket \"another\" of server: the "
            "opening does so for the sockets it makes; for others say WSAEventSelect first");
}

// As those that steps name.
TEST(Prohibition, TheOpeningSelectsItsEvent) {
  const WrittenInstance written(with_steps(
      "- {id: 1, server: FD_READ, error: 0, after: 2}\n- {id: 2, client: send, data: a}\n",
      "given: connected\nmust-not: [{server: FD_CLOSE}]"));
  const Step& last = written.instance.opening.back();
  EXPECT_EQ(last.operation, "WSAEventSelect");
  EXPECT_EQ(last.fields.back().value, nlohmann::json({"FD_CLOSE", "FD_READ"}));
}

TEST(Prohibition, AxesStandForActorsAndEvents) {
  const Case source =
      case_of(with_steps("- {id: 1, client: closesocket}\n",
                         "given: connected\naxes: {initiator: [client, server], event: [FD_READ]}\n"
                         "must-not: [{$responder: $event}]"));
  EXPECT_EQ(to_string(instances(source, "stream").at(0).must_not.at(0)), "no FD_READ at server");
  EXPECT_EQ(to_string(instances(source, "stream").at(1).must_not.at(0)), "no FD_READ at client");
}

}  // namespace
}  // namespace ws2conform::prohibition_test
