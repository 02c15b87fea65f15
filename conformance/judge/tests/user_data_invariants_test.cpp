// What the invariants say of data with a request, with its answer and with a disconnect.
#include "conformance/judge/tests/conversation.hpp"

namespace ws2conform::user_data_invariants_test {
namespace {

using nlohmann::json;

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

}  // namespace
}  // namespace ws2conform::user_data_invariants_test
