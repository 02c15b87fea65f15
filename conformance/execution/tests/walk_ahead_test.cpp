// What is sent before the last is answered, and to whom.
#include "conformance/execution/tests/walk_fixture.hpp"

namespace ws2conform {
namespace {

const json kReadsAhead = {{"reads_ahead", true}};

class WalkAheadTest : public WalkTest {
 protected:
  void play_ahead(const json& client, const json& server) {
    play({{"hello", kReadsAhead}, {"answers", client}},
         {{"hello", kReadsAhead}, {"answers", server}});
  }

  int pid_of_server() { return actors_.get(casting_.server, 0).adapter->pid(); }

  // Calls and what came of them, in the order of the record: "given.1( given.1)".
  std::string record() const {
    std::string text;
    for (const Event& event : history_.events) {
      const bool call = event.kind == Event::Kind::kCall;
      if (!call && event.kind != Event::Kind::kReturn) continue;
      text += (text.empty() ? "" : " ") + event.step + (call ? "(" : ")");
    }
    return text;
  }
};

// Answered when the call after it is made.
const json kWithNext = json::array({"later"});
json after(const json& earlier, const json& own) {
  return json::array({{{"answer", earlier}}, {{"reply", own}}});
}

const json kBindAnswersSocket = {{"socket", {kWithNext}},
                                 {"bind", {after({{"returns", "listener"}}, {{"returns", 0}})}}};

TEST_F(WalkAheadTest, AnOpeningIsSentBeforeItsFirstCallIsAnswered) {
  play_ahead(json::object(), kBindAnswersSocket);
  EXPECT_EQ(outcome(walk(kSend, "given: listener")), "pass");
  EXPECT_EQ(record(),
            "given.1( given.2( given.3( given.4( given.5( given.1) given.2) given.3) given.4) "
            "given.5) 1( 1)");
}

TEST_F(WalkAheadTest, WhoConnectsAndWhoAcceptsAreAskedAtOnceWithWhatComesAfter) {
  play_ahead(
      {{"connect", {kWithNext}},
       {"getsockname", {after({{"returns", 0}}, {{"returns", 0}, {"addr", "127.0.0.1:4712"}})}}},
      json::object());
  EXPECT_EQ(outcome(walk(kSend, "given: connected")), "pass");
  EXPECT_EQ(record().substr(record().find("given.6(")),
            "given.6( given.7( given.8( given.7) given.6) given.8) 1( 1)");
  EXPECT_TRUE(bodies(Event::Kind::kStarted).empty());
  EXPECT_EQ(bodies(Event::Kind::kCall, "given.6").front().value("addr", ""), "127.0.0.1:4711");
}

TEST_F(WalkAheadTest, NobodyWhoDoesNotSaySoIsAskedTwice) {
  play({{"hello", kReadsAhead}}, {{"answers", kBindAnswersSocket}});
  EXPECT_EQ(outcome(walk(kSend, "given: listener")).substr(0, 63),
            "error: step given.1 (server socket, case.yaml:4:8): silent: ser");
  EXPECT_EQ(record(), "given.1(");
}

TEST_F(WalkAheadTest, TheCallsBehindOneThatFailedAreOnRecordAndTheAdapterStays) {
  play_ahead(json::object(),
             {{"bind", {reply({{"error", "WSAEADDRINUSE"}}), reply({{"returns", 0}})}}});
  const int pid = pid_of_server();
  EXPECT_EQ(outcome(walk(kSend, "given: listener")),
            "fail: step given.2 returns: expected returns 0, observed fails with WSAEADDRINUSE");
  EXPECT_EQ(record().substr(record().find("given.2)")), "given.2) given.3) given.4) given.5)");
  EXPECT_EQ(outcome(walk(kSend, "given: listener")), "pass");
  EXPECT_EQ(pid_of_server(), pid);
}

TEST_F(WalkAheadTest, AConnectIsNotAwaitedWhenTheAcceptFailed) {
  const json refuses = {{"accept", {reply({{"error", "WSAEINVAL"}})}}};
  play({{"hello", kReadsAhead}, {"first_process", {{"connect", {json::array({"hang"})}}}}},
       {{"hello", kReadsAhead}, {"answers", refuses}});
  EXPECT_EQ(outcome(walk(kSend, "given: connected")),
            "fail: step given.7 returns: expected succeeds, observed fails with WSAEINVAL");
  EXPECT_TRUE(bodies(Event::Kind::kBreakdown).empty());
  EXPECT_EQ(outcome(walk(kSend, "given: listener")), "pass");
}

TEST_F(WalkAheadTest, WhoDiesInABatchDiesAtItsStep) {
  play({{"hello", kReadsAhead}},
       {{"hello", kReadsAhead}, {"first_process", {{"listen", {{{{"signal", 9}}}}}}}});
  expect_then_recovery(kSend,
                       "error: step given.3 (server listen, case.yaml:4:8): crashed: server was "
                       "ended by signal 9 (Killed)",
                       "given: listener");
}

// Two steps of one actor; the second one's call is what has the first answered.
constexpr const char* kTwo =
    "- {id: 1, client: send, data: abc}\n"
    "- {id: 2, client: shutdown, how: SD_SEND}\n";
const json kShutdownAnswersSend = {{"send", {kWithNext}},
                                   {"shutdown", {after({{"returns", 3}}, {{"returns", 0}})}}};

TEST_F(WalkAheadTest, StepsThatOneActorTakesInSuccessionAreSentAtOnce) {
  play_ahead(kShutdownAnswersSend, json::object());
  EXPECT_EQ(outcome(walk(kTwo)), "pass");
  // In the order in which they were made, with the times at which they were sent.
  EXPECT_EQ(record(), "1( 1) 2( 2)");
  EXPECT_LT(history_.events.at(2).at, history_.events.at(1).at);
}

TEST_F(WalkAheadTest, WhileSomebodyElseWaitsStepsAreSentOneByOne) {
  play_ahead(kShutdownAnswersSend, json::object());
  const std::string waiting = "- {id: s, server: recv-zero, after: 2}\n";
  EXPECT_EQ(outcome(walk(kTwo + waiting, "", "s( 1 2 s)")).substr(0, 17), "fail: step 1 hang");
  EXPECT_EQ(outcome(walk(kTwo + waiting, "", "1 2 s")), "pass");
}

TEST_F(WalkAheadTest, AStepThatNeedsWhatOneBeforeItYieldsIsNotSentWithThat) {
  play_ahead({{"recv", {reply({{"returns", 2}, {"data", "YWI="}})}}}, json::object());
  EXPECT_EQ(outcome(walk("- {id: 1, client: recv, data: $got}\n"
                         "- {id: 2, client: send, data: $got}\n")),
            "pass");
  EXPECT_EQ(bodies(Event::Kind::kCall, "2").front().value("data", ""), "YWI=");
}

TEST_F(WalkAheadTest, AStepThatCannotBeAskedForEndsTheScheduleBehindThoseBefore) {
  play({{"hello", kReadsAhead}},
       {{"hello", kReadsAhead},
        {"answers",
         {{"WSARecvDisconnect", {reply({{"returns", 0}, {"data", to_base64("three")}})}}}}});
  expect_then_recovery(std::string("- {id: 0, server: WSARecvDisconnect, data: $n}\n") + kTwo +
                           "- {id: 3, client: recv, length: $n}\n",
                       "error: step 3 (client recv, case.yaml:8:3): stuck: case.yaml:8:");
}

TEST_F(WalkAheadTest, ACallBehindOneThatFailedIsOnRecordAndTheAdapterStays) {
  play_ahead({{"send", {reply({{"error", "WSAENOBUFS"}}), reply({{"returns", 3}})}}},
             json::object());
  const ScheduleResult result = walk(kTwo);
  EXPECT_EQ(outcome(result),
            "fail: step 1 returns: expected succeeds, observed fails with WSAENOBUFS");
  EXPECT_EQ(record(), "1( 1) 2( 2)");
  std::string directions;  // what a reader is shown
  for (const ConversationLine& line : result.conversation) directions += line.direction;
  EXPECT_EQ(directions, "><><");
  EXPECT_EQ(result.steps.back().observed, "sent, and not judged");
  EXPECT_EQ(outcome(walk(kTwo)), "pass");
}

TEST_F(WalkAheadTest, ACallThatWaitsBehindOneThatFailedIsNotAwaited) {
  play({{"hello", kReadsAhead},
        {"first_process",
         {{"send", {reply({{"error", "WSAENOBUFS"}})}}, {"recv", {json::array({"hang"})}}}}});
  const std::string steps = std::string(kSend) + "- {id: 2, client: recv, data: abc}\n";
  expect_then_recovery(steps,
                       "fail: step 1 returns: expected succeeds, observed fails with WSAENOBUFS");
  EXPECT_TRUE(bodies(Event::Kind::kBreakdown).empty());
}

TEST_F(WalkAheadTest, WhoDiesInAStretchDiesAtItsStep) {
  play({{"hello", kReadsAhead}, {"first_process", {{"shutdown", {{{{"signal", 9}}}}}}}});
  expect_then_recovery(kTwo,
                       "error: step 2 (client shutdown, case.yaml:6:3): crashed: client was ended "
                       "by signal 9 (Killed)");
}

TEST_F(WalkAheadTest, TheFenceComesWithReset) {
  play_ahead({{"reset", {kWithNext}},
              {"WSATeleport", {after({{"returns", 0}}, {{"unsupported", "WSATeleport"}})}}},
             json::object());
  EXPECT_EQ(outcome(walk(kSend)), "pass");
}

TEST_F(WalkAheadTest, ASecondAnswerToResetIsFoundAllTheSame) {
  const json twice = {{{"reply", {{"returns", 0}}}}, {{"reply", {{"returns", 0}}}}};
  play({{"hello", kReadsAhead}, {"first_process", {{"reset", {twice}}}}});
  expect_then_recovery(kSend, "error: garbage: at reset: client answers request 2, which is not ");
}

TEST_F(WalkAheadTest, AFailedResetIsAnError) {
  play({{"hello", kReadsAhead}, {"first_process", {{"reset", {reply({{"error", "WSAEFAULT"}})}}}}});
  expect_then_recovery(kSend, "error: garbage: at reset: {\"error\":");
}

}  // namespace
}  // namespace ws2conform
