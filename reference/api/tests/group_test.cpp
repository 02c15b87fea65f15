// Socket groups, as far as the specification still describes them (QOS-09, QOS-10).

#include <set>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Groups : public Winsock {
 protected:
  /// INVALID_SOCKET and the last error, as WSASocket.
  static SOCKET open_in(GROUP group, int family = AF_INET) {
    return WSASocket(family, SOCK_STREAM, 0, nullptr, group, WSA_FLAG_OVERLAPPED);
  }
  static GROUP group_of(SOCKET s) {
    GROUP group = 99;
    int size = sizeof group;
    EXPECT_EQ(getsockopt(s, SOL_SOCKET, SO_GROUP_ID, reinterpret_cast<char*>(&group), &size), 0);
    return group;
  }
  static int set(SOCKET s, int option, int value) {
    const auto* given = reinterpret_cast<const char*>(&value);
    return setsockopt(s, SOL_SOCKET, option, given, sizeof value) == 0 ? 0 : WSAGetLastError();
  }
  static int connect_error(SOCKET s, SOCKET listener) {
    return connect_to(s, listener) == 0 ? 0 : WSAGetLastError();
  }
  static SOCKET listen_at(ULONG address) {
    const SOCKET s = open("stream");
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(address);
    EXPECT_EQ(bind(s, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    EXPECT_EQ(listen(s, 5), 0);
    return s;
  }
};

TEST_F(Groups, AreMadeJoinedAndEndWithTheLastMember) {
  EXPECT_EQ(group_of(open_in(0)), 0u);
  for (const GROUP kind : {SG_UNCONSTRAINED_GROUP, SG_CONSTRAINED_GROUP}) {
    const SOCKET first = open_in(kind);
    const GROUP group = group_of(first);
    EXPECT_GT(group, 2u);
    const SOCKET second = open_in(group);
    ASSERT_NE(second, INVALID_SOCKET);
    EXPECT_EQ(group_of(second), group);
    EXPECT_NE(group_of(open_in(kind)), group);
    EXPECT_EQ(closesocket(first), 0);
    const SOCKET third = open_in(group);
    EXPECT_EQ(group_of(third), group);
    EXPECT_EQ(closesocket(second), 0);
    EXPECT_EQ(closesocket(third), 0);
    EXPECT_EQ(open_in(group), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  }
}

TEST_F(Groups, ThatDoNotExistAreInvalid) {
  for (const GROUP group : {3u, 12'345u, 0xffffffffu}) {
    EXPECT_EQ(open_in(group), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  }
}

TEST_F(Groups, AreSoManyInOneProcess) {
  std::set<GROUP> groups;
  SOCKET s;
  while ((s = open_in(SG_UNCONSTRAINED_GROUP)) != INVALID_SOCKET) groups.insert(group_of(s));
  // Whichever runs out first.
  const int error = WSAGetLastError();
  EXPECT_TRUE(error == WSAENOBUFS || error == WSAEMFILE) << error;
  EXPECT_GT(groups.size(), 200u);
}

TEST_F(Groups, PrioritiesAreKept) {
  const SOCKET s = open_in(SG_UNCONSTRAINED_GROUP);
  int priority = -1;
  int size = sizeof priority;
  auto* room = reinterpret_cast<char*>(&priority);
  EXPECT_EQ(getsockopt(s, SOL_SOCKET, SO_GROUP_PRIORITY, room, &size), 0);
  EXPECT_EQ(priority, 0);
  EXPECT_EQ(set(s, SO_GROUP_PRIORITY, 7), 0);
  EXPECT_EQ(getsockopt(s, SOL_SOCKET, SO_GROUP_PRIORITY, room, &size), 0);
  EXPECT_EQ(priority, 7);
  EXPECT_EQ(set(s, SO_GROUP_ID, 7), WSAENOPROTOOPT);
}

// UDATA-20.
TEST_F(Groups, AConstrainedGroupGoesToOneHost) {
  const SOCKET here = listen_at(INADDR_LOOPBACK);
  const SOCKET there = listen_at(INADDR_LOOPBACK + 1);
  for (const GROUP kind : {SG_CONSTRAINED_GROUP, SG_UNCONSTRAINED_GROUP}) {
    const SOCKET first = open_in(kind);
    set_nonblocking(first);
    EXPECT_EQ(connect_error(first, here), WSAEWOULDBLOCK);
    const SOCKET second = open_in(group_of(first));
    set_nonblocking(second);
    EXPECT_EQ(connect_error(second, there),
              kind == SG_CONSTRAINED_GROUP ? WSAEINVAL : WSAEWOULDBLOCK);
    // The failed call changed nothing: it may go where the others are (ERR-03).
    const SOCKET third = open_in(group_of(first));
    set_nonblocking(third);
    EXPECT_EQ(connect_error(third, here), WSAEWOULDBLOCK);
    // Once nobody is there any more, it may go anywhere.
    EXPECT_EQ(closesocket(first), 0);
    EXPECT_EQ(closesocket(third), 0);
    if (kind == SG_CONSTRAINED_GROUP) {
      EXPECT_EQ(connect_error(second, there), WSAEWOULDBLOCK);
    }
  }
  const SOCKET elsewhere = open_in(0);
  set_nonblocking(elsewhere);
  EXPECT_EQ(connect_error(elsewhere, there), WSAEWOULDBLOCK);
}

TEST_F(Groups, ARefusedConnectionHoldsNoHost) {
  const SOCKET closed = listen_at(INADDR_LOOPBACK);
  const sockaddr_storage name = name_of(closed);
  ASSERT_EQ(closesocket(closed), 0);
  const SOCKET first = open_in(SG_CONSTRAINED_GROUP);
  EXPECT_EQ(connect(first, reinterpret_cast<const sockaddr*>(&name), size_of(name)), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNREFUSED);
  const SOCKET second = open_in(group_of(first));
  set_nonblocking(second);
  EXPECT_EQ(connect_error(second, listen_at(INADDR_LOOPBACK + 1)), WSAEWOULDBLOCK);
}

// ACC-33, ACC-37.
TEST_F(Groups, TheConditionFunctionMayChooseOne) {
  const SOCKET listener = listen_at(INADDR_LOOPBACK);
  const PendingCaller caller(open("stream"), [&](SOCKET s) { return connect_to(s, listener); });
  Condition condition;
  condition.wanted_group = 12'345;
  EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_TRUE(caller.is_pending());
  EXPECT_EQ(condition.group, 0u);
  condition.wanted_group = SG_CONSTRAINED_GROUP;
  const SOCKET server = condition.accept(listener);
  ASSERT_NE(server, INVALID_SOCKET);
  const GROUP group = group_of(server);
  EXPECT_GT(group, 2u);
  // The caller's host is the group's now.
  const SOCKET member = open_in(group);
  set_nonblocking(member);
  EXPECT_EQ(connect_error(member, listen_at(INADDR_LOOPBACK + 1)), WSAEINVAL);
  const PendingCaller next(open("stream"), [&](SOCKET s) { return connect_to(s, listener); });
  condition.wanted_group = group;
  const SOCKET joined = condition.accept(listener);
  ASSERT_NE(joined, INVALID_SOCKET);
  EXPECT_EQ(group_of(joined), group);
  const PendingCaller last(open("stream"), [&](SOCKET s) { return connect_to(s, listener); });
  condition.wanted_group = 0;
  EXPECT_EQ(group_of(condition.accept(listener)), 0u);
}

}  // namespace
}  // namespace ws2
