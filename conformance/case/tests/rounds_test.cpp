// Cases whose steps are taken again and again.
#include <gtest/gtest.h>

#include "conformance/case/asked.hpp"
#include "conformance/case/lint.hpp"
#include "conformance/case/tests/written.hpp"
#include "conformance/schedule/schedule.hpp"

namespace ws2conform::case_rounds_test {
namespace {

constexpr const char* kSteps =
    "- {id: 1, client: compute, sum: $sum + $round}\n"
    "- {id: 2, client: send, data: $sum}\n"
    "- {id: 3, server: recv, data: $sum, after: 2}\n";

constexpr const char* kRounds = "rounds: {count: 5, start: {sum: 42}}";

std::string error_of(const std::string& head, const std::string& steps = kSteps) {
  Requirements requirements;
  for (const char* id : {"REQ-1", "REQ-2"}) requirements[id].id = id;
  try {
    lint(case_of(with_steps(steps, "given: connected\n" + head)), requirements);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Rounds, AreReadWithTheValuesBeforeTheFirst) {
  const WrittenInstance written(with_steps(kSteps, std::string("given: connected\n") + kRounds));
  EXPECT_EQ(written.instance.rounds, 5);
  EXPECT_EQ(written.source.rounds.start, (std::map<std::string, long long>{{"sum", 42}}));
  EXPECT_EQ(error_of(kRounds), "no error");
}

TEST(Rounds, OtherCasesHaveNone) {
  const WrittenInstance written(with_steps("- {client: closesocket}\n", "given: connected"));
  EXPECT_EQ(written.instance.rounds, 0);
  EXPECT_EQ(error_of("notes: none", "- {id: 1, client: send, data: $round}\n"),
            "case.yaml:7:25: $round has no value yet: no earlier step yields it");
}

TEST(Rounds, ANameThatNothingGivesTheFirstRound) {
  EXPECT_EQ(error_of("rounds: {count: 5}"),
            "case.yaml:7:28: $sum has no value yet: no earlier step yields it");
}

TEST(Rounds, WhatTheyCannotHave) {
  EXPECT_EQ(error_of("rounds: {count: 5, start: {round: 3}}"),
            "case.yaml:5:28: $round is the number of the round");
  EXPECT_EQ(error_of("rounds: {count: 5, start: {sum: 42}, ends: 3}"),
            "case.yaml:5:38: unknown key \"ends\" in `rounds`");
  EXPECT_EQ(error_of(std::string(kRounds) + "\nrelay:\n  client->server: [{split: 1}]"),
            "case.yaml:7:20: a case with `rounds` takes no relay: what the relay does begins and "
            "ends with steps, which come again");
  EXPECT_EQ(error_of(std::string(kRounds) + "\nmust-not: [{server: FD_CLOSE}]"),
            "case.yaml:6:12: a case with `rounds` takes no `must-not`");
  EXPECT_EQ(error_of(kRounds, "- {id: 1, client: vanish}\n"),
            "case.yaml:7:3: a case with `rounds` has no vanish");
  EXPECT_EQ(error_of(kRounds, "- {id: 1, client: listen, readings: {a: {}, b: {returns: 0}}}\n"),
            "case.yaml:7:3: a case with `rounds` has no `readings`: one is kept of each step");
}

TEST(Rounds, MayCloseASocketMakeItAgainAndUseIt) {
  const std::string close = "- {id: 1, client: closesocket}\n";
  const std::string make = "- {id: 2, client: socket}\n";
  const std::string use = "- {id: 3, client: setsockopt, option: SO_KEEPALIVE, value: 1}\n";
  EXPECT_EQ(error_of("rounds: {count: 2}", close + make + use), "no error");
  EXPECT_EQ(
      error_of("rounds: {count: 2}", make + close + use),
      "case.yaml:9:3: a contradiction: step 1 closed socket \"client\", so this must fail with "
      "an `error`");
}

TEST(Rounds, SelectTheEventsOfWhatTheyMake) {
  const std::string steps =
      "- {id: 1, client: FD_CLOSE}\n"
      "- {id: 2, client: closesocket}\n"
      "- {id: 3, client: socket}\n";
  const std::string opening = "rounds: {count: 2}";
  EXPECT_EQ(error_of(opening, steps).find("case.yaml:7:3: nobody selected FD_CLOSE for socket"), 0U)
      << error_of(opening, steps);
  EXPECT_EQ(error_of(opening, steps + "- {id: 4, client: WSACreateEvent, as: e}\n"
                                      "- {id: 5, client: WSAEventSelect, event: e, "
                                      "network_events: FD_CLOSE}\n"),
            "no error");
}

TEST(Rounds, MakeAgainWhatTheyCloseOfTheOpening) {
  const std::string close = "- {id: 1, client: closesocket}\n";
  EXPECT_EQ(error_of("rounds: {count: 2}", close),
            "case.yaml:7:3: the next round has no socket \"client\": it is of the opening, and "
            "nobody makes it again");
  EXPECT_EQ(error_of("rounds: {count: 2}", close + "- {id: 2, client: socket}\n"), "no error");
}

TEST(Rounds, BelongToWhatTheCaseAsksFor) {
  const auto hash = [](const std::string& rounds) {
    return asked_hash(WrittenInstance(with_steps(kSteps, "given: connected\n" + rounds)).instance);
  };
  EXPECT_NE(hash(kRounds), hash("rounds: {count: 6, start: {sum: 42}}"));
  EXPECT_NE(hash(kRounds), hash("rounds: {count: 5, start: {sum: 43}}"));
}

TEST(Rounds, AreOneScheduleThatTakesAllOrdersInTurn) {
  const WrittenInstance written(with_steps(kSteps, std::string("given: connected\n") + kRounds));
  const std::vector<Schedule> orders = schedules_of_rounds(written.instance);
  EXPECT_EQ(orders, schedules(written.instance.steps, 1000, 7).schedules);
  EXPECT_GT(orders.size(), 1U);
  const ScheduleList run = schedules(written.instance, 1000, 7);
  EXPECT_EQ(run.possible, 1U);
  EXPECT_EQ(run.schedules, std::vector<Schedule>{orders.front()});
  EXPECT_EQ(order_text(written.instance, orders.front()),
            "5 rounds, of which the last is shown; the first: 1 2 3");
}

}  // namespace
}  // namespace ws2conform::case_rounds_test
