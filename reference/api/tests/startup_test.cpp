#include <winsock2.h>
// After winsock2.h.
#include <gtest/gtest.h>
#include <ws2tcpip.h>

#include <thread>

namespace ws2 {
namespace {

TEST(Startup, RefusesVersionZeroAndNull) {
  WSADATA data;
  EXPECT_EQ(WSAStartup(MAKEWORD(0, 9), &data), WSAVERNOTSUPPORTED);
  EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), nullptr), WSAEFAULT);
  EXPECT_EQ(WSACleanup(), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSANOTINITIALISED);
}

TEST(Startup, AnswersWithTheLowerOfTheVersions) {
  for (const auto& [asked, got] :
       {std::pair(MAKEWORD(1, 0), MAKEWORD(1, 0)), std::pair(MAKEWORD(1, 1), MAKEWORD(1, 1)),
        std::pair(MAKEWORD(2, 0), MAKEWORD(2, 0)), std::pair(MAKEWORD(3, 1), MAKEWORD(2, 2))}) {
    WSADATA data;
    ASSERT_EQ(WSAStartup(asked, &data), 0);
    EXPECT_EQ(data.wVersion, got);
    EXPECT_EQ(data.wHighVersion, MAKEWORD(2, 2));
    EXPECT_EQ(WSACleanup(), 0);
  }
}

// ERR-01.
TEST(Startup, EverythingNeedsIt) {
  const auto expect_not_initialised = [](bool failed, const char* what) {
    EXPECT_TRUE(failed) << what;
    EXPECT_EQ(WSAGetLastError(), WSANOTINITIALISED) << what;
    WSASetLastError(0);
  };
  sockaddr_in name{};
  int size = sizeof name;
  char octet = 0;
  u_long argument = 0;
  DWORD count = 0;
  DWORD flags = 0;
  WSABUF buffer{1, &octet};
  WSANETWORKEVENTS events;
  auto* address = reinterpret_cast<sockaddr*>(&name);
  expect_not_initialised(socket(AF_INET, SOCK_STREAM, 0) == INVALID_SOCKET, "socket");
  expect_not_initialised(bind(4, address, size) != 0, "bind");
  expect_not_initialised(listen(4, 1) != 0, "listen");
  expect_not_initialised(connect(4, address, size) != 0, "connect");
  expect_not_initialised(accept(4, nullptr, nullptr) == INVALID_SOCKET, "accept");
  expect_not_initialised(send(4, &octet, 1, 0) != 0, "send");
  expect_not_initialised(recv(4, &octet, 1, 0) != 0, "recv");
  expect_not_initialised(WSASend(4, &buffer, 1, &count, 0, nullptr, nullptr) != 0, "WSASend");
  expect_not_initialised(WSARecv(4, &buffer, 1, &count, &flags, nullptr, nullptr) != 0, "WSARecv");
  expect_not_initialised(shutdown(4, SD_SEND) != 0, "shutdown");
  expect_not_initialised(WSASendDisconnect(4, nullptr) != 0, "WSASendDisconnect");
  expect_not_initialised(WSARecvDisconnect(4, nullptr) != 0, "WSARecvDisconnect");
  expect_not_initialised(closesocket(4) != 0, "closesocket");
  expect_not_initialised(getsockname(4, address, &size) != 0, "getsockname");
  expect_not_initialised(getpeername(4, address, &size) != 0, "getpeername");
  expect_not_initialised(ioctlsocket(4, FIONREAD, &argument) != 0, "ioctlsocket");
  expect_not_initialised(WSAEventSelect(4, nullptr, 0) != 0, "WSAEventSelect");
  expect_not_initialised(WSAEnumNetworkEvents(4, nullptr, &events) != 0, "WSAEnumNetworkEvents");
  expect_not_initialised(WSACreateEvent() == WSA_INVALID_EVENT, "WSACreateEvent");
  expect_not_initialised(WSAEnumProtocols(nullptr, nullptr, &count) != 0, "WSAEnumProtocols");
  addrinfo* list = nullptr;
  EXPECT_EQ(getaddrinfo("127.0.0.1", nullptr, nullptr, &list), WSANOTINITIALISED);
}

TEST(Startup, CountsAndClosesWhatIsLeftOpen) {
  WSADATA data;
  ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  const SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_NE(s, INVALID_SOCKET);
  EXPECT_EQ(WSACleanup(), 0);
  EXPECT_EQ(listen(s, 1), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_EQ(WSACleanup(), 0);
  ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  EXPECT_EQ(closesocket(s), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
  EXPECT_EQ(WSACleanup(), 0);
}

TEST(LastError, BelongsToTheThread) {
  WSASetLastError(WSAEINTR);
  int other = -1;
  std::thread([&other] {
    WSASetLastError(WSAEFAULT);
    other = WSAGetLastError();
  }).join();
  EXPECT_EQ(other, WSAEFAULT);
  EXPECT_EQ(WSAGetLastError(), WSAEINTR);
}

}  // namespace
}  // namespace ws2
