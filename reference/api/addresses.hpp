#pragma once

#include "provider/endpoint.hpp"
#include "ws2/addresses.h"

// The application's socket addresses. Functions that can fail return 0 or a WSA error number.
namespace ws2 {

constexpr int address_size(Family family) {
  return static_cast<int>(family == Family::kInet ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
}
constexpr int family_number(Family family) {
  return family == Family::kInet ? AF_INET : AF_INET6;
}

/// The address as the application gets it.
struct PublicAddress {
  sockaddr_storage storage{};
  int size;

  explicit PublicAddress(const Endpoint& endpoint);
};

/// WSAEFAULT for one that is missing or too short, WSAEAFNOSUPPORT for a family that is not
/// `family`.
int read_address(const sockaddr* name, int size, Family family, Endpoint& endpoint);
/// Into `*size` octets at `name`; WSAEFAULT when there is no room, then nothing is written.
int write_address(const Endpoint& endpoint, sockaddr* name, int* size);

}  // namespace ws2
