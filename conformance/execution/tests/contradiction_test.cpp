#include "conformance/execution/contradiction.hpp"

#include <gtest/gtest.h>

#include "conformance/case/octets.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

std::string received(const json& returns, const json& data, const json& length = 10) {
  return contradiction({{"op", "recv"}, {"length", length}},
                       {{"returns", returns}, {"data", data}});
}

TEST(Contradiction, AReceiveHasAsManyOctetsAsItReturns) {
  EXPECT_EQ(received(3, to_base64("abc")), "");
  EXPECT_EQ(received(0, ""), "");
  EXPECT_EQ(received(4, to_base64("abc")), "returns is 4, data has 3 octets");
  EXPECT_EQ(received(2, to_base64("abc")), "returns is 2, data has 3 octets");
  EXPECT_EQ(received(-1, to_base64("abc")), "returns is -1, data has 3 octets");
}

TEST(Contradiction, NobodyReceivesMoreThanItOffered) {
  EXPECT_EQ(received(10, to_base64("0123456789")), "");
  EXPECT_EQ(received(11, to_base64("0123456789a")), "data has 11 octets, 10 were offered");
}

TEST(Contradiction, DisconnectDataIsCutAtWhatWasOfferedAndItsLengthIsNot) {
  const json request = {{"op", "WSARecvDisconnect"}, {"capacity", 4}};
  const auto with = [&](const json& len, const std::string& data) {
    return contradiction(request, {{"returns", 0}, {"len", len}, {"data", to_base64(data)}});
  };
  EXPECT_EQ(with(3, "abc"), "");
  EXPECT_EQ(with(9, "abcd"), "");
  EXPECT_EQ(with(9, "abc"), "len is 9, data has 3 octets");
  EXPECT_EQ(with(2, "abc"), "len is 2, data has 3 octets");
  EXPECT_EQ(with(9, "abcde"), "data has 5 octets, 4 were offered");
}

TEST(Contradiction, CalleeDataLikewiseAndBesideAnErrorToo) {
  const json request = {{"op", "WSAConnect"}, {"callee_capacity", 4}};
  const json reply = {
      {"error", "WSAECONNREFUSED"}, {"callee_len", 9}, {"callee_data", to_base64("a")}};
  EXPECT_EQ(contradiction(request, reply), "callee_len is 9, callee_data has 1 octets");
}

TEST(Contradiction, WhatWasTouchedIsAListBesideAnError) {
  const json request = {{"op", "closesocket"}};
  EXPECT_EQ(contradiction(request, {{"error", "WSAENOTSOCK"}, {"touched", {"data"}}}), "");
  EXPECT_EQ(contradiction(request, {{"error", "WSAENOTSOCK"}, {"touched", "data"}}),
            "touched is no list of names");
  EXPECT_EQ(contradiction(request, {{"error", "WSAENOTSOCK"}, {"touched", {1}}}),
            "touched is no list of names");
  EXPECT_EQ(contradiction(request, {{"returns", 0}, {"touched", json::array()}}),
            "touched tells of a call that failed, and it did not");
}

TEST(Contradiction, WhatIsNotThereContradictsNothing) {
  EXPECT_EQ(contradiction({{"op", "send"}}, {{"returns", 5}, {"data", "YWJj"}}), "");
  EXPECT_EQ(contradiction({{"op", "recv"}}, {{"error", "WSAECONNRESET"}}), "");
  EXPECT_EQ(received(3, nullptr), "");
  EXPECT_EQ(received("3", to_base64("a")), "");
  EXPECT_EQ(received(3, "not base64"), "") << "told elsewhere";
}

}  // namespace
}  // namespace ws2conform
