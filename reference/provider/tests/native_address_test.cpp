#include "provider/native_address.hpp"

#include <gtest/gtest.h>

#include "provider/address_text.hpp"

namespace ws2 {
namespace {

TEST(NativeAddress, KeepsEverything) {
  Endpoint inet;
  inet.port = 4711;
  inet.address = *parse_address(Family::kInet, "192.0.2.7");
  EXPECT_EQ(NativeAddress(inet).endpoint(), inet);
  Endpoint inet6;
  inet6.family = Family::kInet6;
  inet6.port = 4711;
  inet6.address = *parse_address(Family::kInet6, "fe80::1");
  inet6.scope_id = 3;
  inet6.flow_info = 9;
  EXPECT_EQ(NativeAddress(inet6).endpoint(), inet6);
  EXPECT_FALSE(inet6.is_wildcard());
  EXPECT_TRUE(Endpoint().is_wildcard());
}

TEST(NativeAddress, OfAnotherFamilyIsNone) {
  NativeAddress address;
  address.storage.ss_family = AF_UNIX;
  EXPECT_EQ(address.endpoint(), std::nullopt);
  EXPECT_EQ(peer_endpoint(-1), std::nullopt);
  EXPECT_EQ(local_endpoint(-1), std::nullopt);
}

TEST(AddressText, IsReadAndWritten) {
  EXPECT_EQ(format_address(Family::kInet, *parse_address(Family::kInet, "10.1.2.3")), "10.1.2.3");
  EXPECT_EQ(format_address(Family::kInet6, *parse_address(Family::kInet6, "::ffff:1.2.3.4")),
            "::ffff:1.2.3.4");
  EXPECT_EQ(parse_address(Family::kInet, "10.1.2"), std::nullopt);
  EXPECT_EQ(format_address(Family::kInet, *parse_loose_inet("10.1")), "10.0.0.1");
  EXPECT_EQ(parse_loose_inet("10.1.2.3.4"), std::nullopt);
}

}  // namespace
}  // namespace ws2
