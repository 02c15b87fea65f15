#include "conformance/judge/progress.hpp"

#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"
#include "conformance/judge/tests/script.hpp"
#include "conformance/judge/wording.hpp"

namespace ws2conform::progress_test {
namespace {

using nlohmann::json;

// What a history of these steps comes to.
struct Judged {
  Judged(const std::string& steps, const Script& script, const std::string& edition = "documented",
         const std::string& head = "")
      : written(with_steps(steps, head)), progress(written.instance, edition) {
    for (const Event& event : script.events()) progress.on(event);
  }

  // The one violation, as "check: expected E, observed O"; or what there is instead.
  std::string violation() const {
    if (!progress.error().empty()) return "error: " + progress.error();
    if (progress.violations().empty()) return "none";
    if (progress.violations().size() > 1) return "several";
    const Violation& violation = progress.violations().front();
    return violation.check + ": expected " + violation.expected + ", observed " +
           violation.observed;
  }

  StepRecord record(const std::string& id) const {
    for (const StepRecord& record : progress.records()) {
      if (record.id == id) return record;
    }
    throw std::logic_error("no record of " + id);
  }

  std::string observed(const std::string& id) const {
    return observed_text(written.step(id), record(id));
  }

  WrittenInstance written;
  Progress progress;
};

const json kSend = {{"op", "send"}, {"socket", "client"}, {"data", "YWJj"}};
const json kRecv = {{"op", "recv"}, {"socket", "client"}, {"length", 4096}};
const json kClose = {{"op", "closesocket"}, {"socket", "client"}};

constexpr const char* kOneSend = "- {id: 1, client: send, data: abc}\n";
constexpr const char* kOneRecv = "- {id: 1, client: recv, data: abc, requirement: REQ-2}\n";

Script one(const json& request, const json& reply) {
  Script script;
  script.done("client", "1", request, reply);
  return script;
}

// -1.5 is not -1: no call returns a fraction, so that is the adapter's word and nobody's result.
TEST(Progress, AFractionIsNoReturnValue) {
  const char* accepts = "- {id: 1, client: accept, socket: client}\n";
  const json request = {{"op", "accept"}, {"socket", "client"}};
  EXPECT_EQ(Judged(accepts, one(request, {{"returns", -1.5}})).violation(),
            "error: step 1 (client accept): the adapter gives returns as -1.5");
  EXPECT_EQ(Judged(accepts, one(request, {{"returns", 0.5}})).violation(),
            "error: step 1 (client accept): the adapter gives returns as 0.5");
  EXPECT_EQ(Judged(accepts, one(request, {{"returns", -1}})).violation(),
            "step 1 returns: expected succeeds, observed returns -1");
}

TEST(Progress, NothingViolatedIsAPass) {
  const Judged judged(kOneRecv, one(kRecv, {{"returns", 3}, {"data", "YWJj"}}));
  EXPECT_EQ(judged.violation(), "none");
  EXPECT_EQ(judged.progress.verdict(), Verdict::kPass);
  EXPECT_FALSE(judged.progress.stopped());
  EXPECT_EQ(judged.record("1").status, StepRecord::Status::kMet);
  EXPECT_EQ(judged.observed("1"), "returns 3, data \"abc\"");
}

TEST(Progress, WrongDataIsAViolation) {
  const Judged judged(kOneRecv, one(kRecv, {{"returns", 3}, {"data", "YWJk"}}));
  EXPECT_EQ(judged.violation(), "step 1 data: expected data \"abc\", observed data \"abd\"");
  EXPECT_EQ(judged.progress.verdict(), Verdict::kFail);
  EXPECT_TRUE(judged.progress.stopped());
}

TEST(Progress, MissingDataIsAViolation) {
  const Judged judged(kOneRecv, one(kRecv, {{"returns", 3}}));
  EXPECT_EQ(judged.violation(), "step 1 data: expected data \"abc\", observed data NULL");
}

TEST(Progress, ViolationCarriesStepRequirementFileAndLine) {
  const Judged judged("- {id: 0, client: socket}\n" + std::string(kOneRecv),
                      one(kRecv, {{"error", "WSAENOTCONN"}}));
  ASSERT_EQ(judged.progress.violations().size(), 1U);
  const Violation& violation = judged.progress.violations().front();
  EXPECT_EQ(violation.step, "1");
  EXPECT_EQ(violation.requirements, std::vector<std::string>{"REQ-2"});
  EXPECT_EQ(violation.file, "case.yaml");
  EXPECT_EQ(violation.line, 6);
  EXPECT_EQ(violation.provenance, Provenance::kDocumented);
  EXPECT_EQ(
      violation.message,
      "step 1 (client recv): expected succeeds, data \"abc\", observed fails with WSAENOTCONN");
  EXPECT_EQ(judged.record("1").status, StepRecord::Status::kViolated);
  EXPECT_EQ(judged.record("0").status, StepRecord::Status::kNotReached);
}

TEST(Progress, AStepWithoutARequirementViolatesThoseOfTheCase) {
  const Judged judged(kOneSend, one(kSend, {{"error", "WSAENOTCONN"}}));
  ASSERT_EQ(judged.progress.violations().size(), 1U);
  EXPECT_EQ(judged.progress.violations().front().requirements,
            (std::vector<std::string>{"REQ-1", "REQ-2"}));
}

TEST(Progress, FailureWhereSuccessWasExpectedIsAViolation) {
  EXPECT_EQ(
      Judged("- {client: closesocket}\n", one(kClose, {{"error", "WSAENOTSOCK"}})).violation(),
      "step 1 returns: expected returns 0, observed fails with WSAENOTSOCK");
}

TEST(Progress, WrongErrorIsAViolation) {
  const std::string steps = "- {client: recv, error: WSAESHUTDOWN}\n";
  EXPECT_EQ(Judged(steps, one(kRecv, {{"error", "WSAENOTCONN"}})).violation(),
            "step 1 error: expected fails with WSAESHUTDOWN, observed fails with WSAENOTCONN");
  EXPECT_EQ(Judged(steps, one(kRecv, {{"error", "WSAESHUTDOWN"}})).violation(), "none");
}

TEST(Progress, AnErrorWithoutANameIsComparedAsItsNumber) {
  const std::string steps = "- {client: recv, error: 10999}\n";
  EXPECT_EQ(Judged(steps, one(kRecv, {{"error", "10999"}})).violation(), "none");
  EXPECT_NE(Judged(steps, one(kRecv, {{"error", "10998"}})).violation(), "none");
}

TEST(Progress, SuccessWhereAnErrorWasExpectedIsAViolation) {
  EXPECT_EQ(
      Judged("- {client: recv, error: WSAESHUTDOWN}\n", one(kRecv, {{"returns", 0}, {"data", ""}}))
          .violation(),
      "step 1 error: expected fails with WSAESHUTDOWN, observed returns 0, data \"\"");
}

TEST(Progress, TooFewOctetsSentIsAViolation) {
  EXPECT_EQ(Judged(kOneSend, one(kSend, {{"returns", 3}})).violation(), "none");
  EXPECT_EQ(Judged(kOneSend, one(kSend, {{"returns", 2}})).violation(),
            "step 1 returns: expected returns 3, observed returns 2");
}

TEST(Progress, WrongReturnValueIsAViolation) {
  EXPECT_EQ(Judged("- {client: closesocket}\n", one(kClose, {{"returns", 1}})).violation(),
            "step 1 returns: expected returns 0, observed returns 1");
  const std::string written = "- {client: recv, length: 2, returns: 2}\n";
  EXPECT_EQ(Judged(written, one(kRecv, {{"returns", 2}, {"data", "YWI="}})).violation(), "none");
  EXPECT_EQ(Judged(written, one(kRecv, {{"returns", 1}, {"data", "YQ=="}})).violation(),
            "step 1 returns: expected returns 2, observed returns 1, data \"a\"");
}

TEST(Progress, ANegativeReturnIsNoSuccess) {
  EXPECT_EQ(Judged("- {client: recv}\n", one(kRecv, {{"returns", -1}})).violation(),
            "step 1 returns: expected succeeds, observed returns -1");
}

TEST(Progress, WsaediscionMustFailAndRecvZeroMustReturnZero) {
  const std::string discon = "- {client: WSAEDISCON}\n";
  EXPECT_EQ(Judged(discon, one(kRecv, {{"error", "WSAEDISCON"}})).violation(), "none");
  EXPECT_EQ(Judged(discon, one(kRecv, {{"returns", 0}})).violation(),
            "step 1 error: expected fails with WSAEDISCON, observed returns 0");
  const std::string zero = "- {client: recv-zero}\n";
  EXPECT_EQ(Judged(zero, one(kRecv, {{"returns", 0}, {"data", ""}})).violation(), "none");
  EXPECT_NE(Judged(zero, one(kRecv, {{"returns", 1}, {"data", "YQ=="}})).violation(), "none");
}

// A connect by `client` that is pending until the accept of `server`.
constexpr const char* kPending =
    "- {id: 1, client: connect, until: 2}\n- {id: 2, server: accept}\n";
const json kConnect = {{"op", "connect"}, {"socket", "client"}, {"addr", "127.0.0.1:1"}};
const json kAccept = {{"op", "accept"}, {"socket", "listener"}, {"as", "server"}};

TEST(Progress, APendingCallMayReturnOnceItsDecisionIsMade) {
  Script script;
  script.call("client", "1", kConnect)
      .call("server", "2", kAccept)
      .returns("client", "1", {{"returns", 0}})
      .returns("server", "2", {{"returns", "server"}});
  EXPECT_EQ(Judged(kPending, script).violation(), "none");
}

TEST(Progress, APendingCallThatReturnsEarlyIsAViolation) {
  Script script;
  script.call("client", "1", kConnect)
      .returns("client", "1", {{"returns", 0}})
      .call("server", "2", kAccept);
  EXPECT_EQ(Judged(kPending, script).violation(),
            "step 1 pending: expected pending until step 2, observed it returned before that: "
            "returns 0");
}

TEST(Progress, WhenAReplyCameCountsAndNotWhenItWasLookedAt) {
  Script script;
  script.call("client", "1", kConnect).call("server", "2", kAccept);
  script.returns("client", "1", {{"returns", 0}});
  std::vector<Event> events = script.events();
  events[2].at = events[0].at;  // it lay in the pipe when the accept was called
  WrittenInstance written(with_steps(kPending));
  Progress progress(written.instance, "documented");
  for (const Event& event : events) progress.on(event);
  ASSERT_EQ(progress.violations().size(), 1U);
  EXPECT_EQ(progress.violations().front().check, "step 1 pending");
}

TEST(Progress, ByIsNoPromiseToBePending) {
  Script script;
  script.call("client", "1", kConnect).returns("client", "1", {{"returns", 0}});
  EXPECT_EQ(
      Judged("- {id: 1, client: connect, by: 2}\n- {id: 2, server: accept}\n", script).violation(),
      "none");
}

constexpr const char* kCondition =
    "- {id: 1, client: WSAConnect, until: 3, caller_data: hi}\n"
    "- {id: 2, server: WSAAccept, condition: true, after: 1}\n"
    "- {id: 3, server: condition, caller_data: hi, verdict: CF_ACCEPT}\n"
    "- {id: 4, server: closesocket}\n";
const json kWsaConnect = {
    {"op", "WSAConnect"}, {"socket", "client"}, {"addr", "127.0.0.1:1"}, {"caller_data", "aGk="}};
const json kWsaAccept = {
    {"op", "WSAAccept"}, {"socket", "listener"}, {"as", "server"}, {"condition", true}};

Script asked() {
  Script script;
  script.call("client", "1", kWsaConnect).call("server", "2", kWsaAccept);
  return script;
}

TEST(Progress, AConditionThatIsCalledAndAnsweredIsAPass) {
  Script script = asked();
  script.condition("server", "3", {{"caller_data", "aGk="}, {"callee_capacity", 512}})
      .verdict("server", "3", {{"verdict", "CF_ACCEPT"}})
      .returns("server", "2", {{"returns", "server"}})
      .returns("client", "1", {{"returns", 0}});
  const Judged judged(kCondition, script);
  EXPECT_EQ(judged.violation(), "none");
  EXPECT_EQ(judged.observed("3"), "called: caller_data \"hi\", callee_capacity 512");
}

TEST(Progress, ThePendingCallWaitsForTheVerdictNotForTheUpcall) {
  Script script = asked();
  script.condition("server", "3", {{"caller_data", "aGk="}})
      .returns("client", "1", {{"returns", 0}})
      .verdict("server", "3", {{"verdict", "CF_ACCEPT"}});
  EXPECT_EQ(Judged(kCondition, script).violation(),
            "step 1 pending: expected pending until step 3, observed it returned before that: "
            "returns 0");
}

TEST(Progress, WrongArgumentsOfTheConditionAreAViolation) {
  Script script = asked();
  script.condition("server", "3", {{"caller_data", nullptr}});
  EXPECT_EQ(Judged(kCondition, script).violation(),
            "step 3 caller_data: expected caller_data \"hi\", observed caller_data NULL");
}

TEST(Progress, AConditionThatIsNotCalledIsAViolation) {
  Script script = asked();
  script.returns("server", "3", {{"returns", "server"}});
  EXPECT_EQ(Judged(kCondition, script).violation(),
            "step 3 call: expected the condition function is called, observed WSAAccept came back "
            "without calling it: returns server");
}

TEST(Progress, AConditionThatIsCalledAgainIsAViolation) {
  Script script = asked();
  script.condition("server", "3", {{"caller_data", "aGk="}})
      .verdict("server", "3", {{"verdict", "CF_ACCEPT"}})
      .condition("server", "2", {{"caller_data", "aGk="}});
  EXPECT_EQ(Judged(kCondition, script).violation(),
            "step 2 condition: expected no further call of the condition function, observed one "
            "more call of it");
}

constexpr const char* kClosed = "- {id: 1, client: FD_CLOSE, error: 0}\n";

TEST(Progress, AnIndicationIsRecordedWithItsError) {
  Script met;
  met.indication("client", "1", {{"network_event", "FD_CLOSE"}, {"error", 0}});
  EXPECT_EQ(Judged(kClosed, met).violation(), "none");
  Script reset;
  reset.indication("client", "1", {{"network_event", "FD_CLOSE"}, {"error", "WSAECONNRESET"}});
  EXPECT_EQ(Judged(kClosed, reset).violation(),
            "step 1 error: expected error 0, observed error WSAECONNRESET");
}

TEST(Progress, AnIndicationThatIsNotRecordedIsAViolation) {
  Script script;
  script.indication("client", "1", {{"event", "not recorded within 100 ms"}});
  EXPECT_EQ(Judged(kClosed, script).violation(),
            "step 1 error: expected error 0, observed not recorded within 100 ms");
  EXPECT_EQ(Judged("- {id: 1, client: FD_CLOSE}\n", script).violation(),
            "step 1 event: expected recorded, observed not recorded within 100 ms");
}

TEST(Progress, AnEventFieldOfAReplyIsNotTakenForTheSuitesOwnWords) {
  EXPECT_EQ(Judged(kOneSend, one(kSend, {{"returns", 3}, {"event", 5}})).violation(), "none");
}

TEST(Progress, ArithmeticBindsItsResult) {
  Script script;
  script.done("client", "1", kRecv, {{"returns", 1}, {"data", "Mw=="}})
      .computed("client", "2", {{"sum", 45}})
      .done("client", "3", kRecv, {{"returns", 2}, {"data", "NDU="}});
  const std::string steps =
      "- {client: recv, data: $total}\n- {client: compute, sum: 42 + $total}\n"
      "- {client: recv, data: $sum}\n";
  const Judged judged(steps, script);
  EXPECT_EQ(judged.violation(), "none");
  EXPECT_EQ(judged.observed("2"), "sum = 45");
  EXPECT_EQ(judged.progress.bindings().at("sum").wire, 45);
}

TEST(Progress, ArithmeticWithANonNumberIsAViolation) {
  Script script;
  script.computed("client", "1", {{"error", "$total is no number: \"x\""}});
  EXPECT_EQ(Judged("- {client: compute, sum: 42}\n", script).violation(),
            "step 1 compute: expected a number, observed $total is no number: \"x\"");
}

TEST(Progress, ABindingIsComparedWhenItIsSeenAgain) {
  const std::string steps =
      "- {id: 1, client: recv, data: $x}\n- {id: 2, client: recv, data: $x}\n";
  Script same;
  same.done("client", "1", kRecv, {{"returns", 1}, {"data", "YQ=="}})
      .done("client", "2", kRecv, {{"returns", 1}, {"data", "YQ=="}});
  EXPECT_EQ(Judged(steps, same).violation(), "none");
  Script other;
  other.done("client", "1", kRecv, {{"returns", 1}, {"data", "YQ=="}})
      .done("client", "2", kRecv, {{"returns", 1}, {"data", "Yg=="}});
  EXPECT_EQ(Judged(steps, other).violation(),
            "step 2 data: expected data \"a\", observed data \"b\"");
}

TEST(Progress, ACallThatNeverReturnsIsAViolation) {
  Script script;
  script.call("client", "1", kRecv).breakdown("client", "1", "silent", "it said nothing");
  const Judged judged(kOneRecv, script);
  EXPECT_EQ(judged.violation(),
            "step 1 hang: expected succeeds, data \"abc\", observed it said nothing");
  EXPECT_EQ(judged.progress.verdict(), Verdict::kFail);
}

TEST(Progress, ACallOfTheOpeningThatNeverReturnsIsAnError) {
  Script script;
  script.call("server", "given.1", {{"op", "socket"}, {"as", "listener"}})
      .breakdown("server", "given.1", "silent", "it said nothing");
  const Judged judged(kOneSend, script, "documented", "given: listener");
  EXPECT_EQ(judged.progress.verdict(), Verdict::kError);
  EXPECT_EQ(judged.progress.error(),
            "step given.1 (server socket, case.yaml:4:8): silent: it said nothing");
  EXPECT_TRUE(judged.progress.violations().empty());
}

TEST(Progress, CrashGarbageAndExitAreErrors) {
  for (const std::string kind : {"crashed", "garbage", "exited"}) {
    Script script;
    script.call("client", "1", kSend).breakdown("client", "1", kind, "so it did");
    const Judged judged(kOneSend, script);
    EXPECT_EQ(judged.progress.verdict(), Verdict::kError);
    EXPECT_EQ(judged.progress.error(),
              "step 1 (client send, case.yaml:5:3): " + kind + ": so it did");
    EXPECT_EQ(judged.record("1").status, StepRecord::Status::kViolated);
    EXPECT_EQ(judged.observed("1"), kind + ": so it did");
  }
}

TEST(Progress, ABreakdownOutsideAnyStepIsAnError) {
  Script script;
  script.breakdown("client", "", "silent", "at reset: it said nothing");
  const Judged judged(kOneSend, script);
  EXPECT_EQ(judged.progress.verdict(), Verdict::kError);
  EXPECT_EQ(judged.progress.error(), "silent: at reset: it said nothing");
}

TEST(Progress, UnsupportedAndAdapterErrorAreErrors) {
  const Judged unsupported(kOneSend, one(kSend, {{"unsupported", "send"}}));
  EXPECT_EQ(unsupported.progress.verdict(), Verdict::kError);
  EXPECT_EQ(unsupported.progress.error(),
            "step 1 (client send): the adapter answers {\"id\":1,\"unsupported\":\"send\"}");
  const Judged senseless(kOneSend, one(kSend, {{"adapter_error", "what?"}}));
  EXPECT_EQ(senseless.progress.verdict(), Verdict::kError);
}

TEST(Progress, NothingIsJudgedAfterTheFirstViolation) {
  Script script;
  script.done("client", "1", kSend, {{"error", "WSAENOTCONN"}})
      .done("client", "2", kSend, {{"error", "WSAENOTCONN"}})
      .breakdown("client", "2", "crashed", "later");
  const Judged judged("- {client: send, data: abc}\n- {client: send, data: abc}\n", script);
  EXPECT_EQ(judged.progress.violations().size(), 1U);
  EXPECT_TRUE(judged.progress.error().empty());
  EXPECT_EQ(judged.record("2").status, StepRecord::Status::kNotReached);
}

TEST(Progress, WhatADeadAdapterExplainsIsNoViolation) {
  Script script;
  script.done("client", "1", kSend, {{"error", "WSAECONNRESET"}})
      .breakdown("server", "", "crashed", "ended by a signal")
      .breakdown("client", "", "crashed", "later");
  const Judged judged(kOneSend, script);
  EXPECT_EQ(judged.progress.verdict(), Verdict::kError);
  EXPECT_EQ(judged.progress.error(), "crashed: ended by a signal");
  EXPECT_TRUE(judged.progress.violations().empty());
}

// One way to violate a step after another, each with the provenance and edition given.
std::vector<std::string> all_violations(const std::string& provenance, const std::string& edition) {
  const std::string p = ", provenance: " + provenance + "}\n";
  std::vector<std::string> found;
  const auto judge = [&](const std::string& steps, const Script& script) {
    found.push_back(Judged(steps, script, edition).violation());
  };
  judge("- {client: recv, data: abc" + p, one(kRecv, {{"returns", 1}, {"data", "YQ=="}}));
  judge("- {client: recv, error: WSAEINVAL" + p, one(kRecv, {{"returns", 0}}));
  judge("- {client: closesocket" + p, one(kClose, {{"error", "WSAEINVAL"}}));
  Script early;
  early.done("client", "1", kConnect, {{"returns", 0}});
  judge("- {client: connect, until: 2" + p + "- {server: accept}\n", early);
  Script uncalled = asked();
  uncalled.returns("server", "3", {{"returns", "server"}});
  judge(
      "- {client: connect, by: 2}\n- {server: WSAAccept, condition: true}\n"
      "- {server: condition, verdict: CF_ACCEPT" +
          p,
      uncalled);
  Script again = asked();
  again.condition("server", "3", {{"caller_data", "aGk="}})
      .verdict("server", "3", {{"verdict", "CF_ACCEPT"}})
      .condition("server", "2", {{"caller_data", "aGk="}});
  judge("- {client: connect, by: 2}\n- {server: WSAAccept, condition: true" + p +
            "- {server: condition, verdict: CF_ACCEPT}\n",
        again);
  return found;
}

TEST(Progress, WhatIsDocumentedIsViolatedInBothEditions) {
  for (const char* edition : {"documented", "windows"}) {
    for (const std::string& violation : all_violations("documented", edition)) {
      EXPECT_EQ(violation.find("step "), 0U) << violation;
    }
  }
}

TEST(Progress, WhatWindowsDoesIsViolatedInItsOwnEditionOnly) {
  for (const std::string& violation : all_violations("windows", "windows")) {
    EXPECT_EQ(violation.find("step "), 0U) << violation;
  }
  for (const std::string& violation : all_violations("windows", "documented")) {
    EXPECT_EQ(violation, "none");
  }
}

TEST(Progress, WhatTheReferenceChoseIsNeverViolated) {
  for (const char* edition : {"documented", "windows"}) {
    for (const std::string& violation : all_violations("reference choice", edition)) {
      EXPECT_EQ(violation, "none");
    }
  }
}

TEST(Progress, WhatDiffersWithoutBeingAViolationIsShown) {
  const auto observed = [](const std::string& provenance) {
    const Judged judged("- {client: closesocket, provenance: " + provenance + "}\n",
                        one(kClose, {{"error", "WSAEINVAL"}}));
    EXPECT_EQ(judged.record("1").status, StepRecord::Status::kMet);
    return judged.observed("1");
  };
  EXPECT_EQ(observed("reference choice"),
            "fails with WSAEINVAL (differs from the reference's choice: returns 0)");
  EXPECT_EQ(observed("windows"), "fails with WSAEINVAL (differs from Windows: returns 0)");
}

TEST(Progress, AnOutcomeIsBoundWhoeverMayBeHeldToIt) {
  for (const char* provenance : {"documented", "windows", "reference choice"}) {
    const Judged judged(std::string("- {client: recv, data: $x, provenance: ") + provenance + "}\n",
                        one(kRecv, {{"returns", 1}, {"data", "YQ=="}}));
    EXPECT_EQ(judged.progress.bindings().count("x"), 1U) << provenance;
  }
}

TEST(Progress, AHangOfWhatNobodyIsHeldToIsNoViolationAndTheEnd) {
  for (const char* provenance : {"windows", "reference choice"}) {
    Script script;
    script.call("client", "1", kRecv).breakdown("client", "1", "silent", "it said nothing");
    const Judged judged(std::string("- {client: recv, provenance: ") + provenance + "}\n", script);
    EXPECT_TRUE(judged.progress.violations().empty()) << provenance;
    EXPECT_TRUE(judged.progress.stopped()) << provenance << ": nothing can come after it";
    EXPECT_EQ(judged.progress.verdict(), Verdict::kInconclusive) << provenance;
    EXPECT_NE(judged.progress.undecided().find("step 1 (client recv)"), std::string::npos);
  }
}

TEST(Progress, AnInvariantIsAViolationOfItsOwn) {
  Script script;
  script.done("client", "1", kClose, {{"returns", 0}}).done("client", "2", kRecv, {{"returns", 0}});
  const Judged judged("- {client: closesocket}\n- {client: recv}\n", script);
  ASSERT_EQ(judged.progress.violations().size(), 1U);
  const Violation& violation = judged.progress.violations().front();
  EXPECT_EQ(violation.check, "INV-DEAD-HANDLE");
  EXPECT_EQ(violation.step, "2");
  EXPECT_EQ(violation.requirements.front(), "CLOSE-01");
  EXPECT_EQ(violation.file, "case.yaml");
  EXPECT_EQ(violation.line, 6);
  EXPECT_NE(violation.message.find("INV-DEAD-HANDLE"), std::string::npos);
  EXPECT_EQ(judged.record("2").status, StepRecord::Status::kViolated);
}

TEST(Progress, AStepsOwnExpectationIsToldBeforeAnInvariant) {
  Script script;
  script.done("client", "1", kClose, {{"returns", 0}}).done("client", "2", kRecv, {{"returns", 0}});
  const Judged judged("- {client: closesocket}\n- {client: recv, error: WSAENOTSOCK}\n", script);
  ASSERT_EQ(judged.progress.violations().size(), 1U);
  EXPECT_EQ(judged.progress.violations().front().check, "step 2 error");
}

TEST(Progress, RecordsSayWhenAStepBeganAndEnded) {
  const Script script = one(kSend, {{"returns", 3}});
  const Judged judged(kOneSend, script);
  EXPECT_EQ(judged.record("1").began, script.events()[0].at);
  EXPECT_EQ(judged.record("1").ended, script.events()[1].at);
}

// Alternatives.

constexpr const char* kResetOrEnd =
    "- {id: 1, client: closesocket}\n"
    "- {id: 2, server: recv, returns: 0, or: {error: WSAECONNRESET, because: 1}}\n";

std::string verdict_of(const Script& script) {
  const WrittenInstance written(with_steps(kResetOrEnd), "tcp");
  Progress progress(written.instance, "documented");
  for (const Event& event : script.events()) progress.on(event);
  return progress.violations().empty() ? "none" : progress.violations().front().observed;
}

nlohmann::json recv_call() {
  return {{"op", "recv"}, {"socket", "server"}, {"length", 16}};
}

TEST(Alternatives, CountOnlyWithTheirCause) {
  const nlohmann::json close = {{"op", "closesocket"}, {"socket", "client"}};
  Script caused;
  caused.done("client", "1", close, {{"returns", 0}})
      .done("server", "2", recv_call(), {{"error", "WSAECONNRESET"}});
  EXPECT_EQ(verdict_of(caused), "none");
  Script uncaused;
  uncaused.done("server", "2", recv_call(), {{"error", "WSAECONNRESET"}});
  EXPECT_EQ(verdict_of(uncaused),
            "fails with WSAECONNRESET (possible because of step 1 only, which had not begun)");
  Script late;
  late.done("server", "2", recv_call(), {{"error", "WSAECONNRESET"}})
      .done("client", "1", close, {{"returns", 0}});
  EXPECT_NE(verdict_of(late), "none") << "the cause came after it";
}

TEST(Alternatives, AnythingElseIsHeldToTheStepItself) {
  Script main;
  main.done("server", "2", recv_call(), {{"returns", 0}, {"data", ""}});
  EXPECT_EQ(verdict_of(main), "none") << "the step's own outcome needs no cause";
  Script other;
  other.done("client", "1", {{"op", "closesocket"}, {"socket", "client"}}, {{"returns", 0}})
      .done("server", "2", recv_call(), {{"error", "WSAENOTCONN"}});
  EXPECT_EQ(verdict_of(other), "fails with WSAENOTCONN");
}

TEST(Alternatives, StandInTheTable) {
  const WrittenInstance written(with_steps(kResetOrEnd), "tcp");
  EXPECT_EQ(expectation_text(written.instance.steps[1]),
            "returns 0 or, because of step 1, fails with WSAECONNRESET");
}

}  // namespace
}  // namespace ws2conform::progress_test
