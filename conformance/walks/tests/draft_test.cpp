#include "conformance/walks/draft.hpp"

#include <gtest/gtest.h>

#include "conformance/walks/yaml_text.hpp"

namespace ws2conform::walks {
namespace {

std::optional<Derived> derived(Draft& draft, const ws2::Limits& limits = ws2::kStreamLimits) {
  return derive(draft, "any", "documented", limits);
}

nlohmann::json field(const Step& step, const std::string& name) {
  for (const Field& one : step.fields) {
    if (one.name == name) return one.value;
  }
  return "absent";
}

TEST(Draft, steps_get_the_outcomes_of_the_model) {
  Draft draft;
  draft.id = "walk";
  draft.steps = {call("1", "client", "send", {{"data", "hello"}}),
                 call("2", "server", "recv", {{"length", "3"}}),
                 call("3", "client", "WSASendDisconnect", {{"data", {{"pattern", "513"}}}}),
                 call("4", "client", "closesocket"), call("5", "client", "closesocket")};
  const auto made = derived(draft);
  ASSERT_TRUE(made);
  const auto& steps = made->walk.steps;
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(field(steps[0], "returns"), "5");
  EXPECT_EQ(field(steps[1], "data"), "hel");
  EXPECT_EQ(steps[1].after, std::vector<std::string>{"1"});
  EXPECT_EQ(field(steps[2], "error"), "WSAEFAULT");
  EXPECT_EQ(field(steps[3], "error"), "absent");
  EXPECT_EQ(field(steps[4], "error"), "WSAENOTSOCK");
  EXPECT_TRUE(made->walk.steps[3].after.empty());
}

TEST(Draft, what_depends_on_the_moment_is_left_out) {
  Draft draft;
  draft.id = "walk";
  draft.steps = {call("1", "server", "ioctlsocket", {{"command", "FIONBIO"}, {"argument", "1"}}),
                 call("2", "client", "send", {{"data", "a"}}),
                 call("3", "server", "recv"),  // here already, or not yet
                 call("4", "client", "recv"),  // never returns
                 call("5", "client", "getsockopt", {{"option", "SO_TYPE"}})};
  const auto made = derived(draft);
  ASSERT_TRUE(made);
  ASSERT_EQ(draft.steps.size(), 3U);
  EXPECT_EQ(draft.steps[2].id, "5");
  EXPECT_EQ(field(made->walk.steps[2], "value"), "1");
}

TEST(Draft, a_request_is_pending_until_it_is_decided) {
  Draft draft;
  draft.id = "walk";
  draft.given = "listener";
  draft.steps = {
      call("1", "client", "WSAConnect", {{"caller_data", "hi"}, {"callee_capacity", "12"}}),
      call("2", "server", "WSAAccept", {{"as", "server"}, {"condition", "true"}}),
      call("3", "server", "condition", {{"verdict", "CF_ACCEPT"}, {"callee_data", "welcome"}})};
  draft.steps[0].until = "3";
  const auto made = derived(draft);
  ASSERT_TRUE(made);
  ASSERT_EQ(made->walk.steps.size(), 3U);
  EXPECT_EQ(field(made->walk.steps[0], "callee_data"), "welcome");
  EXPECT_EQ(field(made->walk.steps[2], "caller_data"), "hi");
  EXPECT_TRUE(holds_in_the_model(made->walk, "any", "documented", ws2::kStreamLimits));
}

TEST(Draft, text_is_a_case) {
  Draft draft;
  draft.id = "walk-1-2";
  draft.steps = {call("1", "client", "WSASendDisconnect", {{"data", {{"hex", "00"}}}}),
                 call("2", "server", "WSAEDISCON"), call("3", "server", "recv"),
                 call("4", "server", "WSARecvDisconnect", {{"capacity", "16"}})};
  const auto made = derived(draft);
  ASSERT_TRUE(made);
  const std::string text = yaml_text(made->walk);
  EXPECT_NE(text.find("id: walk-1-2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  - {id: 1, client: WSASendDisconnect, data: {hex: \"00\"}}\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  - {id: 4, server: WSARecvDisconnect, capacity: 16, data: {hex: \"00\"}, "
                      "len: 1}\n"),
            std::string::npos)
      << text;
}

TEST(Draft, addresses_are_compared_by_name) {
  Draft draft;
  draft.id = "walk";
  draft.steps = {call("1", "server", "getpeername"), call("2", "client", "getsockname"),
                 call("3", "client", "getpeername"), call("4", "server", "getsockname")};
  const auto made = derived(draft);
  ASSERT_TRUE(made);
  const auto& steps = made->walk.steps;
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(field(steps[0], "addr"), "$client.name");
  EXPECT_EQ(field(steps[1], "addr"), "$client.name");
  EXPECT_EQ(field(steps[2], "addr"), "$listener");
  EXPECT_EQ(field(steps[3], "addr"), "$listener");
}

}  // namespace
}  // namespace ws2conform::walks
