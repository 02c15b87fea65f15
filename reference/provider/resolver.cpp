#include "provider/resolver.hpp"

#include <netdb.h>
#include <strings.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "provider/native_address.hpp"
#include "provider/native_error.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

int winsock_resolver_error(int native) {
  switch (native) {
    case EAI_AGAIN:
      return WSATRY_AGAIN;
    case EAI_BADFLAGS:
      return WSAEINVAL;
    case EAI_FAMILY:
      return WSAEAFNOSUPPORT;
    case EAI_MEMORY:
      return WSA_NOT_ENOUGH_MEMORY;
    case EAI_NONAME:
      return WSAHOST_NOT_FOUND;
    case EAI_SERVICE:
      return WSATYPE_NOT_FOUND;
    case EAI_SOCKTYPE:
      return WSAESOCKTNOSUPPORT;
    case EAI_SYSTEM:
      return winsock_error(errno);
    default:
      return WSANO_RECOVERY;
  }
}

}  // namespace

int resolve(const Query& query, Answer& answer) {
  addrinfo hints{};
  hints.ai_family = query.family ? native_family(*query.family) : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = (query.passive ? AI_PASSIVE : 0) | (query.canonical_name ? AI_CANONNAME : 0) |
                   (query.numeric_host ? AI_NUMERICHOST : 0) |
                   (query.numeric_service ? AI_NUMERICSERV : 0);
  const char* node = query.node ? query.node->c_str() : nullptr;
  const char* service = query.service ? query.service->c_str() : nullptr;
  // "localhost" is the loopback address whatever the system's files say (RFC 6761, 6.3): no node
  // means that to libc, which then wants a service and no canonical name.
  const bool local = node != nullptr && !query.numeric_host && ::strcasecmp(node, "localhost") == 0;
  if (local) {
    hints.ai_flags &= ~(AI_PASSIVE | AI_CANONNAME);
    node = nullptr;
    if (service == nullptr) service = "0";
  }
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(node, service, &hints, &list);
  if (error != 0) return winsock_resolver_error(error);
  answer = {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    NativeAddress address;
    address.size = entry->ai_addrlen;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    if (const auto endpoint = address.endpoint()) answer.endpoints.push_back(*endpoint);
    if (entry->ai_canonname != nullptr) answer.canonical_name = entry->ai_canonname;
  }
  if (local && query.canonical_name) answer.canonical_name = "localhost";
  return answer.endpoints.empty() ? WSANO_DATA : 0;
}

int name_of(const Endpoint& endpoint, const NameQuery& query, Names& names) {
  const NativeAddress address(endpoint);
  const int flags =
      (query.fully_qualified ? 0 : NI_NOFQDN) | (query.numeric_host ? NI_NUMERICHOST : 0) |
      (query.name_required ? NI_NAMEREQD : 0) | (query.numeric_service ? NI_NUMERICSERV : 0);
  char host[NI_MAXHOST];
  char service[NI_MAXSERV];
  const int error =
      ::getnameinfo(address.get(), address.size, host, sizeof host, service, sizeof service, flags);
  if (error != 0) return winsock_resolver_error(error);
  names = {host, service};
  return 0;
}

}  // namespace ws2
