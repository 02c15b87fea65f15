#include "api/addresses.hpp"

#include <cstring>

#include "ws2/errors.h"

namespace ws2 {

PublicAddress::PublicAddress(const Endpoint& endpoint) : size(address_size(endpoint.family)) {
  if (endpoint.family == Family::kInet) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.address.data(), sizeof in.sin_addr);
    std::memcpy(&storage, &in, sizeof in);
  } else {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(endpoint.port);
    in6.sin6_flowinfo = endpoint.flow_info;
    in6.sin6_scope_id = endpoint.scope_id;
    std::memcpy(&in6.sin6_addr, endpoint.address.data(), sizeof in6.sin6_addr);
    std::memcpy(&storage, &in6, sizeof in6);
  }
}

int read_address(const sockaddr* name, int size, Family family, Endpoint& endpoint) {
  if (name == nullptr || size < address_size(family)) return WSAEFAULT;
  if (name->sa_family != family_number(family)) return WSAEAFNOSUPPORT;
  endpoint = {};
  endpoint.family = family;
  if (family == Family::kInet) {
    sockaddr_in in;
    std::memcpy(&in, name, sizeof in);
    endpoint.port = ntohs(in.sin_port);
    std::memcpy(endpoint.address.data(), &in.sin_addr, sizeof in.sin_addr);
  } else {
    sockaddr_in6 in6;
    std::memcpy(&in6, name, sizeof in6);
    endpoint.port = ntohs(in6.sin6_port);
    endpoint.flow_info = in6.sin6_flowinfo;
    endpoint.scope_id = in6.sin6_scope_id;
    std::memcpy(endpoint.address.data(), &in6.sin6_addr, sizeof in6.sin6_addr);
  }
  return 0;
}

int write_address(const Endpoint& endpoint, sockaddr* name, int* size) {
  const PublicAddress address(endpoint);
  if (name == nullptr || size == nullptr || *size < address.size) return WSAEFAULT;
  std::memcpy(name, &address.storage, static_cast<std::size_t>(address.size));
  *size = address.size;
  return 0;
}

}  // namespace ws2
