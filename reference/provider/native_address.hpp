#pragma once

#include <sys/socket.h>

#include <optional>

#include "provider/endpoint.hpp"

namespace ws2 {

// An Endpoint as libc's functions take it.
struct NativeAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  NativeAddress() = default;
  explicit NativeAddress(const Endpoint& endpoint);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }

  // Nothing for a family that no provider here has.
  std::optional<Endpoint> endpoint() const;
};

int native_family(Family family);

// The names of the socket's two ends; nothing when it has none.
std::optional<Endpoint> local_endpoint(int fd);
std::optional<Endpoint> peer_endpoint(int fd);

}  // namespace ws2
