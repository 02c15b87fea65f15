#include "conformance/case/asked.hpp"

#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"

namespace ws2conform::asked_test {
namespace {

std::string hash(const std::string& steps, const std::string& head = "given: connected") {
  return asked_hash(WrittenInstance(with_steps(steps, head)).instance);
}

const std::string kSteps =
    "- {id: 1, client: send, data: abc}\n- {id: 2, server: recv, data: abc, after: 1}\n";

TEST(AskedHash, IsOfWhatIsAsked) {
  EXPECT_EQ(hash(kSteps).size(), 16U);
  for (const char* other : {
           "- {id: 1, client: send, data: abd}\n- {id: 2, server: recv, data: abc, after: 1}\n",
           "- {id: 1, server: send, data: abc}\n- {id: 2, server: recv, data: abc, after: 1}\n",
           "- {id: 1, client: WSASend, data: abc}\n- {id: 2, server: recv, data: abc, after: 1}\n",
           "- {id: 1, client: send, data: abc}\n- {id: 2, server: recv, data: abc}\n",
           "- {id: 1, client: send, data: abc}\n",
       }) {
    EXPECT_NE(hash(other), hash(kSteps)) << other;
  }
  EXPECT_NE(hash(kSteps, "given: connected\nrelay:\n  client->server: [{split: 1}]"), hash(kSteps));
  const std::string sum = "- {client: compute, sum: 42}\n- {client: send, data: $sum}\n";
  EXPECT_NE(hash("- {client: compute, sum: 43}\n- {client: send, data: $sum}\n"), hash(sum));
  EXPECT_NE(hash("- {client: socket}\n", "given: nothing"), hash("- {client: socket}\n"));
}

TEST(AskedHash, IsNotOfWhatIsExpectedNorOfHowItIsWritten) {
  for (const char* same : {
           "- {id: 1, client: send, data: abc, returns: 3}\n"
           "- {id: 2, server: recv, data: ab, after: 1}\n",
           "- {id: 1, client: send, data: abc}\n"
           "- {after: 1, id: 2, error: WSAECONNRESET, requirement: REQ-2, server: recv}\n",
           "# a comment\n- id: 1\n  client: send\n  data: abc\n"
           "- {id: 2, server: recv, data: abc, after: 1}\n",
       }) {
    EXPECT_EQ(hash(same), hash(kSteps)) << same;
  }
}

}  // namespace
}  // namespace ws2conform::asked_test
