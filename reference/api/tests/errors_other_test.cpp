// The errors of network events, options and ioctls.

#include "api/tests/errors.hpp"
#include "api/tests/impatient.hpp"

namespace ws2 {
namespace {

using E = Errors;

int select_events(SOCKET s, WSAEVENT event, long mask) {
  return E::last(WSAEventSelect(s, event, mask));
}

int enumerate(SOCKET s, WSAEVENT event, WSANETWORKEVENTS* events) {
  return E::last(WSAEnumNetworkEvents(s, event, events));
}

/// What FD_CONNECT says of an attempt.
int connect_event(const sockaddr_storage& name) {
  const SOCKET s = E::open("stream");
  const WSAEVENT event = WSACreateEvent();
  EXPECT_EQ(WSAEventSelect(s, event, FD_CONNECT), 0);
  EXPECT_EQ(E::last(connect(s, reinterpret_cast<const sockaddr*>(&name), E::size_of(name))),
            WSAEWOULDBLOCK);
  return E::wait_for_event(s, event, FD_CONNECT_BIT);
}

int conditional_accept(SOCKET s, int value, int size = sizeof(int)) {
  return E::last(setsockopt(s, SOL_SOCKET, SO_CONDITIONAL_ACCEPT,
                            reinterpret_cast<const char*>(&value), size));
}

int set_qos(SOCKET s, ULONG rate, DWORD size = sizeof(QOS)) {
  QOS qos{};
  qos.SendingFlowspec.ServiceType = SERVICETYPE_BESTEFFORT;
  qos.SendingFlowspec.TokenRate = rate;
  qos.SendingFlowspec.PeakBandwidth = QOS_NOT_SPECIFIED;
  DWORD bytes = 0;
  return E::last(WSAIoctl(s, SIO_SET_QOS, &qos, size, nullptr, 0, &bytes, nullptr, nullptr));
}

int set_blocking_while_selected() {
  const SOCKET s = E::open("stream");
  EXPECT_EQ(WSAEventSelect(s, WSACreateEvent(), FD_READ), 0);
  u_long off = 0;
  return E::last(ioctlsocket(s, FIONBIO, &off));
}

}  // namespace

std::vector<ErrorCase> other_errors() {
  return {
      {"WSAEventSelect", WSAEINVAL,
       [] { return select_events(E::open("stream"), WSA_INVALID_EVENT, FD_READ); }},
      {"WSAEnumNetworkEvents", WSAEINVAL,
       [] {
         WSANETWORKEVENTS events;
         return enumerate(E::open("stream"), reinterpret_cast<WSAEVENT>(8), &events);
       }},
      {"WSAEnumNetworkEvents", WSAEFAULT,
       [] { return enumerate(E::open("stream"), nullptr, nullptr); }},
      {"FD_CONNECT", WSAECONNREFUSED, [] { return connect_event(E::closed_name()); }},
      {"FD_CONNECT", WSAENETUNREACH,
       [] {
         sockaddr_storage name{};
         auto& in = reinterpret_cast<sockaddr_in&>(name);
         in.sin_family = AF_INET;
         in.sin_port = htons(80);
         in.sin_addr.s_addr = htonl(0xe0000001);
         return connect_event(name);
       }},
      {"FD_CONNECT", WSAETIMEDOUT,
       [] {
         const Impatient impatient({.request = std::chrono::milliseconds(20)});
         return connect_event(E::name_of(E::open_listener("stream")));
       }},
      {"FD_CLOSE", WSAECONNRESET, [] { return E::reset_by_peer().indication; }},
      {"FD_CLOSE", WSAECONNABORTED, [] { return E::aborted().indication; }},
      {"SO_CONDITIONAL_ACCEPT", WSAEFAULT,
       [] { return conditional_accept(E::open("stream"), 0, 3); }},
      {"SO_CONDITIONAL_ACCEPT", WSAEINVAL,
       [] { return conditional_accept(E::open_listener("stream"), 0); }},
      {"SO_CONDITIONAL_ACCEPT", WSAENOPROTOOPT,
       [] { return conditional_accept(E::open("tcp"), 1); }},
      {"WSAIoctl", WSAENOPROTOOPT, [] { return set_qos(E::open("tcp"), 1); }},
      {"WSAIoctl", WSAEOPNOTSUPP, [] { return set_qos(E::open("stream"), 4'000'000'000u); }},
      {"WSAIoctl", WSAEFAULT, [] { return set_qos(E::open("stream"), 1, sizeof(QOS) - 1); }},
      {"WSAIoctl", WSAEINVAL,
       [] {
         DWORD bytes = 0;
         return E::last(
             WSAIoctl(E::open("stream"), 1, nullptr, 0, nullptr, 0, &bytes, nullptr, nullptr));
       }},
      {"WSAIoctl", WSAEWOULDBLOCK, [] { return set_qos(E::full_end(), 1); }},
      {"ioctlsocket", WSAEFAULT,
       [] { return E::last(ioctlsocket(E::open("stream"), FIONBIO, nullptr)); }},
      {"ioctlsocket", WSAEINVAL, set_blocking_while_selected},
  };
}

}  // namespace ws2
