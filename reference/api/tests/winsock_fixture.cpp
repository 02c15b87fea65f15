#include "api/tests/winsock_fixture.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ws2 {

Winsock::Winsock() {
  WSADATA started;
  EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &started), 0);
}

Winsock::~Winsock() {
  WSACleanup();
}

SOCKET Winsock::open(const std::string& provider, int family) {
  std::vector<WSAPROTOCOL_INFO> entries(64);
  auto size = static_cast<DWORD>(entries.size() * sizeof(WSAPROTOCOL_INFO));
  const int count = WSAEnumProtocols(nullptr, entries.data(), &size);
  for (int i = 0; i < count; ++i) {
    WSAPROTOCOL_INFO& entry = entries[static_cast<std::size_t>(i)];
    if (entry.szProtocol != provider || entry.iAddressFamily != family) continue;
    return WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &entry, 0,
                     WSA_FLAG_OVERLAPPED);
  }
  throw std::runtime_error("no provider " + provider);
}

SOCKET Winsock::open_listener(const std::string& provider, int backlog, int family) {
  const SOCKET s = open(provider, family);
  sockaddr_storage name{};
  name.ss_family = static_cast<ADDRESS_FAMILY>(family);
  if (family == AF_INET) {
    reinterpret_cast<sockaddr_in&>(name).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else {
    reinterpret_cast<sockaddr_in6&>(name).sin6_addr = in6addr_loopback;
  }
  EXPECT_EQ(bind(s, reinterpret_cast<sockaddr*>(&name), size_of(name)), 0) << WSAGetLastError();
  EXPECT_EQ(listen(s, backlog), 0) << WSAGetLastError();
  return s;
}

sockaddr_storage Winsock::name_of(SOCKET s) {
  sockaddr_storage name{};
  int size = sizeof name;
  EXPECT_EQ(getsockname(s, reinterpret_cast<sockaddr*>(&name), &size), 0) << WSAGetLastError();
  return name;
}

int Winsock::size_of(const sockaddr_storage& name) {
  return static_cast<int>(name.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
}

int Winsock::connect_to(SOCKET s, SOCKET listener) {
  const sockaddr_storage name = name_of(listener);
  return connect(s, reinterpret_cast<const sockaddr*>(&name), size_of(name));
}

int Winsock::connect_to(SOCKET s, SOCKET listener, std::optional<std::string> caller_data,
                        std::string* callee_data, ULONG capacity) {
  const sockaddr_storage name = name_of(listener);
  WSABUF caller{};
  if (caller_data) caller = {static_cast<ULONG>(caller_data->size()), caller_data->data()};
  std::vector<char> room(capacity + 1);
  WSABUF callee{capacity, room.data()};
  const int result = WSAConnect(s, reinterpret_cast<const sockaddr*>(&name), size_of(name),
                                caller_data ? &caller : nullptr, callee_data ? &callee : nullptr,
                                nullptr, nullptr);
  if (callee_data != nullptr) callee_data->assign(callee.buf, callee.len);
  return result;
}

int Winsock::send_text(SOCKET s, const std::string& text) {
  return send(s, text.data(), static_cast<int>(text.size()), 0);
}

std::string Winsock::receive_text(SOCKET s, int most) {
  std::string text(static_cast<std::size_t>(most), '\0');
  const int count = recv(s, text.data(), most, 0);
  EXPECT_GE(count, 0) << WSAGetLastError();
  text.resize(static_cast<std::size_t>(std::max(0, count)));
  return text;
}

std::string Winsock::receive_exactly(SOCKET s, std::size_t count) {
  std::string all;
  while (all.size() < count) {
    const std::string part = receive_text(s, static_cast<int>(count - all.size()));
    if (part.empty()) break;
    all += part;
  }
  return all;
}

int Winsock::send_disconnect(SOCKET s, std::string data) {
  WSABUF buffer{static_cast<ULONG>(data.size()), data.data()};
  return WSASendDisconnect(s, &buffer);
}

std::optional<std::string> Winsock::receive_disconnect(SOCKET s, ULONG capacity) {
  std::string room(capacity, '\0');
  WSABUF buffer{capacity, room.data()};
  if (WSARecvDisconnect(s, &buffer) != 0) return std::nullopt;
  room.resize(buffer.len);
  return room;
}

void Winsock::set_nonblocking(SOCKET s) {
  u_long on = 1;
  ASSERT_EQ(ioctlsocket(s, FIONBIO, &on), 0) << WSAGetLastError();
}

void Winsock::set_linger(SOCKET s, u_short on, u_short seconds) {
  const linger value{on, seconds};
  ASSERT_EQ(
      setsockopt(s, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&value), sizeof value), 0);
}

WSANETWORKEVENTS Winsock::next_events(SOCKET s, WSAEVENT event) {
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &event, FALSE, kPatience, FALSE), WSA_WAIT_EVENT_0);
  WSANETWORKEVENTS events{};
  EXPECT_EQ(WSAEnumNetworkEvents(s, event, &events), 0) << WSAGetLastError();
  return events;
}

int Winsock::wait_for_event(SOCKET s, WSAEVENT event, int bit_number) {
  while (true) {
    const WSANETWORKEVENTS events = next_events(s, event);
    if (testing::Test::HasFailure()) return -1;
    if ((events.lNetworkEvents >> bit_number & 1) != 0) return events.iErrorCode[bit_number];
  }
}

Pair Winsock::connected(const std::string& provider) {
  Pair pair{open_listener(provider), open(provider), INVALID_SOCKET};
  std::thread accepting([&pair] { pair.server = accept(pair.listener, nullptr, nullptr); });
  EXPECT_EQ(connect_to(pair.client, pair.listener), 0) << WSAGetLastError();
  accepting.join();
  EXPECT_NE(pair.server, INVALID_SOCKET);
  return pair;
}

PendingCaller::PendingCaller(SOCKET socket, const std::function<int(SOCKET)>& connect)
    : socket_(socket), event_(WSACreateEvent()) {
  EXPECT_EQ(WSAEventSelect(socket, event_, FD_CONNECT | FD_CLOSE | FD_QOS), 0);
  EXPECT_EQ(connect(socket), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
}

bool PendingCaller::is_pending() const {
  WSANETWORKEVENTS events{};
  EXPECT_EQ(WSAEnumNetworkEvents(socket_, nullptr, &events), 0);
  return (events.lNetworkEvents & FD_CONNECT) == 0;
}

SOCKET Condition::accept(SOCKET listener) {
  return WSAAccept(listener, nullptr, nullptr, function, reinterpret_cast<DWORD_PTR>(this));
}

int CALLBACK Condition::function(LPWSABUF caller_id, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos,
                                 LPWSABUF callee_id, LPWSABUF callee_data, GROUP* g,
                                 DWORD_PTR context) {
  auto& self = *reinterpret_cast<Condition*>(context);
  ++self.calls;
  self.thread = std::this_thread::get_id();
  self.caller_data = caller_data == nullptr
                         ? std::nullopt
                         : std::optional(std::string(caller_data->buf, caller_data->len));
  if (caller_id->len == sizeof self.caller) {
    std::memcpy(&self.caller, caller_id->buf, sizeof self.caller);
  }
  if (callee_id->len == sizeof self.callee) {
    std::memcpy(&self.callee, callee_id->buf, sizeof self.callee);
  }
  self.qos.reset();
  self.qos_specific.clear();
  if (sqos != nullptr) {
    self.qos = *sqos;
    self.qos_specific.assign(sqos->ProviderSpecific.buf, sqos->ProviderSpecific.len);
    if (self.alter) self.alter(*sqos);
  }
  self.has_group_qos = gqos != nullptr;
  self.group = std::exchange(*g, self.wanted_group);
  self.capacity = callee_data->len;
  if (self.meanwhile) self.meanwhile();
  if (self.callee_data.size() <= callee_data->len) {
    std::copy(self.callee_data.begin(), self.callee_data.end(), callee_data->buf);
  }
  callee_data->len = self.claimed.value_or(static_cast<ULONG>(self.callee_data.size()));
  return self.verdict;
}

}  // namespace ws2
