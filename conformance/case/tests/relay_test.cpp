#include "conformance/case/relay.hpp"

#include <gtest/gtest.h>

#include "conformance/case/lint.hpp"
#include "conformance/case/tests/written.hpp"

namespace ws2conform::relay_test {
namespace {

constexpr const char* kSteps =
    "- {id: 1, client: send, data: abc}\n"
    "- {id: 2, server: recv, after: 1}\n"
    "- {id: 3, server: closesocket}\n"
    "- {id: 4, client: recv, after: 3}\n";

// `rules` stand in line 5, what is below "relay:" in line 6.
Case with_relay(const std::string& rules, const std::string& axes = "{family: [AF_INET]}",
                const std::string& steps = kSteps) {
  return case_of(with_steps(steps, "given: connected\naxes: " + axes + "\nrelay:\n" + rules));
}

std::string error_of(const std::string& rules, const std::string& axes = "{family: [AF_INET]}",
                     const std::string& steps = kSteps) {
  Requirements requirements;
  for (const char* id : {"REQ-1", "REQ-2"}) requirements[id].id = id;
  try {
    lint(with_relay(rules, axes, steps), requirements);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(RelayRules, AreLoaded) {
  const Case source = with_relay(
      "  client->server: [{split: 1}, {cut-after: 20, with: fin, from: 2}]\n"
      "  server->client: [{hold-until: 3, from: 1}, {delay: 0..20}, {coalesce: 9}]\n");
  ASSERT_EQ(source.relay.size(), 5U);
  EXPECT_EQ(source.relay[0].kind, RelayRule::Kind::kSplit);
  EXPECT_EQ(source.relay[0].client(), "client");
  EXPECT_TRUE(source.relay[0].to_server());
  EXPECT_FALSE(source.relay[0].from);
  EXPECT_EQ(relay_octets(source.relay[0]), 1U);
  EXPECT_EQ(relay_octets(source.relay[1]), 20U);
  EXPECT_EQ(relay_cut_end(source.relay[1]), CutEnd::kFin);
  EXPECT_EQ(source.relay[1].from, "2");
  EXPECT_EQ(source.relay[1].place.line, 7);
  EXPECT_FALSE(source.relay[2].to_server());
  EXPECT_EQ(source.relay[2].client(), "client");
  EXPECT_EQ(source.relay[2].until, "3");
  EXPECT_EQ(source.relay[3].value, "0..20");
  EXPECT_EQ(relay_octets(source.relay[4]), 9U);
}

TEST(RelayRules, AreNoneWhereTheCaseSaysNothing) {
  EXPECT_TRUE(case_of(with_steps("- {client: socket}\n")).relay.empty());
}

TEST(RelayRules, OfBothHoldForEveryClientAndWay) {
  const Case source = case_of(with_steps(
      "- {alice: socket}\n", "actors: [alice, bob, server]\nrelay: {both: [{split: 2}]}"));
  std::set<std::string> ways;
  for (const RelayRule& rule : source.relay) ways.insert(rule.sender + " " + rule.receiver);
  EXPECT_EQ(ways,
            (std::set<std::string>{"alice server", "server alice", "bob server", "server bob"}));
}

TEST(RelayRules, TakeAnAxisForTheEndOfACut) {
  const char* rule = "  client->server: [{cut-after: 5, with: $end}]\n";
  std::vector<CutEnd> ends;
  const Case source = with_relay(rule, "{end: [fin, reset, silence]}");
  for (const Instance& instance : instances(source, "stream")) {
    ends.push_back(relay_cut_end(instance.relay.at(0)));
  }
  EXPECT_EQ(ends, (std::vector<CutEnd>{CutEnd::kFin, CutEnd::kReset, CutEnd::kSilence}));
  EXPECT_EQ(error_of(rule, "{end: [fin, rest]}"),
            "case.yaml:7:20: a cut is with \"reset\", \"fin\" or \"silence\", not \"rest\"");
}

TEST(RelayRules, TakeAxesForDirectionsAndOctets) {
  const Case source = with_relay("  $initiator->$responder: [{cut-after: $octets}]\n",
                                 "{initiator: [server, client], octets: [1, 30]}");
  std::vector<std::string> rules;
  for (const Instance& instance : instances(source, "stream")) {
    const RelayRule& rule = instance.relay.at(0);
    rules.push_back(rule.sender + ">" + rule.receiver + " " + rule.value);
  }
  EXPECT_EQ(rules, (std::vector<std::string>{"server>client 1", "server>client 30",
                                             "client>server 1", "client>server 30"}));
}

TEST(RelayRules, DelaysAreReadAsTheyAreWritten) {
  EXPECT_EQ(parse_delay("5")->least, 5U);
  EXPECT_EQ(parse_delay("5")->most, 5U);
  EXPECT_EQ(parse_delay("0..20")->least, 0U);
  EXPECT_EQ(parse_delay("0..20")->most, 20U);
  for (const char* text : {"", "x", "-1", "1..", "..1", "20..0", "1.5", "1...2", "1 ..2"}) {
    EXPECT_FALSE(parse_delay(text)) << text;
  }
}

TEST(RelayRules, WhatIsWrongIsSaidWithItsPlace) {
  const auto first = [](const std::string& rule) {
    return error_of("  client->server: [" + rule + "]\n");
  };
  EXPECT_EQ(first("{split: 1}"), "no error");
  EXPECT_EQ(error_of("  clinet->server: [{split: 1}]\n"),
            "case.yaml:7:3: unknown direction \"clinet->server\"; there are both, client->server, "
            "server->client; did you mean \"client->server\"?");
  EXPECT_EQ(
      first("{spilt: 1}"),
      "case.yaml:7:21: unknown key \"spilt\" in what the relay does; did you mean \"split\"?");
  EXPECT_EQ(first("{from: 1}"),
            "case.yaml:7:20: the relay does one thing here: split, coalesce, delay, hold-until or "
            "cut-after");
  EXPECT_EQ(first("{split: 1, delay: 2}"),
            "case.yaml:7:20: the relay does one thing here: split, coalesce, delay, hold-until or "
            "cut-after");
  EXPECT_EQ(first("{split: 1, with: fin}"), "case.yaml:7:37: `with` belongs to cut-after");
  EXPECT_EQ(first("{split: 0}"), "case.yaml:7:20: split takes a number of octets, not \"0\"");
  EXPECT_EQ(first("{cut-after: many}"),
            "case.yaml:7:20: cut-after takes a number of octets, not \"many\"");
  EXPECT_EQ(first("{cut-after: 0}"), "no error");
  EXPECT_EQ(first("{delay: soon}"),
            "case.yaml:7:20: delay takes milliseconds, such as 5 or 0..20, not \"soon\"");
  EXPECT_EQ(first("{split: 1, from: 9}"),
            "case.yaml:7:20: no step has the ID \"9\"; did you mean \"1\"?");
  EXPECT_EQ(first("{hold-until: 9}"),
            "case.yaml:7:20: no step has the ID \"9\"; did you mean \"1\"?");
  EXPECT_EQ(first("{split: 1}, {split: 2}"), "case.yaml:7:32: a second split for client->server");
  EXPECT_EQ(error_of("  both: [{cut-after: 1}]\n"),
            "case.yaml:7:10: cut-after is for one direction");
}

TEST(RelayRules, NothingFillsAWayThatTheRelayEmpties) {
  const std::string fills = "- {id: 1, client: fill, error: WSAEWOULDBLOCK}\n";
  const std::string ends = "- {id: 1, client: shutdown, how: SD_SEND}\n";
  const std::string rules = "  client->server: [{split: 1}]\n";
  EXPECT_EQ(
      error_of(rules, "{family: [AF_INET]}", fills),
      "case.yaml:10:3: fill takes no relay: it would end when the relay is late, and not when "
      "the way is full");
  EXPECT_EQ(error_of(rules, "{family: [AF_INET]}", ends), "no error");
}

TEST(RelayRules, WhoMayWaitForWhatIsHeldComesAfterTheRelease) {
  const std::string held =
      "case.yaml:13:3: step 4 may wait for what the relay holds until step 5: say that it is "
      "`after: 5`";
  const std::string more = "- {id: 5, server: socket, as: other}\n";
  EXPECT_EQ(error_of("  server->client: [{hold-until: 5, from: 3}]\n", "{family: [AF_INET]}",
                     kSteps + more),
            held);
  EXPECT_EQ(error_of("  server->client: [{hold-until: 3, from: 2}]\n"), "no error")
      << "step 4 is after step 3";
  EXPECT_EQ(error_of("  server->client: [{hold-until: 4, from: 3}]\n"), "no error")
      << "it is released when step 4 has begun";
  EXPECT_EQ(error_of("  client->server: [{hold-until: 4, from: 3}]\n"), "no error")
      << "the server waits for nothing any more";
}

}  // namespace
}  // namespace ws2conform::relay_test
