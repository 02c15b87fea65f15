#include "providers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace ws2conform {
namespace {

std::string complaint(const std::string& claim) {
  try {
    Claim::parse(claim);
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "none";
}

TEST(Claim, LimitsAndCapabilities) {
  const Claim claim = Claim::parse("stream:caller_data_max=512,disconnect_data_max=0,events");
  EXPECT_EQ(claim.provider, "stream");
  EXPECT_EQ(claim.limits, Json({{"caller_data_max", 512}, {"disconnect_data_max", 0}}));
  EXPECT_EQ(claim.capabilities, Json({"events"}));
}

TEST(Claim, ProvidersNamedInTheMannerOfWindows) {
  EXPECT_EQ(Claim::parse("msafdtcpip[tcp/ip]:events").provider, "msafdtcpip[tcp/ip]");
}

TEST(Claim, WhatIsWrongIsSaid) {
  EXPECT_EQ(complaint("events"), "\"events\" does not start with a provider and a colon");
  EXPECT_EQ(complaint(":events"), "\":events\" does not start with a provider and a colon");
  EXPECT_EQ(complaint("tcp:"),
            "\"\" is no capability; there are conditional-accept, delayed-accept, events, "
            "half-close, overlapped, relayable, connection-timeout, keep-alive");
  EXPECT_EQ(complaint("tcp:events,"),
            "\"\" is no capability; there are conditional-accept, delayed-accept, events, "
            "half-close, overlapped, relayable, connection-timeout, keep-alive");
  EXPECT_EQ(complaint("tcp:reply=1"),
            "\"reply\" is no limit; there are caller_data_max, callee_data_max, "
            "disconnect_data_max, disconnect_reply_max");
  EXPECT_EQ(complaint("tcp:caller_data_max="), "\"caller_data_max=\" needs a number of octets");
  EXPECT_EQ(complaint("tcp:caller_data_max=-1"), "\"caller_data_max=-1\" needs a number of octets");
  EXPECT_EQ(complaint("tcp:caller_data_max=99999999999"),
            "\"caller_data_max=99999999999\" needs a number of octets");
}

TEST(Rename, OldAndNewName) {
  EXPECT_EQ(parse_rename("tcp/ip=tcp"), std::pair(std::string("tcp/ip"), std::string("tcp")));
  EXPECT_THROW(parse_rename("tcp"), std::invalid_argument);
  EXPECT_THROW(parse_rename("=tcp"), std::invalid_argument);
  EXPECT_THROW(parse_rename("tcp="), std::invalid_argument);
}

// The build's own Winsock, the reference, lists them.
TEST(Rename, ClaimsUseTheNewName) {
  WSADATA data{};
  ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  const auto find = [](const std::vector<Provider>& all, const std::string& name) {
    return std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == name; });
  };
  const auto providers = list_providers({Claim::parse("stream-2:events")}, {{"tcp", "stream-2"}});
  EXPECT_EQ(find(providers, "tcp"), providers.end());
  ASSERT_NE(find(providers, "stream-2"), providers.end());
  EXPECT_EQ(find(providers, "stream-2")->claim.capabilities, Json({"events"}));
  EXPECT_THROW(list_providers({Claim::parse("tcp:events")}, {{"tcp", "other"}}),
               std::invalid_argument);
  EXPECT_THROW(list_providers({}, {{"tpc", "other"}}), std::invalid_argument);
  WSACleanup();
}

Provider tcp(int family) {
  WSAPROTOCOL_INFOA entry{};
  entry.iAddressFamily = family;
  entry.iSocketType = SOCK_STREAM;
  entry.dwServiceFlags1 = XP1_GUARANTEED_ORDER;
  return {"tcp", {entry}, {}};
}

TEST(Provider, OfOneFamily) {
  Provider provider = tcp(AF_INET6);
  EXPECT_EQ(provider.entry(AF_INET), nullptr);
  EXPECT_EQ(provider.entry(AF_INET6), &provider.entries.front());
  EXPECT_EQ(provider.to_json()["families"], Json({"AF_INET6"}));
}

TEST(Provider, OfAnyFamily) {
  Provider provider = tcp(AF_UNSPEC);
  EXPECT_EQ(provider.entry(AF_INET), &provider.entries.front());
  EXPECT_EQ(provider.to_json()["families"], Json({"AF_INET", "AF_INET6"}));
}

TEST(Provider, ClaimsNothingOnItsOwn) {
  EXPECT_EQ(tcp(AF_INET).to_json(), Json({{"name", "tcp"},
                                          {"type", "SOCK_STREAM"},
                                          {"flags", {"XP1_GUARANTEED_ORDER"}},
                                          {"families", {"AF_INET"}},
                                          {"capabilities", Json::array()}}));
}

}  // namespace
}  // namespace ws2conform
