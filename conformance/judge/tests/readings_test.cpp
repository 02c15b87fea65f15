// Outcomes that depend on a reading of the text, on the edition, and on the provider's limits.
#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"
#include "conformance/judge/progress.hpp"
#include "conformance/judge/tests/script.hpp"

namespace ws2conform::readings_test {
namespace {

using nlohmann::json;

struct Judged {
  Judged(const std::string& steps, const Script& script, const std::string& edition = "documented")
      : written(with_steps(steps)), progress(written.instance, edition) {
    for (const Event& event : script.events()) progress.on(event);
  }

  std::string violation() const {
    if (!progress.error().empty()) return "error: " + progress.error();
    if (progress.violations().empty()) return "none";
    const Violation& first = progress.violations().front();
    return first.check + ": expected " + first.expected + ", observed " + first.observed;
  }

  // The reading that the last step was seen to follow.
  std::string reading() const { return progress.records().back().reading; }

  WrittenInstance written;
  Progress progress;
};

const json kRecv = {{"op", "recv"}, {"socket", "client"}, {"length", 4096}};
constexpr const char* kTwoReadings =
    "- {id: 1, client: recv, requirement: REQ-2,\n"
    "   readings: {zero: {returns: 0}, reset: {error: WSAECONNRESET}}}\n";

Script one(const json& reply) {
  Script script;
  script.done("client", "1", kRecv, reply);
  return script;
}

TEST(Readings, TheOneThatHoldsIsKept) {
  const Judged zero(kTwoReadings, one({{"returns", 0}, {"data", ""}}));
  EXPECT_EQ(zero.violation(), "none");
  EXPECT_EQ(zero.reading(), "zero");
  EXPECT_EQ(zero.progress.records().back().requirement, "REQ-2");
  EXPECT_EQ(Judged(kTwoReadings, one({{"error", "WSAECONNRESET"}})).reading(), "reset");
}

TEST(Readings, NoneOfThemIsAViolation) {
  const Judged judged(kTwoReadings, one({{"error", "WSAENOTCONN"}}));
  EXPECT_EQ(judged.violation(),
            "step 1 reading: expected returns 0 [zero] or fails with WSAECONNRESET [reset], "
            "observed fails with WSAENOTCONN");
  EXPECT_EQ(judged.reading(), "");
}

TEST(Readings, OneThatFailsGivesNoNameAValue) {
  constexpr const char* kSteps =
      "- {id: 1, client: recv, requirement: REQ-1,\n"
      "   readings: {none: {error: WSAESHUTDOWN, data: $x}, some: {data: $y}}}\n";
  const Judged judged(kSteps, one({{"returns", 3}, {"data", "YWJj"}}));
  EXPECT_EQ(judged.reading(), "some");
  EXPECT_EQ(judged.progress.bindings().count("x"), 0U);
  EXPECT_EQ(judged.progress.bindings().count("y"), 1U);
}

TEST(Readings, AResultReplacesTheStepsOwn) {
  const Judged judged(
      "- {id: 1, client: recv, error: WSAESHUTDOWN, requirement: REQ-1,\n"
      "   readings: {some: {returns: 3}}}\n",
      one({{"returns", 3}, {"data", "YWJj"}}));
  EXPECT_EQ(judged.reading(), "some");
}

// "Reset, because the peer had closed hard": without the cause the outcome does not count.
TEST(Readings, ACauseMustHaveHappened) {
  const std::string steps =
      "- {id: 1, client: recv, requirement: REQ-2,\n"
      "   readings: {reset: {error: WSAECONNRESET, because: 2}}}\n"
      "- {id: 2, server: closesocket}\n";
  const json close = {{"op", "closesocket"}, {"socket", "server"}};
  Script caused;
  caused.call("client", "1", kRecv).done("server", "2", close, {{"returns", 0}});
  caused.returns("client", "1", {{"error", "WSAECONNRESET"}});
  EXPECT_EQ(Judged(steps, caused).violation(), "none");
  EXPECT_NE(Judged(steps, one({{"error", "WSAECONNRESET"}})).violation(), "none");
}

constexpr const char* kAsWindows =
    "- {id: 1, client: recv, error: WSAECONNRESET, windows: {error: WSAECONNABORTED}}\n";

TEST(Windows, ReplacesWhatIsDocumentedInItsOwnEditionOnly) {
  const json documented = {{"error", "WSAECONNRESET"}};
  const json windows = {{"error", "WSAECONNABORTED"}};
  EXPECT_EQ(Judged(kAsWindows, one(documented)).violation(), "none");
  EXPECT_EQ(Judged(kAsWindows, one(windows), "windows").violation(), "none");
  EXPECT_EQ(Judged(kAsWindows, one(windows)).violation(),
            "step 1 error: expected fails with WSAECONNRESET, observed fails with "
            "WSAECONNABORTED (as Windows does)");
  EXPECT_EQ(Judged(kAsWindows, one(documented), "windows").violation(),
            "step 1 error: expected fails with WSAECONNABORTED, observed fails with "
            "WSAECONNRESET");
}

TEST(Limits, AreValuesOfTheConversation) {
  const WrittenInstance written(
      with_steps("- {id: 1, client: recv, data: {pattern: $caller_data_max - 1}}\n"));
  ASSERT_EQ(written.instance.opening.size(), 1U);
  Progress progress(written.instance, "documented");
  Script script;
  script.computed("client", written.instance.opening[0].id, {{"caller_data_max", 4}});
  script.done("client", "1", kRecv, {{"returns", 3}, {"data", "AAEC"}});
  for (const Event& event : script.events()) progress.on(event);
  EXPECT_EQ(progress.verdict(), Verdict::kPass);
}

TEST(Decide, IsTheVerdictThatAConnectIsPendingFor) {
  const std::string steps =
      "- {id: 1, client: connect, addr: \"127.0.0.1:9\", until: 5}\n"
      "- {id: 2, server: WSAAccept, condition: true, after: 1}\n"
      "- {id: 3, server: condition}\n"
      "- {id: 5, server: decide, verdict: CF_ACCEPT}\n";
  const json connect = {{"op", "connect"}, {"socket", "client"}};
  const json accept = {{"op", "WSAAccept"}, {"socket", "listener"}, {"as", "server"}};
  Script script;
  script.call("client", "1", connect).call("server", "2", accept).condition("server", "3", {});
  Script early = script;
  script.verdict("server", "5", {{"verdict", "CF_ACCEPT"}});
  script.returns("client", "1", {{"returns", 0}}).returns("server", "2", {{"returns", "server"}});
  EXPECT_EQ(Judged(steps, script).violation(), "none");
  early.returns("client", "1", {{"returns", 0}});
  EXPECT_EQ(Judged(steps, early).violation(),
            "step 1 pending: expected pending until step 5, observed it returned before that: "
            "returns 0");
}

}  // namespace
}  // namespace ws2conform::readings_test
