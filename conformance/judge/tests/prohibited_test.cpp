#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"
#include "conformance/judge/progress.hpp"
#include "conformance/judge/tests/script.hpp"
#include "conformance/judge/wording.hpp"

namespace ws2conform::prohibited_test {
namespace {

using nlohmann::json;

const json kEnumerate = {{"op", "WSAEnumNetworkEvents"}, {"socket", "client"}};
const json kRecv = {{"op", "recv"}, {"socket", "client"}, {"length", 16}};
const json kSend = {{"op", "send"}, {"socket", "server"}, {"data", "YQ=="}};

json enumerated(const json& events) {
  return {{"returns", 0}, {"network_events", events}};
}

// The violation of `must_not` by a history in which the client enumerates events, then the server
// sends, then the client enumerates again.
std::string violation(const std::string& must_not, const json& first, const json& second,
                      const std::string& edition = "documented") {
  const WrittenInstance written(
      with_steps("- {id: 1, client: WSAEnumNetworkEvents}\n"
                 "- {id: 2, server: send, data: a, after: 1}\n"
                 "- {id: 3, client: WSAEnumNetworkEvents, after: 2}\n",
                 "must-not: [" + must_not + "]"));
  Script script;
  script.done("client", "1", kEnumerate, enumerated(first));
  script.done("server", "2", kSend, {{"returns", 1}});
  script.done("client", "3", kEnumerate, enumerated(second));
  Progress progress(written.instance, edition);
  for (const Event& event : script.events()) progress.on(event);
  if (progress.violations().empty()) {
    for (const StepRecord& record : progress.records()) {
      const std::string observed = observed_text(written.step(record.id), record);
      if (observed.find("differs") != std::string::npos) return observed;
    }
    return "none";
  }
  const Violation& found = progress.violations().front();
  return found.check + " at " + found.step + ": " + found.observed;
}

const json kNothing = json::object();
const json kClose = {{"FD_CLOSE", 0}};

TEST(Prohibited, FromTheBeginningUntilAStepBegins) {
  const char* rule = "{client: FD_CLOSE, until: 2}";
  EXPECT_EQ(violation(rule, kClose, kNothing),
            "must-not client FD_CLOSE ..2 at 1: FD_CLOSE is recorded");
  EXPECT_EQ(violation(rule, kNothing, kClose), "none");
}

TEST(Prohibited, FromWhenAStepIsOverToTheEnd) {
  const char* rule = "{client: FD_CLOSE, from: 2}";
  EXPECT_EQ(violation(rule, kClose, kNothing), "none");
  EXPECT_EQ(violation(rule, kNothing, kClose),
            "must-not client FD_CLOSE 2.. at 3: FD_CLOSE is recorded");
}

TEST(Prohibited, WhatTheFirstStepItselfShowsIsNotAfterIt) {
  EXPECT_EQ(violation("{client: FD_CLOSE, from: 1, until: 2}", kClose, kNothing), "none");
}

TEST(Prohibited, OnlyThatEventOfThatSocketOfThatActor) {
  EXPECT_EQ(violation("{client: FD_READ}, {client: FD_CLOSE, socket: other}, {server: FD_CLOSE}",
                      kClose, kNothing),
            "none");
}

TEST(Prohibited, IsHeldAgainstNobodyWhereTheTextDoesNotSaySo) {
  const char* rule = "{client: FD_CLOSE, until: 2, provenance: windows}";
  EXPECT_EQ(violation(rule, kClose, kNothing),
            "returns 0, network_events {FD_CLOSE: 0} (differs from Windows: no FD_CLOSE at client "
            "before step 2 begins, but FD_CLOSE is recorded)");
  EXPECT_EQ(violation(rule, kClose, kNothing, "windows"),
            "must-not client FD_CLOSE ..2 at 1: FD_CLOSE is recorded");
}

// An event among several that one wait has brought, whatever the step was waiting for.
TEST(Prohibited, AnEventThatAnotherStepMeets) {
  const WrittenInstance written(
      with_steps("- {id: 1, client: FD_READ, error: 0}\n- {id: 2, server: closesocket}\n",
                 "must-not: [{client: FD_CLOSE, until: 2}]"));
  Script script;
  script.call("client", "1", kEnumerate);
  script.partial("client", "1", enumerated({{"FD_READ", 0}, {"FD_CLOSE", 0}}));
  Progress progress(written.instance, "documented");
  for (const Event& event : script.events()) progress.on(event);
  ASSERT_EQ(progress.violations().size(), 1U);
  EXPECT_EQ(
      progress.violations().front().message,
      "step 1 (client FD_READ): expected no FD_CLOSE at client before step 2 begins, observed "
      "that FD_CLOSE is recorded");
}

// What a reply to `request` violates.
std::string of_receive(const std::string& what, const json& request, const json& reply) {
  const WrittenInstance written(
      with_steps("- {id: 1, client: recv}\n", "must-not: [{client: " + what + "}]"));
  Script script;
  script.done("client", "1", request, reply);
  Progress progress(written.instance, "documented");
  for (const Event& event : script.events()) progress.on(event);
  for (const Violation& found : progress.violations()) {
    if (found.check.rfind("must-not", 0) == 0) return found.observed;
  }
  return "none";
}

TEST(Prohibited, WhatReceivesShow) {
  const json octets = {{"returns", 1}, {"data", "YQ=="}};
  const json zero = {{"returns", 0}, {"data", ""}};
  EXPECT_EQ(of_receive("receive", kRecv, octets), "1 octets received");
  EXPECT_EQ(of_receive("receive", kRecv, zero), "none");
  EXPECT_EQ(of_receive("recv-zero", kRecv, zero), "zero octets received");
  EXPECT_EQ(of_receive("recv-zero", kRecv, octets), "none");
  json none_offered = kRecv;
  none_offered["length"] = 0;
  EXPECT_EQ(of_receive("recv-zero", none_offered, zero), "none");
}

TEST(Prohibited, TheEndOfMessagesAndWhatOverlappedReceivesShow) {
  const json ended = {{"error", "WSAEDISCON"}};
  const json result = {{"op", "WSAGetOverlappedResult"}, {"socket", "client"}};
  const WrittenInstance written(
      with_steps("- {id: 1, client: WSAEDISCON}\n", "must-not: [{client: WSAEDISCON}]"));
  Script script;
  json request = kRecv;
  request["op"] = "WSARecv";
  script.done("client", "1", request, ended);
  Progress progress(written.instance, "documented");
  for (const Event& event : script.events()) progress.on(event);
  ASSERT_EQ(progress.violations().size(), 1U);
  EXPECT_EQ(progress.violations().front().observed, "fails with WSAEDISCON");
  EXPECT_EQ(of_receive("receive", result, {{"returns", 1}, {"transferred", 3}, {"data", "YWJj"}}),
            "3 octets received");
  EXPECT_EQ(of_receive("receive", result, {{"returns", 1}, {"transferred", 3}}), "none")
      << "a send that is complete";
}

TEST(Prohibited, ACallOfTheConditionFunction) {
  const WrittenInstance written(
      with_steps("- {id: 1, server: WSAAccept, condition: true}\n"
                 "- {id: 2, server: condition, verdict: CF_ACCEPT}\n",
                 "must-not: [{server: condition, until: 1}, "
                 "{server: condition, from: 2}]"));
  Script script;
  script.call("server", "1", {{"op", "WSAAccept"}, {"socket", "listener"}});
  script.condition("server", "2", json::object());
  Progress progress(written.instance, "documented");
  for (const Event& event : script.events()) progress.on(event);
  EXPECT_TRUE(progress.violations().empty()) << progress.violations().front().message;
}

}  // namespace
}  // namespace ws2conform::prohibited_test
