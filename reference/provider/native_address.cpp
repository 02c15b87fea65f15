#include "provider/native_address.hpp"

#include <netinet/in.h>

#include <cstring>

namespace ws2 {

NativeAddress::NativeAddress(const Endpoint& endpoint) {
  if (endpoint.family == Family::kInet) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.address.data(), sizeof in.sin_addr);
    std::memcpy(&storage, &in, sizeof in);
    size = sizeof in;
  } else {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(endpoint.port);
    in6.sin6_flowinfo = endpoint.flow_info;
    in6.sin6_scope_id = endpoint.scope_id;
    std::memcpy(&in6.sin6_addr, endpoint.address.data(), sizeof in6.sin6_addr);
    std::memcpy(&storage, &in6, sizeof in6);
    size = sizeof in6;
  }
}

std::optional<Endpoint> NativeAddress::endpoint() const {
  Endpoint endpoint;
  if (storage.ss_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in in;
    std::memcpy(&in, &storage, sizeof in);
    endpoint.port = ntohs(in.sin_port);
    std::memcpy(endpoint.address.data(), &in.sin_addr, sizeof in.sin_addr);
    return endpoint;
  }
  if (storage.ss_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in6;
    std::memcpy(&in6, &storage, sizeof in6);
    endpoint.family = Family::kInet6;
    endpoint.port = ntohs(in6.sin6_port);
    endpoint.flow_info = in6.sin6_flowinfo;
    endpoint.scope_id = in6.sin6_scope_id;
    std::memcpy(endpoint.address.data(), &in6.sin6_addr, sizeof in6.sin6_addr);
    return endpoint;
  }
  return std::nullopt;
}

int native_family(Family family) {
  return family == Family::kInet ? AF_INET : AF_INET6;
}

std::optional<Endpoint> local_endpoint(int fd) {
  NativeAddress address;
  if (::getsockname(fd, address.get(), &address.size) != 0) return std::nullopt;
  return address.endpoint();
}

std::optional<Endpoint> peer_endpoint(int fd) {
  NativeAddress address;
  if (::getpeername(fd, address.get(), &address.size) != 0) return std::nullopt;
  return address.endpoint();
}

}  // namespace ws2
