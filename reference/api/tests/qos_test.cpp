// Quality of service through WSAConnect, the condition function and WSAIoctl.

#include <cstring>
#include <vector>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

FLOWSPEC flow(ULONG rate, SERVICETYPE type = SERVICETYPE_CONTROLLEDLOAD) {
  FLOWSPEC spec;
  std::memset(&spec, 0xff, sizeof spec);
  spec.TokenRate = rate;
  spec.ServiceType = type;
  return spec;
}

QOS qos_of(const FLOWSPEC& sending, const FLOWSPEC& receiving) {
  return {sending, receiving, {0, nullptr}};
}
QOS qos_of(ULONG sending, ULONG receiving) {
  return qos_of(flow(sending), flow(receiving));
}

int set_qos(SOCKET s, QOS qos) {
  DWORD bytes = 0;
  const int result =
      WSAIoctl(s, SIO_SET_QOS, &qos, sizeof qos, nullptr, 0, &bytes, nullptr, nullptr);
  return result == 0 ? 0 : WSAGetLastError();
}

struct Got {
  int error;
  QOS qos;
  std::string specific;
};
Got get_qos(SOCKET s, std::size_t room = 4096) {
  std::vector<char> buffer(room);
  DWORD bytes = 0;
  Got got{};
  if (WSAIoctl(s, SIO_GET_QOS, nullptr, 0, buffer.data(), static_cast<DWORD>(room), &bytes, nullptr,
               nullptr) != 0) {
    got.error = WSAGetLastError();
    return got;
  }
  std::memcpy(&got.qos, buffer.data(), sizeof got.qos);
  EXPECT_EQ(bytes, sizeof(QOS) + got.qos.ProviderSpecific.len);
  if (got.qos.ProviderSpecific.len > 0) {
    EXPECT_EQ(got.qos.ProviderSpecific.buf, buffer.data() + sizeof(QOS));
  }
  got.specific.assign(got.qos.ProviderSpecific.buf, got.qos.ProviderSpecific.len);
  return got;
}

std::pair<ULONG, ULONG> rates(SOCKET s) {
  const Got got = get_qos(s);
  EXPECT_EQ(got.error, 0);
  return {got.qos.SendingFlowspec.TokenRate, got.qos.ReceivingFlowspec.TokenRate};
}
using Rates = std::pair<ULONG, ULONG>;

int connect_with(SOCKET s, SOCKET listener, QOS* qos) {
  sockaddr_storage name{};
  int size = sizeof name;
  EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&name), &size), 0);
  const int result =
      WSAConnect(s, reinterpret_cast<sockaddr*>(&name), size, nullptr, nullptr, qos, nullptr);
  return result == 0 ? 0 : WSAGetLastError();
}

/// Providers with XP1_QOS_SUPPORTED.
class WithQos : public EachProvider {
 protected:
  bool has_specific_part() const { return std::string(GetParam()) != "tp4"; }

  /// Connects with `qos` while `condition` decides.
  Pair connect_pair(QOS* qos, Condition& condition) {
    Pair pair{open_listener(), open(), INVALID_SOCKET};
    std::thread accepting([&] { pair.server = condition.accept(pair.listener); });
    EXPECT_EQ(connect_with(pair.client, pair.listener, qos), 0);
    accepting.join();
    EXPECT_NE(pair.server, INVALID_SOCKET);
    return pair;
  }
};

// ACC-19, QOS-01: as WSAConnect was given it. Each end then has its own view.
TEST_P(WithQos, TheConditionFunctionSeesWhatTheCallerStated) {
  std::string specific = has_specific_part() ? std::string("a\0b", 3) : "";
  QOS asked = qos_of(100, 200);
  asked.SendingFlowspec.Latency = 7;
  asked.ProviderSpecific = {static_cast<ULONG>(specific.size()), specific.data()};
  Condition condition;
  const Pair pair = connect_pair(&asked, condition);
  ASSERT_TRUE(condition.qos);
  EXPECT_EQ(std::memcmp(&condition.qos->SendingFlowspec, &asked.SendingFlowspec, 32), 0);
  EXPECT_EQ(std::memcmp(&condition.qos->ReceivingFlowspec, &asked.ReceivingFlowspec, 32), 0);
  EXPECT_EQ(condition.qos_specific, specific);
  EXPECT_FALSE(condition.has_group_qos);
  EXPECT_EQ(rates(pair.client), (Rates{100, 200}));
  EXPECT_EQ(rates(pair.server), (Rates{200, 100}));
  EXPECT_EQ(get_qos(pair.server).specific, specific);
  EXPECT_EQ(get_qos(pair.server).qos.ReceivingFlowspec.Latency, 7u);
  // The caller's own structure is as it was.
  EXPECT_EQ(asked.ProviderSpecific.buf, specific.data());
}

TEST_P(WithQos, NoneIsANullPointer) {
  Condition condition;
  const Pair pair = connect_pair(nullptr, condition);
  EXPECT_FALSE(condition.qos);
  // QOS-02: the provider's defaults.
  const Got got = get_qos(pair.client);
  EXPECT_EQ(got.qos.SendingFlowspec.ServiceType, static_cast<ULONG>(SERVICETYPE_BESTEFFORT));
  EXPECT_EQ(got.qos.SendingFlowspec.TokenRate, QOS_NOT_SPECIFIED);
  EXPECT_EQ(got.specific, "");
}

// ACC-20, EVT-28.
TEST_P(WithQos, WhatTheConditionFunctionMakesOfItHolds) {
  const SOCKET listener = open_listener();
  QOS asked = qos_of(100, 200);
  const PendingCaller caller(
      open(), [&](SOCKET s) { return connect_with(s, listener, &asked) == 0 ? 0 : SOCKET_ERROR; });
  Condition condition;
  condition.alter = [](QOS& qos) { qos.SendingFlowspec.TokenRate = 50; };
  const SOCKET server = condition.accept(listener);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(caller.socket(), caller.event(), FD_CONNECT_BIT), 0);
  EXPECT_EQ(rates(caller.socket()), (Rates{50, 200}));
  EXPECT_EQ(rates(server), (Rates{200, 50}));
}

TEST_P(WithQos, ANegotiatedQosOtherThanTheOneAskedForIsFdQos) {
  const SOCKET listener = open_listener();
  for (const bool is_altered : {true, false}) {
    QOS asked = qos_of(100, 200);
    const PendingCaller caller(open(), [&](SOCKET s) {
      return connect_with(s, listener, &asked) == 0 ? 0 : SOCKET_ERROR;
    });
    Condition condition;
    if (is_altered) condition.alter = [](QOS& qos) { qos.ReceivingFlowspec.TokenRate = 1; };
    ASSERT_NE(condition.accept(listener), INVALID_SOCKET);
    long seen = 0;
    while ((seen & FD_CONNECT) == 0) {
      seen |= next_events(caller.socket(), caller.event()).lNetworkEvents;
    }
    EXPECT_EQ((seen & FD_QOS) != 0, is_altered);
  }
}

// As for any other bad answer (ACC-08, ACC-26): the request stays.
TEST_P(WithQos, NonsenseFromTheConditionFunctionLeavesTheRequest) {
  const SOCKET listener = open_listener();
  QOS asked = qos_of(100, 200);
  const PendingCaller caller(
      open(), [&](SOCKET s) { return connect_with(s, listener, &asked) == 0 ? 0 : SOCKET_ERROR; });
  Condition condition;
  const auto error_with = [&](std::function<void(QOS&)> alter) {
    condition.alter = std::move(alter);
    EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
    return WSAGetLastError();
  };
  EXPECT_EQ(error_with([](QOS& qos) { qos.SendingFlowspec.TokenRate = 0; }), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(error_with([](QOS& qos) { qos.SendingFlowspec.ServiceType = 99; }),
            WSA_QOS_ESERVICETYPE);
  EXPECT_EQ(error_with([](QOS& qos) { qos.ProviderSpecific.len = 1; }), WSAEFAULT);
  EXPECT_TRUE(caller.is_pending());
  // SERVICETYPE_NOCHANGE: as the caller asked (QOS-04).
  condition.alter = [](QOS& qos) {
    qos.SendingFlowspec = flow(0, SERVICETYPE_NOCHANGE);
    qos.ReceivingFlowspec.TokenRate = 20;
  };
  const SOCKET server = condition.accept(listener);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(rates(server), (Rates{20, 100}));
}

// QOS-03, UDATA-18, UDATA-21, QOS-14: and the socket is as it was (ERR-03).
TEST_P(WithQos, WhatCannotBeIsRefusedBeforeAnythingHappens) {
  const SOCKET listener = open_listener();
  const SOCKET s = open();
  const auto error_of = [&](QOS qos) { return connect_with(s, listener, &qos); };
  EXPECT_EQ(error_of(qos_of(0, 1)), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(error_of(qos_of(flow(1), flow(1, 99))), WSA_QOS_ESERVICETYPE);
  EXPECT_EQ(error_of(qos_of(4'000'000'000u, 1)), WSAEOPNOTSUPP);
  QOS unsound = qos_of(2, 2);
  unsound.SendingFlowspec.PeakBandwidth = 1;
  EXPECT_EQ(error_of(unsound), WSA_QOS_EFLOWSPEC);
  std::string too_long(1025, 'p');
  QOS specific = qos_of(1, 1);
  specific.ProviderSpecific = {1025, too_long.data()};
  EXPECT_EQ(error_of(specific), WSA_QOS_EPROVSPECBUF);
  specific.ProviderSpecific = {4, nullptr};
  EXPECT_EQ(error_of(specific), WSAEFAULT);
  set_nonblocking(listener);
  EXPECT_EQ(accept(listener, nullptr, nullptr), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  sockaddr_in name;
  int size = sizeof name;
  EXPECT_EQ(getsockname(s, reinterpret_cast<sockaddr*>(&name), &size), SOCKET_ERROR);
}

// UDATA-17, QOS-04, QOS-05.
TEST_P(WithQos, TheLatestStatementHolds) {
  const SOCKET listener = open_listener();
  for (const bool has_argument : {true, false}) {
    const SOCKET client = open();
    EXPECT_EQ(set_qos(client, qos_of(10, 20)), 0);
    QOS asked = qos_of(flow(0, SERVICETYPE_NOCHANGE), flow(40));
    Condition condition;
    SOCKET server = INVALID_SOCKET;
    std::thread accepting([&] { server = condition.accept(listener); });
    EXPECT_EQ(connect_with(client, listener, has_argument ? &asked : nullptr), 0);
    accepting.join();
    const Rates expected = has_argument ? Rates{10, 40} : Rates{10, 20};
    ASSERT_TRUE(condition.qos);
    EXPECT_EQ(condition.qos->SendingFlowspec.TokenRate, expected.first);
    EXPECT_EQ(rates(client), expected);
    EXPECT_EQ(rates(server), (Rates{expected.second, expected.first}));
  }
}

TEST_P(WithQos, AListenersOwnIsForCallersThatStateNone) {
  const SOCKET listener = open_listener();
  EXPECT_EQ(set_qos(listener, qos_of(3, 4)), 0);
  EXPECT_EQ(rates(listener), (Rates{3, 4}));
  for (const bool has_argument : {true, false}) {
    QOS asked = qos_of(100, 200);
    const SOCKET client = open();
    SOCKET server = INVALID_SOCKET;
    std::thread accepting([&] { server = accept(listener, nullptr, nullptr); });
    EXPECT_EQ(connect_with(client, listener, has_argument ? &asked : nullptr), 0);
    accepting.join();
    EXPECT_EQ(rates(client), has_argument ? (Rates{100, 200}) : (Rates{4, 3}));
    EXPECT_EQ(rates(server), has_argument ? (Rates{200, 100}) : (Rates{3, 4}));
  }
}

// EVT-04, EVT-07, EVT-28: either end, once a change, and again only after SIO_GET_QOS.
TEST_P(WithQos, AChangeIsToldToThePeer) {
  const Pair pair = connected();
  for (const auto& [changing, told] :
       {std::pair(pair.client, pair.server), std::pair(pair.server, pair.client)}) {
    const WSAEVENT event = WSACreateEvent();
    ASSERT_EQ(WSAEventSelect(told, event, FD_QOS), 0);
    EXPECT_EQ(set_qos(changing, qos_of(5, 6)), 0);
    WSANETWORKEVENTS events = next_events(told, event);
    EXPECT_EQ(events.lNetworkEvents, FD_QOS);
    EXPECT_EQ(events.iErrorCode[FD_QOS_BIT], 0);
    EXPECT_EQ(rates(changing), (Rates{5, 6}));
    // Not re-enabled yet: a second change is no second event, though it is there.
    EXPECT_EQ(set_qos(changing, qos_of(7, 6)), 0);
    EXPECT_EQ(send_text(changing, "behind the change"), 17);
    EXPECT_EQ(WSAEventSelect(told, event, FD_READ), 0);
    EXPECT_EQ(wait_for_event(told, event, FD_READ_BIT), 0);
    EXPECT_EQ(rates(told), (Rates{6, 7}));
    ASSERT_EQ(WSAEventSelect(told, event, FD_QOS), 0);
    WSANETWORKEVENTS none{};
    ASSERT_EQ(WSAEnumNetworkEvents(told, event, &none), 0);
    EXPECT_EQ(none.lNetworkEvents, 0);
    EXPECT_EQ(receive_text(told), "behind the change");
    EXPECT_EQ(set_qos(changing, qos_of(8, 6)), 0);
    EXPECT_EQ(wait_for_event(told, event, FD_QOS_BIT), 0);
    EXPECT_EQ(rates(told), (Rates{6, 8}));
    ASSERT_EQ(WSAEventSelect(told, nullptr, 0), 0);
  }
}

// QOS-06, QOS-07.
TEST_P(WithQos, TheIoctlsCheckStateAndRoom) {
  const SOCKET s = open();
  EXPECT_EQ(get_qos(s).error, WSAEINVAL);
  const SOCKET listener = open_listener();
  EXPECT_EQ(get_qos(listener).error, 0);
  EXPECT_EQ(get_qos(listener, sizeof(QOS) - 1).error, WSAEFAULT);
  EXPECT_EQ(get_qos(listener, sizeof(QOS)).error, 0);
  if (has_specific_part()) {
    std::string octets = "four";
    QOS qos = qos_of(1, 1);
    qos.ProviderSpecific = {4, octets.data()};
    EXPECT_EQ(set_qos(listener, qos), 0);
    EXPECT_EQ(get_qos(listener, sizeof(QOS) + 3).error, WSAEFAULT);
    EXPECT_EQ(get_qos(listener, sizeof(QOS) + 4).specific, "four");
    qos.ProviderSpecific = {4, nullptr};
    EXPECT_EQ(set_qos(listener, qos), WSAEFAULT);
  }
  EXPECT_EQ(set_qos(listener, qos_of(0, 1)), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(set_qos(listener, qos_of(4'000'000'000u, 1)), WSAEOPNOTSUPP);
  const PendingCaller caller(open(), [&](SOCKET c) { return connect_to(c, listener); });
  EXPECT_EQ(set_qos(caller.socket(), qos_of(1, 1)), WSAEINVAL);
  const Pair pair = connected();
  EXPECT_EQ(shutdown(pair.client, SD_SEND), 0);
  EXPECT_EQ(set_qos(pair.client, qos_of(1, 1)), WSAEINVAL);
}

TEST_P(WithQos, ACallerConnectedAlreadyIsToldOfTheVerdict) {
  const SOCKET listener = open();
  const int off = FALSE;
  ASSERT_EQ(setsockopt(listener, SOL_SOCKET, SO_CONDITIONAL_ACCEPT,
                       reinterpret_cast<const char*>(&off), sizeof off),
            0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  const SOCKET client = open();
  QOS asked = qos_of(100, 200);
  ASSERT_EQ(connect_with(client, listener, &asked), 0);
  EXPECT_EQ(rates(client), (Rates{100, 200}));
  const WSAEVENT event = WSACreateEvent();
  ASSERT_EQ(WSAEventSelect(client, event, FD_QOS), 0);
  Condition condition;
  condition.alter = [](QOS& qos) { qos.SendingFlowspec.TokenRate = 50; };
  const SOCKET server = condition.accept(listener);
  ASSERT_NE(server, INVALID_SOCKET);
  EXPECT_EQ(wait_for_event(client, event, FD_QOS_BIT), 0);
  EXPECT_EQ(rates(client), (Rates{50, 200}));
  EXPECT_EQ(rates(server), (Rates{200, 50}));
}

INSTANTIATE_TEST_SUITE_P(Providers, WithQos, testing::Values("stream", "message", "tp4"));

class WithoutQos : public EachProvider {};

// QOS-06, QOS-08, UDATA-18.
TEST_P(WithoutQos, SaysSo) {
  const Pair pair = connected();
  EXPECT_EQ(get_qos(pair.client).error, WSAENOPROTOOPT);
  EXPECT_EQ(get_qos(pair.client, 1).error, WSAENOPROTOOPT);
  EXPECT_EQ(set_qos(pair.client, qos_of(1, 1)), WSAENOPROTOOPT);
  QOS asked = qos_of(1, 1);
  const SOCKET s = open();
  EXPECT_EQ(connect_with(s, pair.listener, &asked), WSAEOPNOTSUPP);
  std::thread accepting(
      [&] { EXPECT_NE(accept(pair.listener, nullptr, nullptr), INVALID_SOCKET); });
  EXPECT_EQ(connect_with(s, pair.listener, nullptr), 0);
  accepting.join();
}

INSTANTIATE_TEST_SUITE_P(Providers, WithoutQos, testing::Values("tcp", "decnet"));

using Ioctl = EachProvider;

TEST_P(Ioctl, DoesWhatIoctlsocketDoes) {
  const Pair pair = connected();
  const auto error_of = [&](DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size) {
    DWORD bytes = 0;
    const int result =
        WSAIoctl(pair.server, code, in, in_size, out, out_size, &bytes, nullptr, nullptr);
    return result == 0 ? 0 : WSAGetLastError();
  };
  u_long wide = 1;
  DWORD narrow = 0;
  const auto fionbio = static_cast<DWORD>(FIONBIO);
  EXPECT_EQ(error_of(fionbio, &wide, sizeof wide, nullptr, 0), 0);
  char octet;
  EXPECT_EQ(recv(pair.server, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
  EXPECT_EQ(error_of(fionbio, &narrow, sizeof narrow, nullptr, 0), 0);
  EXPECT_EQ(error_of(fionbio, nullptr, sizeof wide, nullptr, 0), WSAEFAULT);
  EXPECT_EQ(error_of(fionbio, &wide, 3, nullptr, 0), WSAEFAULT);
  EXPECT_EQ(send_text(pair.client, "four"), 4);
  EXPECT_EQ(recv(pair.server, &octet, 1, MSG_PEEK), is_message_oriented() ? SOCKET_ERROR : 1);
  EXPECT_EQ(error_of(FIONREAD, nullptr, 0, &wide, sizeof wide), 0);
  EXPECT_EQ(wide, 4u);
  EXPECT_EQ(error_of(FIONREAD, nullptr, 0, &narrow, sizeof narrow), 0);
  EXPECT_EQ(narrow, 4u);
  EXPECT_EQ(error_of(FIONREAD, nullptr, 0, &narrow, 3), WSAEFAULT);
  // QOS-09, and what does not exist.
  EXPECT_EQ(error_of(SIO_GET_GROUP_QOS, nullptr, 0, &wide, sizeof wide), WSAEOPNOTSUPP);
  EXPECT_EQ(error_of(SIO_SET_GROUP_QOS, &wide, sizeof wide, nullptr, 0), WSAEOPNOTSUPP);
  EXPECT_EQ(error_of(0x12345, nullptr, 0, nullptr, 0), WSAEINVAL);
  EXPECT_EQ(
      WSAIoctl(pair.server, FIONREAD, nullptr, 0, &wide, sizeof wide, nullptr, nullptr, nullptr),
      SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEFAULT);
}

// What it does takes no time, so that an overlapped operation is complete at once, or none.
TEST_P(Ioctl, IsDoneAtOnceWhenOverlapped) {
  const Pair pair = connected();
  EXPECT_EQ(send_text(pair.client, "four"), 4);
  char octet;
  EXPECT_EQ(recv(pair.server, &octet, 1, MSG_PEEK), is_message_oriented() ? SOCKET_ERROR : 1);
  WSAOVERLAPPED overlapped{};
  overlapped.hEvent = WSACreateEvent();
  DWORD unread = 0;
  ASSERT_EQ(WSAIoctl(pair.server, FIONREAD, nullptr, 0, &unread, sizeof unread, nullptr,
                     &overlapped, nullptr),
            0);
  EXPECT_EQ(unread, 4u);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &overlapped.hEvent, TRUE, 0, FALSE), WSA_WAIT_EVENT_0);
  DWORD bytes = 0;
  DWORD flags = 0;
  EXPECT_TRUE(WSAGetOverlappedResult(pair.server, &overlapped, &bytes, FALSE, &flags));
  EXPECT_EQ(bytes, sizeof unread);
  EXPECT_EQ(WSAIoctl(pair.server, 1, nullptr, 0, nullptr, 0, &bytes, &overlapped, nullptr),
            SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEINVAL);
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &overlapped.hEvent, TRUE, 0, FALSE), WSA_WAIT_TIMEOUT);
}

INSTANTIATE_TEST_SUITE_P(Providers, Ioctl, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
