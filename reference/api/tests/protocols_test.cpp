#include <set>
#include <vector>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Protocols = Winsock;

std::vector<WSAPROTOCOL_INFO> all_entries(int* wanted = nullptr) {
  DWORD size = 0;
  EXPECT_EQ(WSAEnumProtocols(wanted, nullptr, &size), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOBUFS);
  std::vector<WSAPROTOCOL_INFO> entries(size / sizeof(WSAPROTOCOL_INFO));
  const int count = WSAEnumProtocols(wanted, entries.data(), &size);
  EXPECT_EQ(static_cast<std::size_t>(count), entries.size());
  return entries;
}

TEST_F(Protocols, ListsEachProviderInBothFamilies) {
  std::set<std::pair<std::string, int>> names;
  std::set<DWORD> ids;
  for (const auto& entry : all_entries()) {
    names.emplace(entry.szProtocol, entry.iAddressFamily);
    ids.insert(entry.dwCatalogEntryId);
    EXPECT_EQ(entry.ProtocolChain.ChainLen, BASE_PROTOCOL);
    EXPECT_EQ(entry.dwServiceFlags1 & XP1_CONNECTIONLESS, 0u);
  }
  EXPECT_EQ(names.size(), ids.size());
  EXPECT_EQ(names.size(), 2 * std::size(kProviders));
  for (const int family : {AF_INET, AF_INET6}) {
    for (const char* name : kProviders) EXPECT_EQ(names.count({name, family}), 1u) << name;
  }
}

// FLAG-01, FLAG-02: the flags' values and who claims what.
TEST_F(Protocols, ClaimsUserDataWhereItIsCarried) {
  for (const auto& entry : all_entries()) {
    const std::string name = entry.szProtocol;
    const DWORD user_data = entry.dwServiceFlags1 & 0x180u;
    EXPECT_EQ(user_data, name == "tcp" ? 0u : 0x180u) << name;
    EXPECT_EQ(entry.dwServiceFlags1 & 0x26u, name == "tp4" ? 0x06u : 0x26u) << name;
  }
}

TEST_F(Protocols, AreFilteredByProtocol) {
  int wanted[] = {IPPROTO_TCP, 0};
  const auto entries = all_entries(wanted);
  ASSERT_EQ(entries.size(), 2u);
  for (const auto& entry : entries) EXPECT_STREQ(entry.szProtocol, "tcp");
}

TEST_F(Protocols, HaveNumbersOfTheirOwn) {
  std::set<std::pair<int, int>> numbers;
  for (const auto& entry : all_entries()) {
    EXPECT_TRUE(numbers.emplace(entry.iAddressFamily, entry.iProtocol).second) << entry.szProtocol;
    const SOCKET s = socket(entry.iAddressFamily, entry.iSocketType, entry.iProtocol);
    WSAPROTOCOL_INFO own{};
    int size = sizeof own;
    ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFO, reinterpret_cast<char*>(&own), &size), 0);
    EXPECT_STREQ(own.szProtocol, entry.szProtocol);
  }
}

// FLAG-08.
TEST_F(Protocols, ASocketTellsItsOwnEntry) {
  for (const auto& entry : all_entries()) {
    WSAPROTOCOL_INFO given = entry;
    const SOCKET s = WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &given,
                               0, WSA_FLAG_OVERLAPPED);
    ASSERT_NE(s, INVALID_SOCKET);
    WSAPROTOCOL_INFO own;
    int size = sizeof own;
    ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFO, reinterpret_cast<char*>(&own), &size), 0);
    EXPECT_EQ(own.dwCatalogEntryId, entry.dwCatalogEntryId);
    EXPECT_EQ(own.dwServiceFlags1, entry.dwServiceFlags1);
  }
}

TEST_F(Protocols, SocketChoosesTheFirstThatFits) {
  const auto name_of_choice = [](int type, int protocol) {
    const SOCKET s = socket(AF_INET, type, protocol);
    WSAPROTOCOL_INFO own{};
    int size = sizeof own;
    EXPECT_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFO, reinterpret_cast<char*>(&own), &size), 0);
    return std::string(own.szProtocol);
  };
  EXPECT_EQ(name_of_choice(SOCK_STREAM, 0), "stream");
  EXPECT_EQ(name_of_choice(SOCK_STREAM, IPPROTO_TCP), "tcp");
  EXPECT_EQ(name_of_choice(SOCK_SEQPACKET, 0), "message");
}

TEST_F(Protocols, SocketRefusesWhatNobodyHas) {
  const auto error_of = [](int family, int type, int protocol) {
    EXPECT_EQ(socket(family, type, protocol), INVALID_SOCKET);
    return WSAGetLastError();
  };
  EXPECT_EQ(error_of(99, SOCK_STREAM, 0), WSAEAFNOSUPPORT);
  EXPECT_EQ(error_of(AF_INET, SOCK_RAW, 0), WSAESOCKTNOSUPPORT);
  EXPECT_EQ(error_of(AF_INET, SOCK_STREAM, 99), WSAEPROTONOSUPPORT);
  EXPECT_EQ(error_of(AF_INET, SOCK_DGRAM, IPPROTO_TCP), WSAEPROTOTYPE);
  EXPECT_EQ(error_of(AF_INET, SOCK_SEQPACKET, IPPROTO_TCP), WSAEPROTOTYPE);
  EXPECT_EQ(error_of(AF_INET6, SOCK_SEQPACKET, 99), WSAEPROTONOSUPPORT);
}

}  // namespace
}  // namespace ws2
