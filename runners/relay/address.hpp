// Socket addresses as the protocol writes them: "127.0.0.1:80", "[::1]:80".
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace ws2conform::relay {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  bool is_ipv6() const { return storage.ss_family == AF_INET6; }
  std::uint16_t port() const;  // host order
  Address with_port_0() const;
  std::string octets() const;  // of the IP address, network order: 4 or 16
  sockaddr* pointer() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* pointer() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// Nothing for text that is no address with a port.
std::optional<Address> parse_address(const std::string& text);

std::string to_string(const Address& address);

Address local_address(int socket);
Address peer_address(int socket);

}  // namespace ws2conform::relay
