// Octet order, and addresses as text.

#include <bit>
#include <cstring>
#include <string>

#include "api/last_error.hpp"
#include "provider/address_text.hpp"
#include "ws2/names.h"

const in6_addr in6addr_any = IN6ADDR_ANY_INIT;
const in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;

ULONG WSAAPI htonl(ULONG hostlong) {
  return std::endian::native == std::endian::little ? __builtin_bswap32(hostlong) : hostlong;
}

ULONG WSAAPI ntohl(ULONG netlong) {
  return htonl(netlong);
}

u_short WSAAPI htons(u_short hostshort) {
  return std::endian::native == std::endian::little ? __builtin_bswap16(hostshort) : hostshort;
}

u_short WSAAPI ntohs(u_short netshort) {
  return htons(netshort);
}

ULONG WSAAPI inet_addr(const char* text) {
  const auto octets = text != nullptr ? ws2::parse_loose_inet(text) : std::nullopt;
  if (!octets) return INADDR_NONE;
  ULONG address;
  std::memcpy(&address, octets->data(), sizeof address);
  return address;
}

char* WSAAPI inet_ntoa(in_addr address) {
  thread_local char text[INET_ADDRSTRLEN];
  return const_cast<char*>(inet_ntop(AF_INET, &address, text, sizeof text));
}

namespace {

bool read_family(int number, ws2::Family& family) {
  if (number != AF_INET && number != AF_INET6) return false;
  family = number == AF_INET ? ws2::Family::kInet : ws2::Family::kInet6;
  return true;
}

}  // namespace

int WSAAPI inet_pton(int number, const char* text, void* address) {
  ws2::Family family;
  if (!read_family(number, family)) {
    ws2::fail(WSAEAFNOSUPPORT);
    return -1;
  }
  if (text == nullptr || address == nullptr) {
    ws2::fail(WSAEFAULT);
    return -1;
  }
  const auto octets = ws2::parse_address(family, text);
  if (!octets) return 0;
  std::memcpy(address, octets->data(), family == ws2::Family::kInet ? 4 : 16);
  return 1;
}

const char* WSAAPI inet_ntop(int number, const void* address, char* text, size_t size) {
  ws2::Family family;
  if (!read_family(number, family)) {
    ws2::fail(WSAEAFNOSUPPORT);
    return nullptr;
  }
  if (text == nullptr || address == nullptr) {
    ws2::fail(WSA_INVALID_PARAMETER);
    return nullptr;
  }
  ws2::AddressOctets octets{};
  std::memcpy(octets.data(), address, family == ws2::Family::kInet ? 4 : 16);
  const std::string written = ws2::format_address(family, octets);
  if (written.size() >= size) {
    ws2::fail(WSA_INVALID_PARAMETER);
    return nullptr;
  }
  std::memcpy(text, written.c_str(), written.size() + 1);
  return text;
}
