#include "provider/address_text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "provider/native_address.hpp"

namespace ws2 {

std::optional<AddressOctets> parse_address(Family family, const std::string& text) {
  AddressOctets octets{};
  if (::inet_pton(native_family(family), text.c_str(), octets.data()) != 1) return std::nullopt;
  return octets;
}

std::optional<AddressOctets> parse_loose_inet(const std::string& text) {
  in_addr address;
  if (::inet_aton(text.c_str(), &address) == 0) return std::nullopt;
  AddressOctets octets{};
  std::memcpy(octets.data(), &address, sizeof address);
  return octets;
}

std::string format_address(Family family, const AddressOctets& octets) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(native_family(family), octets.data(), text, sizeof text);
  return text;
}

}  // namespace ws2
