#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Poll : public EachProvider {
 protected:
  /// The answer for one socket; 0 when the time is over.
  static SHORT poll(SOCKET s, SHORT events, INT timeout = kPatience) {
    WSAPOLLFD polled{s, events, -1};
    const int count = WSAPoll(&polled, 1, timeout);
    EXPECT_EQ(count, polled.revents != 0) << WSAGetLastError();
    return polled.revents;
  }
  static int error_of(int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; }
};

TEST_P(Poll, ChecksItsArguments) {
  const SOCKET s = open();
  WSAPOLLFD polled{s, POLLIN, 0};
  EXPECT_EQ(error_of(WSAPoll(nullptr, 0, 0)), WSAEINVAL);
  EXPECT_EQ(error_of(WSAPoll(nullptr, 1, 0)), WSAEFAULT);
  EXPECT_EQ(error_of(WSAPoll(&polled, 0, 0)), WSAEINVAL);
  for (const int bad : {POLLPRI, POLLERR, POLLHUP, POLLNVAL, POLLWRBAND}) {
    polled.events = static_cast<SHORT>(bad);
    EXPECT_EQ(error_of(WSAPoll(&polled, 1, 0)), WSAEINVAL) << bad;
  }
  // No socket in it at all.
  WSAPOLLFD none[] = {{INVALID_SOCKET, POLLIN, 0}, {s + 1, POLLIN, 0}};
  EXPECT_EQ(error_of(WSAPoll(none, 2, 0)), WSAEINVAL);
}

TEST_P(Poll, PassesOverNegativeOnesAndNamesTheInvalid) {
  const Pair pair = connected();
  WSAPOLLFD polled[] = {
      {INVALID_SOCKET, POLLIN, 7}, {pair.client + 1, POLLIN, 0}, {pair.server, POLLIN, 7}};
  EXPECT_EQ(WSAPoll(polled, 3, -1), 1);
  EXPECT_EQ(polled[0].revents, 0);
  EXPECT_EQ(polled[1].revents, POLLNVAL);
  EXPECT_EQ(polled[2].revents, 0);
}

TEST_P(Poll, TellsOfRequestsDataAndRoom) {
  const SOCKET listener = open_listener();
  EXPECT_EQ(poll(listener, POLLIN, 0), 0);
  const SOCKET client = open();
  EXPECT_EQ(poll(client, POLLIN | POLLOUT, 0), 0);
  set_nonblocking(client);
  connect_to(client, listener);
  EXPECT_EQ(poll(listener, POLLIN), POLLRDNORM);
  const SOCKET server = accept(listener, nullptr, nullptr);
  EXPECT_EQ(poll(client, POLLOUT), POLLWRNORM);
  EXPECT_EQ(poll(server, POLLIN, 1), 0);
  ASSERT_EQ(send_text(client, "x"), 1);
  EXPECT_EQ(poll(server, POLLIN), POLLRDNORM);
  EXPECT_EQ(poll(server, POLLIN | POLLOUT), POLLRDNORM | POLLWRNORM);
  EXPECT_EQ(poll(server, POLLRDBAND, 0), 0);
}

TEST_P(Poll, TellsOfAFailedConnectUnasked) {
  const SOCKET listener = open_listener();
  const sockaddr_storage name = name_of(listener);
  closesocket(listener);
  const SOCKET client = open();
  set_nonblocking(client);
  connect(client, reinterpret_cast<const sockaddr*>(&name), size_of(name));
  EXPECT_EQ(poll(client, 0), POLLHUP | POLLERR);
  EXPECT_EQ(poll(client, POLLOUT), POLLHUP | POLLERR | POLLWRNORM);
}

TEST_P(Poll, TellsOfTheEndAfterTheData) {
  const Pair pair = connected();
  ASSERT_EQ(send_text(pair.client, "x"), 1);
  ASSERT_EQ(shutdown(pair.client, SD_SEND), 0);
  EXPECT_EQ(poll(pair.server, POLLIN), POLLRDNORM);
  EXPECT_EQ(receive_text(pair.server), "x");
  EXPECT_EQ(poll(pair.server, POLLIN) & ~POLLERR, POLLHUP);
}

TEST_P(Poll, TellsOfALoss) {
  const Pair pair = connected();
  set_linger(pair.client, 1, 0);
  ASSERT_EQ(closesocket(pair.client), 0);
  EXPECT_EQ(poll(pair.server, POLLIN), POLLHUP | POLLERR);
}

TEST_P(Poll, WaitsForWhatComesLater) {
  const Pair pair = connected();
  std::thread sending([&pair] { EXPECT_EQ(send_text(pair.client, "x"), 1); });
  EXPECT_EQ(poll(pair.server, POLLIN, -1), POLLRDNORM);
  sending.join();
}

TEST_P(Poll, IsWokenByClosesocket) {
  const Pair pair = connected();
  std::thread closing([&pair] { EXPECT_EQ(closesocket(pair.server), 0); });
  // Where the closing came first there is no socket left to ask about.
  WSAPOLLFD polled[] = {{pair.server, POLLIN, 0}, {pair.listener, POLLIN, 0}};
  EXPECT_EQ(WSAPoll(polled, 2, -1), 1);
  EXPECT_EQ(polled[0].revents, POLLNVAL);
  closing.join();
}

INSTANTIATE_TEST_SUITE_P(Providers, Poll, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
