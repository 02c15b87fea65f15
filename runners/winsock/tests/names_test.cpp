#include "names.hpp"

#include <gtest/gtest.h>

#include "winsock_api.hpp"

namespace ws2conform {
namespace {

TEST(Names, ValueOfANameAndBack) {
  EXPECT_EQ(shutdown_hows().value("SD_BOTH"), 2);
  EXPECT_EQ(shutdown_hows().name(2), "SD_BOTH");
  EXPECT_EQ(shutdown_hows().name(77), "");
}

TEST(Names, UnknownNameIsUnsupportedByItsName) {
  try {
    shutdown_hows().value("SD_UP");
    FAIL() << "SD_UP was found";
  } catch (const Unsupported& unknown) {
    EXPECT_STREQ(unknown.what(), "SD_UP");
  }
}

TEST(Names, BitsOfOneNameAndOfAList) {
  EXPECT_EQ(network_events().bits("FD_READ"), 1);
  EXPECT_EQ(network_events().bits({"FD_READ", "FD_CLOSE"}), 1 | 32);
  EXPECT_EQ(network_events().bits(Json::array()), 0);
  EXPECT_THROW(network_events().bits({"FD_READ", "FD_UP"}), Unsupported);
  EXPECT_THROW(network_events().bits(Json::array({1})), AdapterError);
  EXPECT_THROW(network_events().bits(1), AdapterError);
}

TEST(Names, NoBitIsLostInAList) {
  EXPECT_EQ(network_events().list(0), Json::array());
  EXPECT_EQ(network_events().list(1 | 32), Json({"FD_READ", "FD_CLOSE"}));
  EXPECT_EQ(network_events().list(1 | 0x40000000), Json({"FD_READ", "1073741824"}));
}

TEST(Names, ServiceFlagsOfWindowsTcp) {
  // WIN-01
  EXPECT_EQ(service_flags().list(0x20066),
            Json({"XP1_GUARANTEED_DELIVERY", "XP1_GUARANTEED_ORDER", "XP1_GRACEFUL_CLOSE",
                  "XP1_EXPEDITED_DATA", "XP1_IFS_HANDLES"}));
}

TEST(Names, NetworkEventsAreInTheOrderOfTheirBits) {
  long bit = 0;
  for (const Name& event : network_events()) EXPECT_EQ(event.value, 1L << bit++) << event.name;
}

TEST(ErrorName, KnownAndUnknown) {
  EXPECT_EQ(error_name(10061), "WSAECONNREFUSED");
  EXPECT_EQ(error_name(10101), "WSAEDISCON");
  EXPECT_EQ(error_name(11002), "WSATRY_AGAIN");
  EXPECT_EQ(error_name(0), "0");
  EXPECT_EQ(error_name(4711), "4711");
}

}  // namespace
}  // namespace ws2conform
