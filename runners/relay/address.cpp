#include "runners/relay/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace ws2conform::relay {
namespace {

// For a family that is one of the two.
const sockaddr_in& v4(const Address& address) {
  return reinterpret_cast<const sockaddr_in&>(address.storage);
}
const sockaddr_in6& v6(const Address& address) {
  return reinterpret_cast<const sockaddr_in6&>(address.storage);
}

}  // namespace

std::uint16_t Address::port() const {
  return ntohs(is_ipv6() ? v6(*this).sin6_port : v4(*this).sin_port);
}

Address Address::with_port_0() const {
  Address other = *this;
  if (is_ipv6()) {
    reinterpret_cast<sockaddr_in6&>(other.storage).sin6_port = 0;
  } else {
    reinterpret_cast<sockaddr_in&>(other.storage).sin_port = 0;
  }
  return other;
}

std::string Address::octets() const {
  if (is_ipv6()) return {reinterpret_cast<const char*>(&v6(*this).sin6_addr), 16};
  return {reinterpret_cast<const char*>(&v4(*this).sin_addr), 4};
}

std::optional<Address> parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  std::uint16_t port = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + colon + 1, last, port);
  if (error != std::errc() || end != last) return std::nullopt;
  Address address;
  const std::string host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    auto& in6 = reinterpret_cast<sockaddr_in6&>(address.storage);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    address.length = sizeof in6;
    const std::string inner = host.substr(1, host.size() - 2);
    if (::inet_pton(AF_INET6, inner.c_str(), &in6.sin6_addr) != 1) return std::nullopt;
  } else {
    auto& in = reinterpret_cast<sockaddr_in&>(address.storage);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    address.length = sizeof in;
    if (::inet_pton(AF_INET, host.c_str(), &in.sin_addr) != 1) return std::nullopt;
  }
  return address;
}

std::string to_string(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.is_ipv6()) {
    ::inet_ntop(AF_INET6, &v6(address).sin6_addr, text, sizeof text);
    return fmt::format("[{}]:{}", text, address.port());
  }
  ::inet_ntop(AF_INET, &v4(address).sin_addr, text, sizeof text);
  return fmt::format("{}:{}", text, address.port());
}

Address local_address(int socket) {
  Address address;
  address.length = sizeof address.storage;
  ::getsockname(socket, address.pointer(), &address.length);
  return address;
}

Address peer_address(int socket) {
  Address address;
  address.length = sizeof address.storage;
  ::getpeername(socket, address.pointer(), &address.length);
  return address;
}

}  // namespace ws2conform::relay
