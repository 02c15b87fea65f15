#include "values.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace ws2conform {
namespace {

TEST(Base64, TestVectorsOfItsSpecification) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [octets, text] : vectors) {
    EXPECT_EQ(to_base64(octets), text);
    EXPECT_EQ(from_base64(text), octets);
  }
}

TEST(Base64, EveryOctetSurvives) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
  EXPECT_EQ(from_base64(to_base64(octets)), octets);
}

TEST(Base64, NonsenseIsRefused) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg=a", "=", "====", "Z===", "Zm 9", "Zm9v\n", "Zm9\xff"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

TEST(SocketAddress, TextSurvives) {
  for (const char* text : {"127.0.0.1:0", "1.2.3.4:65535", "[::1]:80", "[fe80::1%2]:80"}) {
    EXPECT_EQ(to_text(SocketAddress::parse(text)), text);
  }
}

TEST(SocketAddress, NonsenseIsRefused) {
  for (const char* text :
       {"", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
        "::1:80", "[]:80", "[::1%]:80", "[::1%x]:80", "localhost:80", "[127.0.0.1]:80"}) {
    EXPECT_THROW(SocketAddress::parse(text), AdapterError) << text;
  }
}

TEST(SocketAddress, WhatIsNoAddressIsDescribed) {
  const SocketAddress blank = SocketAddress::blank();
  EXPECT_EQ(to_text(blank),
            "no address: family 42405, length " + std::to_string(sizeof(sockaddr_storage)));
  SocketAddress cut = SocketAddress::parse("127.0.0.1:80");
  cut.length = 7;
  EXPECT_EQ(to_text(cut), "no address: family 2, length 7");
}

TEST(SocketAddress, InABuffer) {
  SocketAddress address = SocketAddress::parse("[::1]:80");
  WSABUF buffer{};
  buffer.len = static_cast<ULONG>(address.length);
  buffer.buf = reinterpret_cast<char*>(&address.storage);
  EXPECT_EQ(to_text(&buffer), Json("[::1]:80"));
  buffer.len = 3;
  EXPECT_EQ(to_text(&buffer),
            Json("no address: family " + std::to_string(AF_INET6) + ", length 3"));
  buffer.buf = nullptr;
  EXPECT_EQ(to_text(&buffer), Json());
  EXPECT_EQ(to_text(static_cast<const WSABUF*>(nullptr)), Json());
}

TEST(InBuffer, NullAndZeroOctetsDiffer) {
  EXPECT_EQ(InBuffer(std::nullopt).get(), nullptr);
  InBuffer empty("");
  ASSERT_NE(empty.get(), nullptr);
  EXPECT_NE(empty.get()->buf, nullptr);
  EXPECT_EQ(empty.get()->len, 0U);
  InBuffer some(std::string("a\0b", 3));
  EXPECT_EQ(some.get()->len, 3U);
  EXPECT_EQ(std::memcmp(some.get()->buf, "a\0b", 3), 0);
}

TEST(OutBuffer, WithoutCapacityItIsNull) {
  OutBuffer none(std::nullopt);
  EXPECT_EQ(none.get(), nullptr);
  EXPECT_EQ(none.length(), Json());
  EXPECT_EQ(none.octets(), Json());
}

TEST(OutBuffer, ZeroCapacityIsAPointerToNothing) {
  OutBuffer empty(0);
  ASSERT_NE(empty.get(), nullptr);
  EXPECT_NE(empty.get()->buf, nullptr);
  EXPECT_EQ(empty.length(), Json(0));
  EXPECT_EQ(empty.octets(), Json(""));
}

TEST(OutBuffer, UnwrittenOctetsShow) {
  OutBuffer buffer(3);
  buffer.get()->buf[0] = 'x';
  EXPECT_EQ(buffer.octets(), Json(to_base64("x\xA5\xA5")));
  buffer.get()->len = 1;
  EXPECT_EQ(buffer.length(), Json(1));
  EXPECT_EQ(buffer.octets(), Json(to_base64("x")));
}

TEST(OutBuffer, LengthBeyondTheCapacityIsShownAndOctetsAreCut) {
  OutBuffer buffer(2);
  buffer.get()->len = 4'000'000'000U;
  EXPECT_EQ(buffer.length(), Json(4'000'000'000U));
  EXPECT_EQ(buffer.octets(), Json(to_base64("\xA5\xA5")));
}

TEST(OutBuffer, APointerThatWasReplacedIsNotFollowed) {
  OutBuffer buffer(1);
  buffer.data()[0] = 'x';
  buffer.get()->buf = nullptr;
  EXPECT_EQ(buffer.octets(), Json(to_base64("x")));
}

TEST(ToOctets, NullAndZeroOctetsDiffer) {
  char octets[] = "hi";
  WSABUF buffer{};
  EXPECT_EQ(to_octets(nullptr), Json());
  EXPECT_EQ(to_octets(&buffer), Json());
  buffer.buf = octets;
  EXPECT_EQ(to_octets(&buffer), Json(""));
  buffer.len = 2;
  EXPECT_EQ(to_octets(&buffer), Json("aGk="));
}

TEST(QosToJson, MembersUnderTheirOwnNames) {
  EXPECT_EQ(to_json(static_cast<const QOS*>(nullptr)), Json());
  QOS qos{};
  qos.SendingFlowspec.TokenRate = 1;
  qos.ReceivingFlowspec.MinimumPolicedSize = 4'294'967'295U;
  const Json json = to_json(&qos);
  EXPECT_EQ(json["SendingFlowspec"]["TokenRate"], 1);
  EXPECT_EQ(json["ReceivingFlowspec"]["MinimumPolicedSize"], 4'294'967'295U);
  EXPECT_EQ(json["SendingFlowspec"].size(), 8U);
  EXPECT_EQ(json["ProviderSpecific"], Json());
}

}  // namespace
}  // namespace ws2conform
