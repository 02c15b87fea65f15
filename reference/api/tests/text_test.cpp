#include <cstring>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Names = Winsock;

TEST(Text, OrdersOctets) {
  EXPECT_EQ(htons(0x1234), 0x3412);
  EXPECT_EQ(ntohs(htons(0xabcd)), 0xabcd);
  EXPECT_EQ(htonl(0x12345678), 0x78563412u);
  EXPECT_EQ(ntohl(htonl(0xdeadbeef)), 0xdeadbeefu);
}

TEST(Text, ReadsAndWritesAddresses) {
  EXPECT_EQ(inet_addr("127.0.0.1"), htonl(INADDR_LOOPBACK));
  EXPECT_EQ(inet_addr("0x7f.1"), htonl(INADDR_LOOPBACK));
  EXPECT_EQ(inet_addr("300.1.1.1"), INADDR_NONE);
  EXPECT_EQ(inet_addr(nullptr), INADDR_NONE);
  in_addr address;
  address.s_addr = htonl(0x01020304);
  EXPECT_STREQ(inet_ntoa(address), "1.2.3.4");
  in6_addr six;
  EXPECT_EQ(inet_pton(AF_INET6, "::1", &six), 1);
  EXPECT_EQ(std::memcmp(&six, &in6addr_loopback, sizeof six), 0);
  EXPECT_EQ(inet_pton(AF_INET6, ":::", &six), 0);
  EXPECT_EQ(inet_pton(99, "::1", &six), -1);
  EXPECT_EQ(WSAGetLastError(), WSAEAFNOSUPPORT);
  char text[INET6_ADDRSTRLEN];
  EXPECT_STREQ(inet_ntop(AF_INET6, &six, text, sizeof text), "::1");
  EXPECT_EQ(inet_ntop(AF_INET6, &six, text, 3), nullptr);
  EXPECT_EQ(WSAGetLastError(), WSA_INVALID_PARAMETER);
}

TEST_F(Names, OfAddressesAndServicesAreResolved) {
  addrinfo hints{};
  hints.ai_family = AF_INET6;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* list = nullptr;
  ASSERT_EQ(getaddrinfo("::1", "4711", &hints, &list), 0);
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->ai_family, AF_INET6);
  EXPECT_EQ(list->ai_socktype, SOCK_STREAM);
  ASSERT_EQ(list->ai_addrlen, sizeof(sockaddr_in6));
  const auto* name = reinterpret_cast<const sockaddr_in6*>(list->ai_addr);
  EXPECT_EQ(name->sin6_family, AF_INET6);
  EXPECT_EQ(name->sin6_port, htons(4711));
  freeaddrinfo(list);
  EXPECT_EQ(getaddrinfo("localhost", nullptr, &hints, &list), WSAHOST_NOT_FOUND);
  EXPECT_EQ(WSAGetLastError(), WSAHOST_NOT_FOUND);
  EXPECT_EQ(list, nullptr);
  EXPECT_EQ(getaddrinfo(nullptr, nullptr, &hints, &list), WSAHOST_NOT_FOUND);
  hints.ai_family = 99;
  EXPECT_EQ(getaddrinfo("::1", nullptr, &hints, &list), WSAEAFNOSUPPORT);
  EXPECT_STREQ(gai_strerror(EAI_NONAME), "there is no such host");
}

TEST_F(Names, LocalhostIsHere) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_flags = AI_CANONNAME;
  addrinfo* list = nullptr;
  ASSERT_EQ(getaddrinfo("localhost", nullptr, &hints, &list), 0);
  const auto* name = reinterpret_cast<const sockaddr_in*>(list->ai_addr);
  EXPECT_EQ(name->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
  EXPECT_NE(list->ai_canonname, nullptr);
  freeaddrinfo(list);
}

}  // namespace
}  // namespace ws2
