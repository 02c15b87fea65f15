#include "provider/catalog.hpp"

#include <gtest/gtest.h>

#include "ws2/protocol_info.h"

namespace ws2 {
namespace {

// FLAG-02, FLAG-03, FLAG-04: an entry claims what its limits and its codec do, no more and no less.
TEST(Catalog, FlagsAgreeWithTheLimits) {
  for (const ProviderEntry& entry : provider_entries()) {
    const auto has = [&entry](std::uint32_t flag) { return (entry.flags & flag) != 0; };
    const Limits& limits = *entry.limits;
    EXPECT_EQ(has(XP1_CONNECT_DATA), limits.caller_data && limits.callee_data) << entry.name;
    EXPECT_EQ(has(XP1_DISCONNECT_DATA), limits.disconnect_data.has_value()) << entry.name;
    EXPECT_EQ(has(XP1_GRACEFUL_CLOSE), limits.graceful) << entry.name;
    EXPECT_EQ(has(XP1_MESSAGE_ORIENTED), limits.message_boundaries) << entry.name;
    EXPECT_EQ(entry.type == SocketType::kSequencedPacket, limits.message_boundaries) << entry.name;
    EXPECT_EQ(entry.message_size, limits.message_boundaries ? limits.message : 0) << entry.name;
  }
}

TEST(Catalog, IsFoundByNumber) {
  for (const ProviderEntry& entry : provider_entries()) {
    EXPECT_EQ(find_provider(entry.catalog_id), &entry);
  }
  EXPECT_EQ(find_provider(0), nullptr);
}

}  // namespace
}  // namespace ws2
