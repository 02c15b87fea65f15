#include "conformance/history/ports.hpp"

#include <gtest/gtest.h>

namespace ws2conform::ports_test {
namespace {

TEST(PortNames, PortsAreCountedByAddress) {
  PortNames names;
  EXPECT_EQ(names("from 127.0.0.1:40112 to [::1]:5000, [::1]:40112"),
            "from 127.0.0.1:#1 to [::1]:#2, [::1]:#1");
  EXPECT_EQ(names("127.0.0.1:5000"), "127.0.0.1:#2") << "known from before";
}

TEST(PortNames, EverythingElseStays) {
  for (const char* text : {"", "12:30", "127.0.0.1:0", "step 3: 40112", "127.0.0.1", "a:1 b:2"}) {
    EXPECT_EQ(PortNames()(text), text);
  }
}

}  // namespace
}  // namespace ws2conform::ports_test
