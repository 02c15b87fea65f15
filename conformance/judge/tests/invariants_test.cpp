#include "conformance/judge/invariants.hpp"

#include <filesystem>

#include "conformance/case/tests/scratch.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/history/writer.hpp"
#include "conformance/judge/tests/conversation.hpp"

namespace ws2conform::invariants_test {
namespace {

using nlohmann::json;

TEST(Invariants, AreListedWithWhatTheyRestOn) {
  std::set<std::string_view> ids;
  for (const Invariant& invariant : all_invariants()) {
    EXPECT_EQ(invariant.id.substr(0, 4), "INV-");
    EXPECT_TRUE(ids.insert(invariant.id).second) << invariant.id;
    EXPECT_FALSE(invariant.requirement.empty());
    EXPECT_FALSE(invariant.statement.empty());
  }
}

// INV-PREFIX

TEST(Invariants, OctetsReceivedAreThoseSent) {
  EXPECT_EQ(connected().send("client", "abcdef").receive("server", "abc").violated(), "none");
  EXPECT_EQ(connected().send("client", "abcdef").receive("server", "abd").violated(), "INV-PREFIX");
}

TEST(Invariants, OctetsReceivedGoOnWhereTheLastReceiveEnded) {
  EXPECT_EQ(connected()
                .send("client", "abcdef")
                .receive("server", "abc")
                .receive("server", "def")
                .violated(),
            "none");
  EXPECT_EQ(connected()
                .send("client", "abcdef")
                .receive("server", "abc")
                .receive("server", "abc")
                .violated(),
            "INV-PREFIX");
}

TEST(Invariants, MoreThanWasSentIsNotReceived) {
  EXPECT_EQ(connected().send("client", "abc").receive("server", "abcd").violated(), "INV-PREFIX");
  EXPECT_EQ(connected().receive("server", "a").violated(), "INV-PREFIX");
}

TEST(Invariants, OnlyWhatASendTookCounts) {
  auto partly = connected();
  partly.call("client", "send", {{"data", to_base64("abcdef")}}, {{"returns", 3}});
  EXPECT_EQ(Conversation(partly).receive("server", "abc").violated(), "none");
  EXPECT_EQ(Conversation(partly).receive("server", "abcd").violated(), "INV-PREFIX");
}

TEST(Invariants, TheTwoDirectionsAreApart) {
  EXPECT_EQ(
      connected().send("client", "abc").send("server", "xyz").receive("client", "xyz").violated(),
      "none");
  EXPECT_EQ(
      connected().send("client", "abc").send("server", "xyz").receive("client", "abc").violated(),
      "INV-PREFIX");
}

TEST(Invariants, APeekTakesNothing) {
  const json peek = {{"flags", json::array({"MSG_PEEK"})}};
  EXPECT_EQ(connected()
                .send("client", "abc")
                .receive("server", "abc", peek)
                .receive("server", "abc")
                .violated(),
            "none");
  EXPECT_EQ(connected().send("client", "abc").receive("server", "abd", peek).violated(),
            "INV-PREFIX");
}

TEST(Invariants, OutOfBandDataIsNotOfTheStream) {
  const json oob = {{"flags", json::array({"MSG_OOB"})}};
  auto conversation = connected();
  conversation.send("client", "ab");
  conversation.call("client", "send",
                    {{"data", to_base64("!")}, {"flags", json::array({"MSG_OOB"})}},
                    {{"returns", 1}});
  conversation.send("client", "cd");
  EXPECT_EQ(Conversation(conversation).receive("server", "abcd").violated(), "none");
  EXPECT_EQ(
      Conversation(conversation).receive("server", "!", oob).receive("server", "abcd").violated(),
      "none");
}

// INV-AFTER-END

TEST(Invariants, NothingIsReceivedAfterTheEnd) {
  auto ended = connected();
  ended.send("client", "abc").shuts_down("client");
  EXPECT_EQ(Conversation(ended)
                .receive("server", "abc")
                .receive("server", "")
                .receive("server", "")
                .violated(),
            "none");
  EXPECT_EQ(Conversation(ended).receive("server", "").receive("server", "abc").violated(),
            "INV-AFTER-END");
  EXPECT_EQ(Conversation(ended)
                .fails("server", "WSARecv", "WSAEDISCON")
                .receive("server", "abc")
                .violated(),
            "INV-AFTER-END");
}

TEST(Invariants, ReceivingNoOctetsIntoNoRoomIsNoEnd) {
  auto conversation = connected();
  conversation.send("client", "abc");
  conversation.call("server", "recv", {{"length", 0}}, {{"returns", 0}, {"data", ""}});
  EXPECT_EQ(conversation.receive("server", "abc").violated(), "none");
}

// INV-GRACEFUL

TEST(Invariants, TheEndIsGracefulOnlyIfThePeerEndedGracefully) {
  EXPECT_EQ(connected().receive("server", "").violated(), "INV-GRACEFUL");
  EXPECT_EQ(connected().fails("server", "WSARecv", "WSAEDISCON").violated(), "INV-GRACEFUL");
  EXPECT_EQ(connected().events("server", {{"FD_CLOSE", 0}}).violated(), "INV-GRACEFUL");
  EXPECT_EQ(connected().shuts_down("client").receive("server", "").violated(), "none");
  EXPECT_EQ(connected().closes("client").receive("server", "").violated(), "none");
  EXPECT_EQ(connected().disconnects("client", "").events("server", {{"FD_CLOSE", 0}}).violated(),
            "none");
}

TEST(Invariants, AResetIsNoGracefulEnd) {
  EXPECT_EQ(connected().fails("server", "recv", "WSAECONNRESET").violated(), "none");
  EXPECT_EQ(connected().events("server", {{"FD_CLOSE", "WSAECONNRESET"}}).violated(), "none");
}

TEST(Invariants, OnesOwnEndIsNotThePeers) {
  EXPECT_EQ(connected().shuts_down("server").receive("server", "").violated(), "INV-GRACEFUL");
}

TEST(Invariants, ShuttingDownReceivingEndsNothing) {
  auto conversation = connected();
  conversation.call("client", "shutdown", {{"how", "SD_RECEIVE"}}, {{"returns", 0}});
  EXPECT_EQ(conversation.receive("server", "").violated(), "INV-GRACEFUL");
}

TEST(Invariants, AnEmptyMessageIsNoEnd) {
  auto conversation = connected();
  conversation.send("client", "").receive("server", "").send("client", "more");
  EXPECT_EQ(Conversation(conversation).receive("server", "more").violated(), "none");
  EXPECT_EQ(conversation.receive("client", "").violated(), "INV-GRACEFUL") << "only its own way";
}

TEST(Invariants, AHardCloseIsNoGracefulEnd) {
  auto conversation = connected();
  conversation.call("client", "setsockopt",
                    {{"option", "SO_LINGER"}, {"value", {{"onoff", 1}, {"linger", 0}}}},
                    {{"returns", 0}});
  EXPECT_EQ(Conversation(conversation).closes("client").receive("server", "").violated(),
            "INV-GRACEFUL");
  conversation.shuts_down("client").closes("client");
  EXPECT_EQ(conversation.receive("server", "").violated(), "none") << "it had ended before";
}

// INV-CLOSE-ONCE

TEST(Invariants, CloseIsRecordedOnce) {
  auto ended = connected();
  ended.shuts_down("client").events("server", {{"FD_CLOSE", 0}, {"FD_READ", 0}});
  EXPECT_EQ(Conversation(ended).events("server", {{"FD_READ", 0}}).violated(), "none");
  EXPECT_EQ(Conversation(ended).events("server", {{"FD_CLOSE", 0}}).violated(), "INV-CLOSE-ONCE");
  EXPECT_EQ(Conversation(ended).shuts_down("server").events("client", {{"FD_CLOSE", 0}}).violated(),
            "none")
      << "once for each end";
}

// INV-DEAD-HANDLE

TEST(Invariants, AHandleIsDeadAfterClosesocket) {
  EXPECT_EQ(connected().closes("client").fails("client", "recv", "WSAENOTSOCK").violated(), "none");
  EXPECT_EQ(connected().closes("client").fails("client", "recv", "WSAENOTCONN").violated(),
            "INV-DEAD-HANDLE");
  EXPECT_EQ(connected().closes("client").closes("client").violated(), "INV-DEAD-HANDLE");
}

TEST(Invariants, AnOperationThatWasUnderWayMayStillBeAskedFor) {
  EXPECT_EQ(connected()
                .closes("client")
                .fails("client", "WSAGetOverlappedResult", "WSA_OPERATION_ABORTED")
                .violated(),
            "none");
}

TEST(Invariants, ACallThatWaitsInAnotherLaneWasMadeWhileTheHandleLived) {
  Conversation waiting = connected();
  Script& script = waiting.script();
  using Kind = Event::Kind;
  script.add(Kind::kCall, "client", "1",
             {{"op", "recv"}, {"socket", "client"}, {"length", 16}, {"id", 101}});
  script.add(Kind::kCall, "client", "2",
             {{"op", "closesocket"}, {"socket", "client"}, {"id", 102}});
  script.add(Kind::kReturn, "client", "2", {{"returns", 0}, {"id", 102}});
  script.add(Kind::kReturn, "client", "1", {{"error", "WSAEINTR"}, {"id", 101}});
  EXPECT_EQ(waiting.violated(), "none");
  EXPECT_EQ(waiting.fails("client", "send", "WSAEINTR").violated(), "INV-DEAD-HANDLE");
}

TEST(Invariants, ACloseThatFailedKillsNothing) {
  EXPECT_EQ(connected()
                .fails("client", "closesocket", "WSAEWOULDBLOCK")
                .fails("client", "recv", "WSAENOTCONN")
                .violated(),
            "none");
}

TEST(Invariants, AHandleMayBeGivenOutAgain) {
  EXPECT_EQ(connected().closes("client").socket("client", "other").closes("client").violated(),
            "none");
  EXPECT_EQ(connected().closes("client").socket("server", "other").closes("client").violated(),
            "INV-DEAD-HANDLE")
      << "another process has other handles";
}

TEST(Invariants, ACallThatTheAdapterDoesNotMakeSaysNothingOfTheHandle) {
  EXPECT_EQ(
      connected().closes("client").call("client", "recv", {}, {{"unsupported", "recv"}}).violated(),
      "none");
}

// INV-REJECTED

TEST(Invariants, ARejectedRequestIsNoConnection) {
  const auto decided = [](const char* verdict, const json& connect_reply, bool delayed_accept) {
    return Conversation()
        .asked("", nullptr)
        .decided({{"verdict", verdict}}, {{"error", "WSAECONNREFUSED"}}, connect_reply)
        .violated(delayed_accept);
  };
  EXPECT_EQ(decided("CF_REJECT", {{"returns", 0}}, true), "INV-REJECTED");
  EXPECT_EQ(decided("CF_REJECT", {{"error", "WSAECONNREFUSED"}}, true), "none");
  EXPECT_EQ(decided("CF_REJECT", {{"returns", 0}}, false), "none")
      << "where acceptance is not delayed the caller is connected before the verdict";
}

TEST(Invariants, AfterARejectionTheNextRequestMayBeAccepted) {
  Conversation conversation;
  conversation.asked("", nullptr)
      .decided({{"verdict", "CF_REJECT"}}, {{"error", "WSAECONNREFUSED"}},
               {{"error", "WSAECONNREFUSED"}});
  conversation.script().done(
      "client", "4", {{"op", "connect"}, {"socket", "client"}, {"addr", "h:1"}}, {{"returns", 0}});
  EXPECT_EQ(conversation.violated(), "none");
}

// Which ends belong together.

TEST(Invariants, EndsArePairedByAddressWhereThereAreSeveral) {
  const auto paired = [](const std::string& received) {
    Conversation conversation;
    for (const std::string name : {"alice", "bob"}) {
      conversation.socket(name, name);
      conversation.call(name, "connect", {{"addr", "h:1"}}, {{"returns", 0}});
      conversation.call(name, "getsockname", {}, {{"returns", 0}, {"addr", name + ":1"}});
    }
    conversation.script().done("server", "2",
                               {{"op", "accept"}, {"socket", "listener"}, {"as", "first"}},
                               {{"returns", "first"}, {"addr", "bob:1"}});
    conversation.send("alice", "from alice").send("bob", "from bob");
    conversation.call_on("server", "first", "recv", {{"length", 4096}},
                         {{"returns", received.size()}, {"data", to_base64(received)}});
    return conversation.violated();
  };
  EXPECT_EQ(paired("from bob"), "none");
  EXPECT_EQ(paired("from alice"), "INV-PREFIX");
}

TEST(Invariants, EndsThatNothingPairsAreHeldToNothing) {
  Conversation conversation;
  for (const std::string name : {"alice", "bob"}) {
    conversation.socket(name, name);
    conversation.call(name, "connect", {{"addr", "h:1"}}, {{"returns", 0}});
  }
  conversation.script().done("server", "2",
                             {{"op", "accept"}, {"socket", "listener"}, {"as", "first"}},
                             {{"returns", "first"}, {"addr", "h:2"}});
  conversation.call_on("server", "first", "recv", {{"length", 4096}},
                       {{"returns", 1}, {"data", to_base64("?")}});
  EXPECT_EQ(conversation.violated(), "none");
}

TEST(Invariants, ValuesOfWrongTypesAreHarmless) {
  for (const json& wrong : {json(5), json("text"), json(true), json::array({1}), json(nullptr)}) {
    auto conversation = connected();
    conversation.call("client", "recv", {{"length", 4096}}, {{"returns", wrong}, {"data", wrong}});
    conversation.call("client", "send", {{"data", "YQ=="}}, {{"returns", wrong}});
    conversation.call("client", "WSAEnumNetworkEvents", {},
                      {{"returns", 0}, {"network_events", wrong}});
    conversation.call("client", "getsockname", {}, {{"returns", 0}, {"addr", wrong}});
    conversation.call("client", "WSARecvDisconnect", {{"capacity", 9}},
                      {{"returns", 0}, {"data", wrong}});
    conversation.script().condition("server", "9", wrong);
    EXPECT_NO_THROW(conversation.violated()) << wrong;
  }
}

// What a conversation's file makes of it.
Conversation filed(Conversation original) {
  const ScratchFolder folder;
  const std::string path = folder.path("history.jsonl");
  HistoryInstance instance;
  instance.case_id = "a-case";
  ScheduleHistory schedule;
  schedule.case_id = "a-case";
  {
    HistoryWriter writer(path);
    writer.header({});
    writer.planned(instance);
    const std::size_t number = writer.begin(schedule);
    for (const Event& event : original.script().events()) writer.event(number, event);
    writer.end(number, schedule);
  }
  EXPECT_LT(std::filesystem::file_size(path), 10000U) << "the pattern is written short";
  Conversation read;
  const History history = read_history(path);
  for (const Event& event : history.schedules.at(0).events) {
    read.script().add(event.kind, event.actor, event.step, *event.body);
  }
  return read;
}

TEST(Invariants, AWrongOctetInAFilledStreamIsSeenInTheFileToo) {
  // Sends of 4096 octets, receives of 1000 that are not aligned with them.
  const auto filled = [](const std::string& received) {
    Conversation conversation;
    conversation.connected();
    for (int i = 0; i < 4; ++i) conversation.send("client", octet_pattern(4096));
    for (std::size_t at = 0; at < received.size(); at += 1000) {
      conversation.receive("server", received.substr(at, 1000));
    }
    return conversation;
  };
  std::string whole;
  for (int i = 0; i < 4; ++i) whole += octet_pattern(4096);
  EXPECT_EQ(filed(filled(whole)).violated(), "none");
  std::string wrong = whole;
  wrong[16000] = static_cast<char>(wrong[16000] ^ 1);
  EXPECT_EQ(filed(filled(wrong)).violated(), "INV-PREFIX");
  // The pattern goes on after what is lost, but not where it should.
  EXPECT_EQ(filed(filled(whole.substr(0, 5000) + whole.substr(5003))).violated(), "INV-PREFIX");
  // More than was sent, and as it would have gone on.
  EXPECT_EQ(filed(filled(whole + octet_pattern(4096))).violated(), "INV-PREFIX");
}

}  // namespace
}  // namespace ws2conform::invariants_test
