// The suite's own operations, which are more than one call and its return.
#include "conformance/execution/tests/walk_fixture.hpp"

namespace ws2conform {
namespace {

// Waits.

constexpr const char* kWait =
    "- {id: 1, client: recv, data: abc, after: 2}\n- {id: 2, server: send, data: abc}\n";

TEST_F(WalkTest, AWaitBegunEarlyIsAnnouncedBeforeItsCause) {
  answers({{"recv", {reply({{"returns", 3}, {"data", "YWJj"}})}}});
  EXPECT_EQ(outcome(walk(kWait, "", "1( 2 1)")), "pass");
  std::vector<std::string> kinds;
  for (const Event& event : history_.events) kinds.emplace_back(to_string(event.kind));
  EXPECT_EQ(kinds, (std::vector<std::string>{"call", "started", "call", "return", "return"}));
  EXPECT_EQ(history_.events[0].body->value("announce", false), true);
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
