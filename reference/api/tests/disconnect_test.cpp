#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

using Disconnect = Winsock;

enum class ServerCloses { kBefore6, kBetween6And7, kBetween7And8, kAfter8 };

class Scenario : public Winsock, public testing::WithParamInterface<ServerCloses> {};

// SEED-A10 to SEED-A24: steps 1 to 8, with 5a at every place it may have.
TEST_P(Scenario, TheTotalIsAnsweredByTheGrandTotal) {
  const auto [listener, client, server] = connected("stream");
  const SOCKET s = server;
  const auto server_closes_at = [s](ServerCloses here) {
    if (GetParam() != here) return;
    EXPECT_EQ(closesocket(s), 0);  // (5a)
  };
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(client, event, FD_CLOSE), 0);
  EXPECT_EQ(send_disconnect(client, "3"), 0);   // (1)
  EXPECT_EQ(receive_text(server), "");          // (2)
  EXPECT_EQ(receive_disconnect(server), "3");   // (3)
  EXPECT_EQ(send_disconnect(server, "45"), 0);  // (5)
  server_closes_at(ServerCloses::kBefore6);
  EXPECT_EQ(wait_for_event(client, event, FD_CLOSE_BIT), 0);  // (6)
  server_closes_at(ServerCloses::kBetween6And7);
  EXPECT_EQ(receive_disconnect(client), "45");  // (7)
  server_closes_at(ServerCloses::kBetween7And8);
  EXPECT_EQ(closesocket(client), 0);  // (8)
  server_closes_at(ServerCloses::kAfter8);
}

INSTANTIATE_TEST_SUITE_P(Step5a, Scenario,
                         testing::Values(ServerCloses::kBefore6, ServerCloses::kBetween6And7,
                                         ServerCloses::kBetween7And8, ServerCloses::kAfter8));

// SEED-A19: what step 5 queued survives 5a even when the server has not read everything.
TEST_F(Disconnect, ClosingWithUnreadDataLosesNothingThatWasSent) {
  const auto [listener, client, server] = connected("stream");
  ASSERT_EQ(send_text(client, "never read"), 10);
  ASSERT_EQ(send_text(server, "last words"), 10);
  ASSERT_EQ(send_disconnect(server, "bye"), 0);
  ASSERT_EQ(closesocket(server), 0);
  ASSERT_EQ(send_text(client, "too late"), 8);
  EXPECT_EQ(receive_exactly(client, 10), "last words");
  EXPECT_EQ(receive_text(client), "");
  EXPECT_EQ(receive_disconnect(client), "bye");
  EXPECT_EQ(closesocket(client), 0);
}

// TEAR-04, TEAR-26.
TEST_F(Disconnect, DataComesBeforeTheEnd) {
  const auto [listener, client, server] = connected("stream");
  const std::string data(1 << 20, 'd');
  std::thread sending([c = client, &data] {
    EXPECT_EQ(send_text(c, data), static_cast<int>(data.size()));
    EXPECT_EQ(send_disconnect(c, "end"), 0);
  });
  EXPECT_EQ(receive_exactly(server, data.size()), data);
  EXPECT_EQ(receive_text(server), "");
  EXPECT_EQ(receive_text(server), "");
  sending.join();
  EXPECT_EQ(receive_disconnect(server), "end");
}

// TEAR-03, TEAR-15, TEAR-16, TEAR-34.
TEST_F(Disconnect, EndsOneDirectionEach) {
  const auto [listener, client, server] = connected("stream");
  char octet = 0;
  ASSERT_EQ(WSASendDisconnect(client, nullptr), 0);
  EXPECT_EQ(send(client, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAESHUTDOWN);
  EXPECT_EQ(send_text(server, "on"), 2);
  EXPECT_EQ(receive_exactly(client, 2), "on");
  EXPECT_EQ(receive_text(server), "");
  EXPECT_EQ(receive_disconnect(server), "");
  EXPECT_EQ(recv(server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAESHUTDOWN);
  EXPECT_EQ(send_text(server, "still"), 5);
  EXPECT_EQ(receive_exactly(client, 5), "still");
}

// TEAR-19, TEAR-20, TEAR-25 as the reference chooses.
TEST_F(Disconnect, TooLittleRoomKeepsTheData) {
  const auto [listener, client, server] = connected("stream");
  ASSERT_EQ(send_disconnect(client, "four"), 0);
  EXPECT_EQ(receive_text(server), "");
  EXPECT_EQ(receive_disconnect(server, 3), std::nullopt);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_EQ(receive_disconnect(server, 4), "four");
  EXPECT_EQ(receive_disconnect(server, 8), "four");
}

// TEAR-11, TEAR-12 as the reference chooses.
TEST_F(Disconnect, TheFirstDataStands) {
  const auto [listener, client, server] = connected("stream");
  EXPECT_EQ(send_disconnect(client, std::string(513, 'x')), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
  EXPECT_EQ(send_text(client, "open"), 4);
  EXPECT_EQ(send_disconnect(client, std::string(512, 'y')), 0);
  EXPECT_EQ(send_disconnect(client, "second"), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAESHUTDOWN);
  EXPECT_EQ(WSASendDisconnect(client, nullptr), 0);
  EXPECT_EQ(receive_exactly(server, 4), "open");
  EXPECT_EQ(receive_text(server), "");
  EXPECT_EQ(receive_disconnect(server), std::string(512, 'y'));
}

// TEAR-08: it does not wait, whatever is queued and whatever SO_LINGER says.
TEST_F(Disconnect, NeverBlocks) {
  const auto [listener, client, server] = connected("stream");
  set_linger(client, 1, 60);
  set_nonblocking(client);
  const std::string block(64 << 10, 'x');
  std::size_t total = 0;
  int sent;
  while ((sent = send_text(client, block)) > 0) total += static_cast<std::size_t>(sent);
  u_long off = 0;
  ASSERT_EQ(ioctlsocket(client, FIONBIO, &off), 0);
  EXPECT_EQ(send_disconnect(client, "after all that"), 0);
  EXPECT_EQ(receive_exactly(server, total + 1).size(), total);
  EXPECT_EQ(receive_disconnect(server), "after all that");
}

// TEAR-39.
TEST_F(Disconnect, BothMayDisconnectAtOnce) {
  const auto [listener, client, server] = connected("stream");
  ASSERT_EQ(send_disconnect(client, "from the client"), 0);
  ASSERT_EQ(send_disconnect(server, "from the server"), 0);
  EXPECT_EQ(receive_text(client), "");
  EXPECT_EQ(receive_text(server), "");
  EXPECT_EQ(receive_disconnect(client), "from the server");
  EXPECT_EQ(receive_disconnect(server), "from the client");
}

// TEAR-06, TEAR-21: nothing happens to the connection.
TEST_F(Disconnect, TcpCarriesNoData) {
  const auto [listener, client, server] = connected("tcp");
  EXPECT_EQ(send_disconnect(client, "data"), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAENOPROTOOPT);
  EXPECT_EQ(send_text(client, "open"), 4);
  EXPECT_EQ(receive_exactly(server, 4), "open");
  EXPECT_EQ(WSASendDisconnect(client, nullptr), 0);
  EXPECT_EQ(receive_text(server), "");
}

using DisconnectEach = EachProvider;

// SHUT-01 to SHUT-05.
TEST_P(DisconnectEach, ShutdownEndsWhatItNames) {
  const Pair pair = connected();
  char octet = 0;
  EXPECT_EQ(shutdown(pair.client, 3), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_EQ(shutdown(pair.client, SD_SEND), 0);
  EXPECT_EQ(shutdown(pair.client, SD_SEND), 0);
  EXPECT_EQ(send(pair.client, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAESHUTDOWN);
  EXPECT_EQ(receive_text(pair.server), "");
  EXPECT_EQ(send_text(pair.server, "reply"), 5);
  EXPECT_EQ(receive_exactly(pair.client, 5), "reply");
  EXPECT_EQ(shutdown(pair.client, SD_RECEIVE), 0);
  EXPECT_EQ(recv(pair.client, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAESHUTDOWN);
}

INSTANTIATE_TEST_SUITE_P(Providers, DisconnectEach, testing::Values("stream", "tcp"));

}  // namespace
}  // namespace ws2
