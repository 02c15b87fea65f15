#include <cstring>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Connect = Winsock;

std::string every_octet(std::size_t size) {
  std::string octets(size, '\0');
  for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<char>(i);
  return octets;
}

// UDATA-05, UDATA-24: the limit itself arrives intact, with every value of an octet.
TEST_F(Connect, CarriesDataBothWaysUpToTheLimit) {
  const SOCKET listener = open_listener("stream");
  Condition condition;
  condition.callee_data = every_octet(512);
  std::thread accepting([&] { EXPECT_NE(condition.accept(listener), INVALID_SOCKET); });
  const SOCKET s = open("stream");
  std::string callee;
  EXPECT_EQ(connect_to(s, listener, every_octet(512), &callee), 0) << WSAGetLastError();
  accepting.join();
  EXPECT_EQ(condition.caller_data, every_octet(512));
  EXPECT_EQ(callee, every_octet(512));
}

TEST_F(Connect, RefusesTooMuchCallerDataAndStaysUsable) {
  const SOCKET listener = open_listener("stream");
  const SOCKET s = open("stream");
  EXPECT_EQ(connect_to(s, listener, std::string(513, 'x')), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  set_nonblocking(listener);
  EXPECT_EQ(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  u_long off = 0;
  ASSERT_EQ(ioctlsocket(listener, FIONBIO, &off), 0);
  std::thread accepting([&] { EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET); });
  EXPECT_EQ(connect_to(s, listener), 0);
  accepting.join();
}

// UDATA-06, UDATA-22.
TEST_F(Connect, TcpCarriesNone) {
  const SOCKET listener = open_listener("tcp");
  const SOCKET s = open("tcp");
  EXPECT_EQ(connect_to(s, listener, "data"), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEPROTONOSUPPORT);
  std::string callee = "x";
  EXPECT_EQ(connect_to(s, listener, std::nullopt, &callee), 0);
  EXPECT_EQ(callee, "");
}

// UDATA-08, UDATA-23.
TEST_F(Connect, PlainAcceptAnswersWithNothing) {
  const SOCKET listener = open_listener("stream");
  std::thread accepting([&] { EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET); });
  std::string callee = "x";
  EXPECT_EQ(connect_to(open("stream"), listener, "data", &callee), 0);
  accepting.join();
  EXPECT_EQ(callee, "");
}

// UDATA-13, UDATA-14 as the reference chooses: not connected.
TEST_F(Connect, FailsWhenTheCalleeDataDoesNotFit) {
  const SOCKET listener = open_listener("stream");
  Condition condition;
  condition.callee_data = "four";
  std::thread accepting([&] { condition.accept(listener); });
  const SOCKET s = open("stream");
  std::string callee;
  EXPECT_EQ(connect_to(s, listener, std::nullopt, &callee, 3), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  accepting.join();
  sockaddr_in name;
  int size = sizeof name;
  EXPECT_EQ(getpeername(s, reinterpret_cast<sockaddr*>(&name), &size), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOTCONN);
}

TEST_F(Connect, ChecksItsArguments) {
  const SOCKET listener = open_listener("stream");
  const sockaddr_storage name = name_of(listener);
  const auto* address = reinterpret_cast<const sockaddr*>(&name);
  const SOCKET s = open("stream");
  const auto error_of = [&](const sockaddr* to, int size, LPWSABUF caller, LPQOS sqos, LPQOS gqos) {
    EXPECT_EQ(WSAConnect(s, to, size, caller, nullptr, sqos, gqos), SOCKET_ERROR);
    return WSAGetLastError();
  };
  WSABUF bad{4, nullptr};
  QOS qos{};
  sockaddr_in wildcard{};
  wildcard.sin_family = AF_INET;
  wildcard.sin_port = htons(80);
  EXPECT_EQ(error_of(nullptr, sizeof(sockaddr_in), nullptr, nullptr, nullptr), WSAEFAULT);
  EXPECT_EQ(error_of(address, sizeof(sockaddr_in) - 1, nullptr, nullptr, nullptr), WSAEFAULT);
  EXPECT_EQ(error_of(address, sizeof(sockaddr_in), &bad, nullptr, nullptr), WSAEFAULT);
  EXPECT_EQ(error_of(address, sizeof(sockaddr_in), nullptr, nullptr, &qos), WSAEINVAL);
  EXPECT_EQ(
      error_of(reinterpret_cast<sockaddr*>(&wildcard), sizeof wildcard, nullptr, nullptr, nullptr),
      WSAEADDRNOTAVAIL);
  const SOCKET other = open("stream", AF_INET6);
  EXPECT_EQ(connect(other, address, sizeof(sockaddr_in6)), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEAFNOSUPPORT);
  EXPECT_EQ(connect_to(listener, listener), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
}

using ConnectEach = EachProvider;

// CONN-12: the same socket, once somebody listens.
TEST_P(ConnectEach, MayBeTriedAgainAfterARefusal) {
  const SOCKET placeholder = open_listener();
  const sockaddr_storage name = name_of(placeholder);
  ASSERT_EQ(closesocket(placeholder), 0);
  const SOCKET s = open();
  EXPECT_EQ(connect(s, reinterpret_cast<const sockaddr*>(&name), size_of(name)), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  const SOCKET listener = open_listener();
  std::thread accepting([&] { EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET); });
  EXPECT_EQ(connect_to(s, listener), 0) << WSAGetLastError();
  accepting.join();
}

// CONN-09, CONN-10, SEED-B07, SEED-B13.
TEST_P(ConnectEach, NamesBothEnds) {
  const Pair pair = connected();
  sockaddr_in client_peer{};
  sockaddr_in server_peer{};
  int size = sizeof client_peer;
  ASSERT_EQ(getpeername(pair.client, reinterpret_cast<sockaddr*>(&client_peer), &size), 0);
  ASSERT_EQ(getpeername(pair.server, reinterpret_cast<sockaddr*>(&server_peer), &size), 0);
  const auto client_name = name_of(pair.client);
  const auto server_name = name_of(pair.server);
  EXPECT_EQ(std::memcmp(&client_peer, &server_name, sizeof client_peer), 0);
  EXPECT_EQ(std::memcmp(&server_peer, &client_name, sizeof server_peer), 0);
  EXPECT_EQ(connect_to(pair.client, pair.listener), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEISCONN);
  EXPECT_EQ(send_text(pair.client, "still"), 5);
  EXPECT_EQ(receive_exactly(pair.server, 5), "still");
}

TEST_P(ConnectEach, WorksOverIpv6) {
  const SOCKET listener = Winsock::open_listener(GetParam(), SOMAXCONN, AF_INET6);
  SOCKET server = INVALID_SOCKET;
  sockaddr_in6 caller{};
  int size = sizeof caller;
  std::thread accepting(
      [&] { server = accept(listener, reinterpret_cast<sockaddr*>(&caller), &size); });
  const SOCKET client = open(AF_INET6);
  EXPECT_EQ(connect_to(client, listener), 0) << WSAGetLastError();
  accepting.join();
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(size, static_cast<int>(sizeof caller));
  EXPECT_EQ(caller.sin6_family, AF_INET6);
  EXPECT_EQ(std::memcmp(&caller.sin6_addr, &in6addr_loopback, sizeof in6addr_loopback), 0);
  EXPECT_EQ(send_text(client, "six"), 3);
  EXPECT_EQ(receive_exactly(server, 3), "six");
}

// CONN-14, EVT-16.
TEST_P(ConnectEach, NonblockingTellsByFdConnect) {
  const SOCKET listener = open_listener();
  const SOCKET s = open();
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(s, event, FD_CONNECT), 0);
  const int result = connect_to(s, listener);
  if (has_user_data()) {
    EXPECT_EQ(result, SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    EXPECT_EQ(connect_to(s, listener), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAEALREADY);
  }
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(s, event, FD_CONNECT_BIT), 0);
  EXPECT_EQ(connect_to(s, listener), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEISCONN);
}

TEST_P(ConnectEach, NonblockingFailureIsToldOnce) {
  const SOCKET placeholder = open_listener();
  const sockaddr_storage name = name_of(placeholder);
  ASSERT_EQ(closesocket(placeholder), 0);
  const SOCKET s = open();
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(s, event, FD_CONNECT), 0);
  EXPECT_EQ(connect(s, reinterpret_cast<const sockaddr*>(&name), size_of(name)), SOCKET_ERROR);
  EXPECT_EQ(wait_for_event(s, event, FD_CONNECT_BIT), WSAECONNREFUSED);
  // Another attempt, another FD_CONNECT.
  const SOCKET listener = open_listener();
  connect_to(s, listener);
  EXPECT_NE(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(s, event, FD_CONNECT_BIT), 0);
}

// UDATA-10, EVT-27.
TEST_F(Connect, NonblockingCalleeDataIsThereAtFdConnect) {
  const SOCKET listener = open_listener("stream");
  const SOCKET s = open("stream");
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(s, event, FD_CONNECT), 0);
  const sockaddr_storage name = name_of(listener);
  char room[16];
  WSABUF callee{sizeof room, room};
  EXPECT_EQ(WSAConnect(s, reinterpret_cast<const sockaddr*>(&name), size_of(name), nullptr, &callee,
                       nullptr, nullptr),
            SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  Condition condition;
  condition.callee_data = "welcome";
  EXPECT_NE(condition.accept(listener), INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(s, event, FD_CONNECT_BIT), 0);
  EXPECT_EQ(std::string(callee.buf, callee.len), "welcome");
}

TEST_F(Connect, NonblockingRefusalIsInSoError) {
  const SOCKET listener = open_listener("stream");
  const SOCKET s = open("stream");
  set_nonblocking(s);
  connect_to(s, listener);
  Condition condition;
  condition.verdict = CF_REJECT;
  EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
  // The next call waits for nothing, so the outcome is waited for with an event.
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(s, event, FD_CONNECT), 0);
  ASSERT_EQ(WSAWaitForMultipleEvents(1, &event, FALSE, kPatience, FALSE), WSA_WAIT_EVENT_0);
  int error = 0;
  int size = sizeof error;
  ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size), 0);
  EXPECT_EQ(error, WSAECONNREFUSED);
  ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size), 0);
  EXPECT_EQ(error, 0);
}

INSTANTIATE_TEST_SUITE_P(Providers, ConnectEach, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
