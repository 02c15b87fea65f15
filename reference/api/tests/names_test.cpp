// Names and addresses as text, narrow and wide, and connecting by them.

#include <sys/time.h>

#include <cstring>
#include <vector>

#include "api/tests/raw_peer.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Wide = std::basic_string<WCHAR>;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return name;
}

class AddressStrings : public Winsock {
 protected:
  static sockaddr_storage parsed(std::string text, int family) {
    sockaddr_storage name{};
    int size = sizeof name;
    EXPECT_EQ(WSAStringToAddressA(text.data(), family, nullptr, reinterpret_cast<sockaddr*>(&name),
                                  &size),
              0)
        << text;
    EXPECT_EQ(size, size_of(name));
    return name;
  }
  static int parse_error(std::string text, int family) {
    sockaddr_storage name{};
    int size = sizeof name;
    const int result = WSAStringToAddressA(text.data(), family, nullptr,
                                           reinterpret_cast<sockaddr*>(&name), &size);
    return result == 0 ? 0 : WSAGetLastError();
  }
  static std::string written(sockaddr_storage name) {
    char text[100];
    DWORD room = sizeof text;
    EXPECT_EQ(WSAAddressToStringA(reinterpret_cast<sockaddr*>(&name),
                                  static_cast<DWORD>(size_of(name)), nullptr, text, &room),
              0);
    EXPECT_EQ(room, std::strlen(text) + 1);
    return text;
  }
};

TEST_F(AddressStrings, GoBothWays) {
  for (const char* text : {"127.0.0.1", "192.0.2.7:80", "0.0.0.0:65535"}) {
    EXPECT_EQ(written(parsed(text, AF_INET)), text);
  }
  for (const char* text :
       {"::1", "[::1]:80", "2001:db8::1", "fe80::1%3", "[fe80::1%3]:8080", "::"}) {
    EXPECT_EQ(written(parsed(text, AF_INET6)), text);
  }
  EXPECT_EQ(written(parsed("[::1]", AF_INET6)), "::1");
  const sockaddr_storage name = parsed("[fe80::1%3]:8080", AF_INET6);
  EXPECT_EQ(reinterpret_cast<const sockaddr_in6&>(name).sin6_scope_id, 3u);
  EXPECT_EQ(reinterpret_cast<const sockaddr_in6&>(name).sin6_port, htons(8080));
}

TEST_F(AddressStrings, ThatAreNone) {
  for (const char* text : {"", "localhost", "1.2.3", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:8x",
                           "1.2.3.4:80:80", "::1", "1.2.3.4 "}) {
    EXPECT_EQ(parse_error(text, AF_INET), WSAEINVAL) << text;
  }
  for (const char* text :
       {"", "1.2.3.4", "[::1", "[::1]80", "[::1]:", "::1%", "::1%x", "::1]:80"}) {
    EXPECT_EQ(parse_error(text, AF_INET6), WSAEINVAL) << text;
  }
  EXPECT_EQ(parse_error("1.2.3.4", 99), WSAEINVAL);
}

TEST_F(AddressStrings, NeedRoom) {
  char text[] = "127.0.0.1:80";
  sockaddr_in name{};
  auto* address = reinterpret_cast<sockaddr*>(&name);
  int size = sizeof name - 1;
  EXPECT_EQ(WSAStringToAddressA(text, AF_INET, nullptr, address, &size), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_EQ(size, static_cast<int>(sizeof name));
  EXPECT_EQ(WSAStringToAddressA(text, AF_INET, nullptr, address, &size), 0);
  EXPECT_EQ(WSAStringToAddressA(text, AF_INET, nullptr, nullptr, &size), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  char room[sizeof text];
  DWORD length = sizeof text - 1;
  EXPECT_EQ(WSAAddressToStringA(address, sizeof name, nullptr, room, &length), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_EQ(length, sizeof text);
  EXPECT_EQ(WSAAddressToStringA(address, sizeof name, nullptr, room, &length), 0);
  EXPECT_STREQ(room, text);
  EXPECT_EQ(WSAAddressToStringA(address, sizeof name - 1, nullptr, room, &length), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  name.sin_family = 99;
  EXPECT_EQ(WSAAddressToStringA(address, sizeof name, nullptr, room, &length), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
}

TEST_F(AddressStrings, AreWideToo) {
  WCHAR text[] = u"[::1]:80";
  sockaddr_in6 name{};
  int size = sizeof name;
  auto* address = reinterpret_cast<sockaddr*>(&name);
  ASSERT_EQ(WSAStringToAddressW(text, AF_INET6, nullptr, address, &size), 0);
  WCHAR room[20];
  DWORD length = 20;
  ASSERT_EQ(WSAAddressToStringW(address, sizeof name, nullptr, room, &length), 0);
  EXPECT_EQ(Wide(room), Wide(text));
  EXPECT_EQ(length, Wide(text).size() + 1);
  WCHAR half_a_pair[] = {0xd800, '1', 0};
  EXPECT_EQ(WSAStringToAddressW(half_a_pair, AF_INET6, nullptr, address, &size), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
}

class WideNames : public Winsock {};

TEST_F(WideNames, AreResolved) {
  ADDRINFOW hints{};
  hints.ai_flags = AI_CANONNAME;
  hints.ai_family = AF_INET;
  PADDRINFOW list = nullptr;
  ASSERT_EQ(GetAddrInfoW(u"localhost", u"80", &hints, &list), 0);
  EXPECT_EQ(Wide(list->ai_canonname), u"localhost");
  const sockaddr_in expected = loopback(80);
  EXPECT_EQ(std::memcmp(list->ai_addr, &expected, sizeof expected), 0);
  FreeAddrInfoW(list);
  hints.ai_flags = AI_NUMERICHOST;
  EXPECT_EQ(GetAddrInfoW(u"localhost", u"80", &hints, &list), WSAHOST_NOT_FOUND);
  EXPECT_EQ(WSAGetLastError(), WSAHOST_NOT_FOUND);
  EXPECT_EQ(list, nullptr);
  const WCHAR half_a_pair[] = {0xdc00, 0};
  EXPECT_EQ(GetAddrInfoW(half_a_pair, nullptr, nullptr, &list), WSAHOST_NOT_FOUND);
  EXPECT_EQ(GetAddrInfoW(nullptr, nullptr, nullptr, &list), WSAHOST_NOT_FOUND);
  EXPECT_EQ(GetAddrInfoW(u"::1", u"no such service", nullptr, &list), WSATYPE_NOT_FOUND);
  hints.ai_flags = 0x40000000;
  EXPECT_EQ(GetAddrInfoW(u"::1", nullptr, &hints, &list), WSAEINVAL);
}

TEST_F(WideNames, OfProvidersAndSockets) {
  DWORD size = 0;
  EXPECT_EQ(WSAEnumProtocolsW(nullptr, nullptr, &size), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOBUFS);
  std::vector<WSAPROTOCOL_INFOW> entries(size / sizeof(WSAPROTOCOL_INFOW));
  ASSERT_EQ(WSAEnumProtocolsW(nullptr, entries.data(), &size), static_cast<int>(entries.size()));
  ASSERT_FALSE(entries.empty());
  for (WSAPROTOCOL_INFOW& entry : entries) {
    const SOCKET s = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &entry,
                                0, WSA_FLAG_OVERLAPPED);
    ASSERT_NE(s, INVALID_SOCKET);
    WSAPROTOCOL_INFOW own;
    int room = sizeof own;
    ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, reinterpret_cast<char*>(&own), &room),
              0);
    EXPECT_EQ(std::memcmp(&own, &entry, sizeof own), 0);
    WSAPROTOCOL_INFOA narrow;
    room = sizeof narrow;
    ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOA, reinterpret_cast<char*>(&narrow), &room),
              0);
    const std::string name = narrow.szProtocol;
    EXPECT_EQ(Wide(own.szProtocol), Wide(name.begin(), name.end()));
    EXPECT_EQ(narrow.dwCatalogEntryId, own.dwCatalogEntryId);
  }
  EXPECT_NE(WSASocketW(AF_INET, SOCK_STREAM, 0, nullptr, 0, 0), INVALID_SOCKET);
}

class NodeNames : public Winsock {
 protected:
  static constexpr int kNumeric = NI_NUMERICHOST | NI_NUMERICSERV;
  sockaddr_in name_ = loopback(4711);
  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&name_); }
};

TEST_F(NodeNames, AreFound) {
  char host[NI_MAXHOST];
  char service[NI_MAXSERV];
  ASSERT_EQ(
      getnameinfo(address(), sizeof name_, host, sizeof host, service, sizeof service, kNumeric),
      0);
  EXPECT_STREQ(host, "127.0.0.1");
  EXPECT_STREQ(service, "4711");
  WCHAR wide[NI_MAXHOST];
  ASSERT_EQ(GetNameInfoW(address(), sizeof name_, wide, NI_MAXHOST, nullptr, 0, kNumeric), 0);
  EXPECT_EQ(Wide(wide), u"127.0.0.1");
}

TEST_F(NodeNames, CheckTheirArguments) {
  char host[NI_MAXHOST];
  const auto error_of = [&](const sockaddr* name, int size, DWORD room, int flags) {
    return getnameinfo(name, size, host, room, nullptr, 0, flags);
  };
  EXPECT_EQ(error_of(nullptr, sizeof name_, sizeof host, 0), WSAEFAULT);
  EXPECT_EQ(error_of(address(), sizeof name_ - 1, sizeof host, 0), WSAEFAULT);
  EXPECT_EQ(error_of(address(), sizeof name_, 9, kNumeric), 122);
  EXPECT_EQ(error_of(address(), sizeof name_, 10, kNumeric), 0);
  EXPECT_EQ(error_of(address(), sizeof name_, 0, kNumeric), WSAHOST_NOT_FOUND);
  EXPECT_EQ(error_of(address(), sizeof name_, sizeof host, 0x1000), WSAEINVAL);
  EXPECT_EQ(error_of(address(), sizeof name_, sizeof host, NI_NUMERICHOST | NI_NAMEREQD),
            WSAHOST_NOT_FOUND);
  name_.sin_family = 99;
  EXPECT_EQ(error_of(address(), sizeof name_, sizeof host, 0), WSAEAFNOSUPPORT);
  EXPECT_EQ(WSAGetLastError(), WSAEAFNOSUPPORT);
}

class ConnectBy : public EachProvider {
 protected:
  static std::string port_of(SOCKET s) {
    const sockaddr_storage name = name_of(s);
    return std::to_string(ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port));
  }
  /// 0 or the error.
  static int by_name(SOCKET s, const char* node, const std::string& service) {
    const BOOL done = WSAConnectByNameA(s, node, service.c_str(), nullptr, nullptr, nullptr,
                                        nullptr, nullptr, nullptr);
    return done ? 0 : WSAGetLastError();
  }
  /// With what else there may be.
  static int by_list(SOCKET s, const std::vector<sockaddr_storage>& names,
                     const timeval* timeout = nullptr) {
    // The list has its entries behind each other.
    std::vector<char> room(sizeof(SOCKET_ADDRESS_LIST) + names.size() * sizeof(SOCKET_ADDRESS));
    auto& list = *reinterpret_cast<SOCKET_ADDRESS_LIST*>(room.data());
    list.iAddressCount = static_cast<INT>(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      list.Address[i] = {reinterpret_cast<sockaddr*>(const_cast<sockaddr_storage*>(&names[i])),
                         size_of(names[i])};
    }
    const BOOL done =
        WSAConnectByList(s, &list, nullptr, nullptr, nullptr, nullptr, timeout, nullptr);
    return done ? 0 : WSAGetLastError();
  }
  /// Where nobody listens.
  sockaddr_storage closed_name() {
    const SOCKET s = open_listener();
    const sockaddr_storage name = name_of(s);
    EXPECT_EQ(closesocket(s), 0);
    return name;
  }
};

TEST_P(ConnectBy, Name) {
  const SOCKET listener = open_listener();
  const SOCKET client = open();
  SOCKET server = INVALID_SOCKET;
  std::thread accepting([&] { server = accept(listener, nullptr, nullptr); });
  sockaddr_in local{};
  sockaddr_in remote{};
  DWORD local_size = sizeof local;
  DWORD remote_size = sizeof remote;
  const timeval patience{10, 0};
  EXPECT_TRUE(WSAConnectByNameA(client, "localhost", port_of(listener).c_str(), &local_size,
                                reinterpret_cast<sockaddr*>(&local), &remote_size,
                                reinterpret_cast<sockaddr*>(&remote), &patience, nullptr))
      << WSAGetLastError();
  accepting.join();
  const sockaddr_storage client_name = name_of(client);
  const sockaddr_storage listener_name = name_of(listener);
  EXPECT_EQ(std::memcmp(&local, &client_name, sizeof local), 0);
  EXPECT_EQ(std::memcmp(&remote, &listener_name, sizeof remote), 0);
  EXPECT_EQ(send_text(client, "x"), 1);
  EXPECT_EQ(receive_text(server), "x");
}

TEST_P(ConnectBy, WideName) {
  const SOCKET listener = open_listener();
  const SOCKET client = open();
  std::thread accepting([&] { (void)accept(listener, nullptr, nullptr); });
  WCHAR node[] = u"127.0.0.1";
  const std::string port = port_of(listener);
  Wide service(port.begin(), port.end());
  EXPECT_TRUE(WSAConnectByNameW(client, node, service.data(), nullptr, nullptr, nullptr, nullptr,
                                nullptr, nullptr));
  accepting.join();
}

TEST_P(ConnectBy, NamesThatLeadNowhere) {
  const SOCKET s = open();
  EXPECT_EQ(by_name(s, "127.0.0.1", "no such service"), WSATYPE_NOT_FOUND);
  EXPECT_EQ(by_name(s, nullptr, "80"), WSAEINVAL);
  EXPECT_EQ(by_name(12'345, "127.0.0.1", "80"), WSAENOTSOCK);
  const sockaddr_storage closed = closed_name();
  const auto port = ntohs(reinterpret_cast<const sockaddr_in&>(closed).sin_port);
  EXPECT_EQ(by_name(s, "127.0.0.1", std::to_string(port)), WSAECONNREFUSED);
}

// The first that answers: and the socket is the same all the time.
TEST_P(ConnectBy, List) {
  const SOCKET listener = open_listener();
  const SOCKET client = open();
  SOCKET server = INVALID_SOCKET;
  std::thread accepting([&] { server = accept(listener, nullptr, nullptr); });
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(9);
  six.sin6_addr = in6addr_loopback;
  sockaddr_storage unusable{};
  std::memcpy(&unusable, &six, sizeof six);
  EXPECT_EQ(by_list(client, {unusable, closed_name(), name_of(listener)}), 0);
  accepting.join();
  EXPECT_EQ(send_text(client, "x"), 1);
  EXPECT_EQ(receive_text(server), "x");
  EXPECT_EQ(by_list(client, {name_of(listener)}), WSAEISCONN);
  EXPECT_EQ(by_list(open(), {unusable}), WSAEHOSTUNREACH);
  EXPECT_EQ(by_list(open(), {closed_name()}), WSAECONNREFUSED);
  EXPECT_EQ(by_list(open(), {}), WSAEINVAL);
}

// Over all addresses together. The listener answers nobody.
TEST_P(ConnectBy, ATimeOutWithdrawsTheRequest) {
  if (!has_user_data()) GTEST_SKIP() << "the system connects bare TCP at once";
  const SOCKET listener = open_listener();
  const timeval patience{0, 20'000};
  const SOCKET client = open();
  EXPECT_EQ(by_list(client, {name_of(listener), name_of(listener)}, &patience), WSAETIMEDOUT);
  // The socket is free again. Until its withdrawal has arrived the first request can be accepted,
  // and is then found to be gone.
  std::thread accepting([&] {
    char octet = 0;
    while (octet != 'x') {
      const SOCKET server = accept(listener, nullptr, nullptr);
      if (server == INVALID_SOCKET || recv(server, &octet, 1, 0) == 1) continue;
      EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
    }
  });
  EXPECT_EQ(by_list(client, {name_of(listener)}), 0);
  EXPECT_EQ(send_text(client, "x"), 1);
  accepting.join();
}

INSTANTIATE_TEST_SUITE_P(Providers, ConnectBy, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
