#include "conformance/judge/untouched.hpp"

#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"
#include "conformance/judge/progress.hpp"
#include "conformance/judge/tests/script.hpp"
#include "conformance/judge/wording.hpp"

namespace ws2conform::untouched_test {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

json failed(const std::string& error, const json& touched) {
  return {{"error", error}, {"touched", touched}};
}

Names touched_by(const std::string& operation, const json& reply,
                 const std::vector<Field>& expected = {}) {
  return wrongly_touched({{"op", operation}}, reply, expected);
}

TEST(Untouched, WhatAFailingCallWroteTo) {
  EXPECT_EQ(touched_by("recv", failed("WSAENOTCONN", {"data"})), Names{"data"});
  EXPECT_EQ(touched_by("WSARecv", failed("WSAENOTCONN", {"octets", "left_flags"})),
            (Names{"octets", "left_flags"}));
  EXPECT_EQ(touched_by("recv", failed("WSAENOTCONN", json::array())), Names{});
}

TEST(Untouched, NothingIsConcludedFromAnAdapterThatDoesNotSay) {
  EXPECT_EQ(touched_by("recv", {{"error", "WSAENOTCONN"}}), Names{});
}

TEST(Untouched, FailuresThatComeWithSomething) {
  EXPECT_EQ(touched_by("recv", failed("WSAEMSGSIZE", {"data"})), Names{});
  EXPECT_EQ(touched_by("WSARecv", failed("WSA_IO_PENDING", {"data"})), Names{});
  EXPECT_EQ(touched_by("getsockopt", failed("WSAEFAULT", {"length", "value"})), Names{"value"});
  EXPECT_EQ(touched_by("getsockname", failed("WSAENOTSOCK", {"addr_length"})),
            Names{"addr_length"});
}

TEST(Untouched, WhatTheStepSaysItself) {
  EXPECT_EQ(
      touched_by("WSARecvDisconnect", failed("WSAENOTCONN", {"len", "data"}), {{"len", "0", {}}}),
      Names{"data"});
}

// The specification does not say so: it is told, and the schedule passes.
TEST(Untouched, IsHeldAgainstNobody) {
  const WrittenInstance written(with_steps("- {id: 1, client: recv, error: WSAENOTCONN}\n"));
  Script script;
  script.done("client", "1", {{"op", "recv"}, {"socket", "client"}, {"length", 1}},
              failed("WSAENOTCONN", {"data"}));
  Progress progress(written.instance, "windows");
  for (const Event& event : script.events()) progress.on(event);
  EXPECT_EQ(progress.verdict(), Verdict::kPass);
  EXPECT_EQ(observed_text(written.step("1"), progress.records().front()),
            "fails with WSAENOTCONN (differs from the reference's choice: a call that fails leaves "
            "data as it was)");
}

}  // namespace
}  // namespace ws2conform::untouched_test
