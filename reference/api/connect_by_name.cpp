// WSAConnectByName and WSAConnectByList: one address after the other.

#include <sys/time.h>

#include <algorithm>
#include <vector>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/wide.hpp"
#include "provider/address_text.hpp"
#include "provider/clock.hpp"
#include "provider/resolver.hpp"
#include "ws2/functions.h"

namespace ws2 {
namespace {

/// Where the addresses of the connection are wanted.
struct Wanted {
  sockaddr* address;
  DWORD* length;

  bool has_room(Family family) const {
    return address == nullptr ||
           (length != nullptr && *length >= static_cast<DWORD>(address_size(family)));
  }
  void give(const Endpoint& endpoint) const {
    if (address == nullptr) return;
    int size = static_cast<int>(*length);
    write_address(endpoint, address, &size);
    *length = static_cast<DWORD>(size);
  }
};

// An address of IPv4 as an IPv6 socket can use it; nothing for what the socket cannot.
std::optional<Endpoint> usable(Endpoint endpoint, Family family) {
  if (endpoint.family == family) return endpoint;
  if (family == Family::kInet) return std::nullopt;
  AddressOctets mapped{};
  mapped[10] = mapped[11] = 0xff;
  std::copy_n(endpoint.address.begin(), 4, mapped.begin() + 12);
  endpoint.family = Family::kInet6;
  endpoint.address = mapped;
  return endpoint;
}

int connect_to_one_of(ServiceSocket& socket, const std::vector<Endpoint>& endpoints,
                      const timeval* timeout, const Wanted& local, const Wanted& remote) {
  const Family family = socket.entry().family;
  if (!local.has_room(family) || !remote.has_room(family)) return WSAEFAULT;
  std::optional<TimePoint> deadline;
  if (timeout != nullptr) {
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0) return WSAEINVAL;
    deadline =
        now() + std::chrono::seconds(timeout->tv_sec) + std::chrono::microseconds(timeout->tv_usec);
  }
  // When none of them is of any use.
  int error = WSAEHOSTUNREACH;
  for (const Endpoint& endpoint : endpoints) {
    const auto to = usable(endpoint, family);
    if (!to) continue;
    ConnectCall connect;
    connect.to = *to;
    if (deadline) connect.patience = std::max(*deadline - now(), Duration::zero());
    error = socket.connect(connect);
    // Nothing that another address could change: done, pending, or not this socket's to do.
    const bool is_final = error == 0 || error == WSAEWOULDBLOCK || error == WSAEALREADY ||
                          error == WSAEISCONN || error == WSAEINVAL || error == WSAENOTSOCK ||
                          error == WSAEINTR;
    if (is_final || (deadline && *deadline <= now())) break;
  }
  if (error != 0) return error;
  Endpoint name;
  if (socket.local_name(name) == 0) local.give(name);
  if (socket.peer_name(name) == 0) remote.give(name);
  return 0;
}

int resolve(const std::optional<std::string>& node, const std::optional<std::string>& service,
            Family family, std::vector<Endpoint>& endpoints) {
  if (!node || !service) return WSAEINVAL;
  Query query;
  query.node = node;
  query.service = service;
  if (family == Family::kInet) query.family = family;
  Answer answer;
  const int error = resolve(query, answer);
  endpoints = std::move(answer.endpoints);
  return error;
}

BOOL connect_by_name(SOCKET s, const std::optional<std::string>& node,
                     const std::optional<std::string>& service, const timeval* timeout,
                     const Wanted& local, const Wanted& remote, const void* reserved) {
  const int result = call(s, [&](ServiceSocket& socket) {
    if (reserved != nullptr) return WSAEINVAL;
    std::vector<Endpoint> endpoints;
    const int error = resolve(node, service, socket.entry().family, endpoints);
    return error != 0 ? error : connect_to_one_of(socket, endpoints, timeout, local, remote);
  });
  return result == 0 ? TRUE : FALSE;
}

}  // namespace
}  // namespace ws2

BOOL WSAAPI WSAConnectByNameA(SOCKET s, LPCSTR nodename, LPCSTR servicename,
                              LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress,
                              LPDWORD RemoteAddressLength, LPSOCKADDR RemoteAddress,
                              const timeval* timeout, LPWSAOVERLAPPED Reserved) {
  std::optional<std::string> node;
  std::optional<std::string> service;
  if (nodename != nullptr) node = nodename;
  if (servicename != nullptr) service = servicename;
  return ws2::connect_by_name(s, node, service, timeout, {LocalAddress, LocalAddressLength},
                              {RemoteAddress, RemoteAddressLength}, Reserved);
}

BOOL WSAAPI WSAConnectByNameW(SOCKET s, LPWSTR nodename, LPWSTR servicename,
                              LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress,
                              LPDWORD RemoteAddressLength, LPSOCKADDR RemoteAddress,
                              const timeval* timeout, LPWSAOVERLAPPED Reserved) {
  std::optional<std::string> node;
  std::optional<std::string> service;
  if (nodename != nullptr) node = ws2::narrow(nodename);
  if (servicename != nullptr) service = ws2::narrow(servicename);
  return ws2::connect_by_name(s, node, service, timeout, {LocalAddress, LocalAddressLength},
                              {RemoteAddress, RemoteAddressLength}, Reserved);
}

BOOL WSAAPI WSAConnectByList(SOCKET s, PSOCKET_ADDRESS_LIST SocketAddress,
                             LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress,
                             LPDWORD RemoteAddressLength, LPSOCKADDR RemoteAddress,
                             const timeval* timeout, LPWSAOVERLAPPED Reserved) {
  const int result = ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if (SocketAddress == nullptr || SocketAddress->iAddressCount <= 0) return WSAEINVAL;
    if (Reserved != nullptr) return WSAEINVAL;
    std::vector<ws2::Endpoint> endpoints;
    for (int i = 0; i < SocketAddress->iAddressCount; ++i) {
      const SOCKET_ADDRESS& entry = SocketAddress->Address[i];
      if (entry.lpSockaddr == nullptr) return WSAEFAULT;
      const bool is_six = entry.lpSockaddr->sa_family == AF_INET6;
      const int error = ws2::read_address(entry.lpSockaddr, entry.iSockaddrLength,
                                          is_six ? ws2::Family::kInet6 : ws2::Family::kInet,
                                          endpoints.emplace_back());
      if (error != 0) return error;
    }
    return ws2::connect_to_one_of(socket, endpoints, timeout, {LocalAddress, LocalAddressLength},
                                  {RemoteAddress, RemoteAddressLength});
  });
  return result == 0 ? TRUE : FALSE;
}
