#include "conformance/judge/invariants.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "conformance/case/octets.hpp"
#include "conformance/case/tests/scratch.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/history/writer.hpp"
#include "conformance/judge/tests/script.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// The ends of one connection are "client/client" and "server/server".
class Conversation {
 public:
  Conversation& socket(const std::string& actor, const std::string& name) {
    script_.done(actor, "0", {{"op", "socket"}, {"as", name}}, {{"returns", name}});
    return *this;
  }
  // A call on the actor's own socket.
  Conversation& call(const std::string& actor, const std::string& op, json fields, json reply) {
    return call_on(actor, actor, op, std::move(fields), std::move(reply));
  }
  Conversation& call_on(const std::string& actor, const std::string& socket, const std::string& op,
                        json fields, json reply) {
    if (fields.is_null()) fields = json::object();
    fields["op"] = op;
    fields["socket"] = socket;
    script_.done(actor, "1", std::move(fields), std::move(reply));
    return *this;
  }
  Conversation& send(const std::string& actor, const std::string& data) {
    return call(actor, "send", {{"data", to_base64(data)}}, {{"returns", data.size()}});
  }
  Conversation& receive(const std::string& actor, const std::string& data, json fields = {}) {
    if (fields.is_null()) fields = json::object();
    fields["length"] = 4096;
    return call(actor, "recv", std::move(fields),
                {{"returns", data.size()}, {"data", to_base64(data)}});
  }
  Conversation& fails(const std::string& actor, const std::string& op, const std::string& error) {
    return call(actor, op, {{"length", 4096}}, {{"error", error}});
  }
  Conversation& closes(const std::string& actor) {
    return call(actor, "closesocket", {}, {{"returns", 0}});
  }
  Conversation& shuts_down(const std::string& actor) {
    return call(actor, "shutdown", {{"how", "SD_SEND"}}, {{"returns", 0}});
  }
  Conversation& disconnects(const std::string& actor, const std::string& data,
                            json reply = {{"returns", 0}}) {
    return call(actor, "WSASendDisconnect", {{"data", to_base64(data)}}, std::move(reply));
  }
  Conversation& fetches(const std::string& actor, const std::string& data) {
    return call(actor, "WSARecvDisconnect", {{"capacity", 1024}},
                {{"returns", 0}, {"len", data.size()}, {"data", to_base64(data)}});
  }
  Conversation& events(const std::string& actor, json events) {
    return call(actor, "WSAEnumNetworkEvents", {},
                {{"returns", 0}, {"network_events", std::move(events)}});
  }
  Conversation& connected() {
    socket("client", "client");
    script_.call("client", "1", {{"op", "connect"}, {"socket", "client"}, {"addr", "h:1"}});
    script_.done("server", "2", {{"op", "accept"}, {"socket", "listener"}, {"as", "server"}},
                 {{"returns", "server"}, {"addr", "h:2"}});
    script_.returns("client", "1", {{"returns", 0}});
    return *this;
  }
  // A connect whose condition has been asked.
  Conversation& asked(const std::string& caller_data, const json& seen, int capacity = 1024) {
    socket("client", "client");
    script_.call("client", "1",
                 {{"op", "WSAConnect"},
                  {"socket", "client"},
                  {"addr", "h:1"},
                  {"caller_data", to_base64(caller_data)},
                  {"callee_capacity", capacity}});
    script_.call("server", "2", {{"op", "WSAAccept"}, {"socket", "listener"}, {"as", "server"}});
    script_.condition("server", "3", {{"caller_id", "h:2"}, {"caller_data", seen}});
    return *this;
  }
  Conversation& decided(const json& verdict, json accept_reply, json connect_reply) {
    script_.verdict("server", "3", verdict);
    script_.returns("server", "2", std::move(accept_reply));
    script_.returns("client", "1", std::move(connect_reply));
    return *this;
  }
  Script& script() { return script_; }

  // The invariant that is violated, and no other; "none" where none is.
  std::string violated(bool delayed_accept = true) const {
    Invariants invariants(delayed_accept);
    std::set<std::string> found;
    for (const Event& event : script_.events()) {
      for (const InvariantViolation& violation : invariants.on(event)) {
        found.insert(std::string(violation.invariant->id));
        EXPECT_FALSE(violation.expected.empty());
        EXPECT_FALSE(violation.observed.empty());
      }
    }
    std::string text;
    for (const std::string& id : found) text += (text.empty() ? "" : " ") + id;
    return text.empty() ? "none" : text;
  }

 private:
  Script script_;
};

Conversation connected() {
  return Conversation().connected();
}

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

// INV-DISCONNECT-DATA

TEST(Invariants, DisconnectDataIsWhatThePeerGave) {
  auto ended = connected();
  ended.disconnects("client", "3").receive("server", "");
  EXPECT_EQ(Conversation(ended).fetches("server", "3").violated(), "none");
  EXPECT_EQ(Conversation(ended).fetches("server", "4").violated(), "INV-DISCONNECT-DATA");
  EXPECT_EQ(Conversation(ended).fetches("server", "").violated(), "INV-DISCONNECT-DATA") << "lost";
  EXPECT_EQ(Conversation(ended).fails("server", "WSARecvDisconnect", "WSAENOTCONN").violated(),
            "none");
}

TEST(Invariants, WithoutNoticeThereNeedBeNoDisconnectDataYet) {
  EXPECT_EQ(connected().disconnects("client", "3").fetches("server", "").violated(), "none");
  EXPECT_EQ(connected().fetches("server", "3").violated(), "INV-DISCONNECT-DATA") << "from nowhere";
}

TEST(Invariants, ADisconnectThatFailedGaveNothing) {
  EXPECT_EQ(connected()
                .disconnects("client", "3", {{"error", "WSAEINVAL"}})
                .disconnects("client", "4")
                .receive("server", "")
                .fetches("server", "4")
                .violated(),
            "none");
}

TEST(Invariants, DisconnectDataMayBeAnOption) {
  const auto with_option = [] {
    return connected().call("client", "setsockopt",
                            {{"option", "SO_DISCDATA"}, {"data", to_base64("3")}},
                            {{"returns", 0}});
  };
  for (const char* seen : {"3", "4"}) {
    const char* expected = seen == std::string("3") ? "none" : "INV-DISCONNECT-DATA";
    EXPECT_EQ(
        with_option().shuts_down("client").receive("server", "").fetches("server", seen).violated(),
        expected);
    EXPECT_EQ(
        with_option().closes("client").receive("server", "").fetches("server", seen).violated(),
        expected);
    EXPECT_EQ(with_option()
                  .call("client", "WSASendDisconnect", {}, {{"returns", 0}})
                  .receive("server", "")
                  .fetches("server", seen)
                  .violated(),
              expected);
  }
  EXPECT_EQ(with_option()
                .disconnects("client", "5")
                .receive("server", "")
                .fetches("server", "5")
                .violated(),
            "none");
}

TEST(Invariants, ASecondDisconnectThatFailsTakesNothingBack) {
  auto twice = connected();
  twice.disconnects("client", "3").disconnects("client", "4", {{"error", "WSAESHUTDOWN"}});
  twice.receive("server", "");
  EXPECT_EQ(Conversation(twice).fetches("server", "3").violated(), "none");
  EXPECT_EQ(Conversation(twice).fetches("server", "4").violated(), "INV-DISCONNECT-DATA");
  EXPECT_EQ(Conversation(twice).fetches("server", "").violated(), "INV-DISCONNECT-DATA");
}

TEST(Invariants, ADisconnectAfterShutdownGivesNothing) {
  auto shut = connected();
  shut.shuts_down("client").disconnects("client", "too late").receive("server", "");
  EXPECT_EQ(Conversation(shut).fetches("server", "").violated(), "none");
  EXPECT_EQ(Conversation(shut).fetches("server", "too late").violated(), "INV-DISCONNECT-DATA");
}

TEST(Invariants, AMessageThatDidNotFitMayBeKeptOrCutOrLost) {
  auto sent = connected();
  sent.send("client", "ten octets").send("client", "next");
  sent.call("server", "recv", {{"length", 4}},
            {{"error", "WSAEMSGSIZE"}, {"data", to_base64("ten ")}});
  for (const char* then : {"ten octets", "octets", "next"}) {
    EXPECT_EQ(Conversation(sent).receive("server", then).violated(), "none") << then;
  }
  EXPECT_EQ(Conversation(sent).receive("server", "octets").receive("server", "next").violated(),
            "none");
  EXPECT_EQ(Conversation(sent).receive("server", "en").violated(), "INV-PREFIX");
  EXPECT_EQ(Conversation(sent).receive("server", "next").receive("server", "next").violated(),
            "INV-PREFIX");
}

// INV-CALLER-DATA

TEST(Invariants, TheCallersDataReachesTheCondition) {
  EXPECT_EQ(Conversation().asked("hi", to_base64("hi")).violated(), "none");
  EXPECT_EQ(Conversation().asked("hi", to_base64("ho")).violated(), "INV-CALLER-DATA");
  EXPECT_EQ(Conversation().asked("hi", nullptr).violated(), "INV-CALLER-DATA");
  EXPECT_EQ(Conversation().asked("", nullptr).violated(), "none");
}

TEST(Invariants, TheCallersDataMayBeAnOption) {
  for (const char* seen : {"hi", "ho"}) {
    Conversation conversation;
    conversation.socket("client", "client")
        .call("client", "setsockopt", {{"option", "SO_CONNDATA"}, {"data", to_base64("hi")}},
              {{"returns", 0}});
    Script& script = conversation.script();
    script.call("client", "1", {{"op", "connect"}, {"socket", "client"}, {"addr", "h:1"}});
    script.call("server", "2", {{"op", "WSAAccept"}, {"socket", "listener"}, {"as", "server"}});
    script.condition("server", "3", {{"caller_id", "h:2"}, {"caller_data", to_base64(seen)}});
    EXPECT_EQ(conversation.violated(), seen == std::string("hi") ? "none" : "INV-CALLER-DATA");
  }
}

TEST(Invariants, OfSeveralCallersTheOneThatTheAddressNamesCounts) {
  const auto two = [](const std::string& seen) {
    Conversation conversation;
    for (const std::string name : {"alice", "bob"}) {
      conversation.socket(name, name);
      conversation.call(name, "getsockname", {}, {{"returns", 0}, {"addr", name + ":1"}});
      conversation.script().call(name, "1",
                                 {{"op", "WSAConnect"},
                                  {"socket", name},
                                  {"addr", "h:1"},
                                  {"caller_data", to_base64("of " + name)}});
    }
    conversation.script().condition("server", "2",
                                    {{"caller_id", "bob:1"}, {"caller_data", to_base64(seen)}});
    return conversation.violated();
  };
  EXPECT_EQ(two("of bob"), "none");
  EXPECT_EQ(two("of alice"), "INV-CALLER-DATA");
}

// INV-CALLEE-DATA

TEST(Invariants, TheCalleesDataReachesTheCaller) {
  const auto decided = [](const json& given, const json& received) {
    return Conversation()
        .asked("", nullptr)
        .decided({{"verdict", "CF_ACCEPT"}, {"callee_data", given}},
                 {{"returns", "server"}, {"addr", "h:2"}},
                 {{"returns", 0}, {"callee_data", received}})
        .violated();
  };
  EXPECT_EQ(decided(to_base64("yes"), to_base64("yes")), "none");
  EXPECT_EQ(decided(to_base64("yes"), to_base64("yet")), "INV-CALLEE-DATA");
  EXPECT_EQ(decided(to_base64("yes"), ""), "INV-CALLEE-DATA");
  EXPECT_EQ(decided(to_base64("yes"), nullptr), "none") << "the caller offered no buffer";
}

TEST(Invariants, WhereTheCallersBufferCutsNobodyIsToBlame) {
  const auto into = [](int capacity) {
    return Conversation()
        .asked("", nullptr, capacity)
        .decided({{"verdict", "CF_ACCEPT"}, {"callee_data", to_base64("yes")}},
                 {{"returns", "server"}, {"addr", "h:2"}},
                 {{"returns", 0}, {"callee_len", 3}, {"callee_data", to_base64("ye")}})
        .violated();
  };
  EXPECT_EQ(into(2), "none");
  EXPECT_EQ(into(3), "INV-CALLEE-DATA");
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
    read.script().add(event.kind, event.actor, event.step, event.body);
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
}  // namespace ws2conform
