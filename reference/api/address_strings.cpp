// WSAAddressToString and WSAStringToAddress.

#include "api/address_strings.hpp"

#include <algorithm>
#include <charconv>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/wide.hpp"
#include "provider/address_text.hpp"
#include "ws2/functions.h"

namespace ws2 {
namespace {

template <typename Number>
bool parse_number(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end && !text.empty();
}

}  // namespace

std::string address_string(const Endpoint& endpoint) {
  std::string text = format_address(endpoint.family, endpoint.address);
  if (endpoint.scope_id != 0) text += '%' + std::to_string(endpoint.scope_id);
  if (endpoint.port == 0) return text;
  if (endpoint.family == Family::kInet6) text = '[' + text + ']';
  return text + ':' + std::to_string(endpoint.port);
}

std::optional<Endpoint> parse_address_string(Family family, const std::string& text) {
  Endpoint endpoint;
  endpoint.family = family;
  std::string address = text;
  std::string port;
  bool has_port = false;
  const std::size_t closing = text.find(']');
  if (family == Family::kInet6 && text.starts_with('[')) {
    if (closing == std::string::npos) return std::nullopt;
    address = text.substr(1, closing - 1);
    const std::string rest = text.substr(closing + 1);
    has_port = !rest.empty();
    if (has_port && !rest.starts_with(':')) return std::nullopt;
    if (has_port) port = rest.substr(1);
  } else if (family == Family::kInet) {
    const std::size_t colon = text.find(':');
    has_port = colon != std::string::npos;
    address = text.substr(0, colon);
    if (has_port) port = text.substr(colon + 1);
  }
  if (has_port && !parse_number(port, endpoint.port)) return std::nullopt;
  if (const std::size_t percent = address.find('%'); percent != std::string::npos) {
    if (!parse_number(address.substr(percent + 1), endpoint.scope_id)) return std::nullopt;
    address.resize(percent);
  }
  const auto octets = parse_address(family, address);
  if (!octets) return std::nullopt;
  endpoint.address = *octets;
  return endpoint;
}

namespace {

/// The protocol information may be left out; where it is there it has to be about the family.
template <typename Info>
bool agrees(const Info* info, int family) {
  return info == nullptr || info->iAddressFamily == family;
}

template <typename Info, typename Character, typename Convert>
int give_string(const sockaddr* address, DWORD size, const Info* info, Character* room,
                DWORD* length, Convert convert) {
  return call([&] {
    if (address == nullptr || length == nullptr) return WSAEFAULT;
    const int family = address->sa_family;
    if (family != AF_INET && family != AF_INET6) return WSAEINVAL;
    if (!agrees(info, family)) return WSAEINVAL;
    Endpoint endpoint;
    const Family own = family == AF_INET ? Family::kInet : Family::kInet6;
    if (const int error = read_address(address, static_cast<int>(size), own, endpoint);
        error != 0) {
      return error;
    }
    const auto text = convert(address_string(endpoint));
    const DWORD has = *length;
    const auto needed = static_cast<DWORD>(text.size() + 1);
    *length = needed;
    if (room == nullptr || has < needed) return WSAEFAULT;
    std::copy_n(text.c_str(), needed, room);
    return 0;
  });
}

template <typename Info>
int to_address(const std::optional<std::string>& text, int family, const Info* info,
               sockaddr* address, int* length) {
  return call([&] {
    if (address == nullptr || length == nullptr) return WSAEFAULT;
    if ((family != AF_INET && family != AF_INET6) || !agrees(info, family)) return WSAEINVAL;
    if (!text) return WSAEINVAL;
    const Family own = family == AF_INET ? Family::kInet : Family::kInet6;
    const auto endpoint = parse_address_string(own, *text);
    if (!endpoint) return WSAEINVAL;
    const bool has_room = *length >= address_size(own);
    if (!has_room) {
      *length = address_size(own);
      return WSAEFAULT;
    }
    return write_address(*endpoint, address, length);
  });
}

}  // namespace
}  // namespace ws2

INT WSAAPI WSAAddressToStringA(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
                               LPWSAPROTOCOL_INFOA lpProtocolInfo, LPSTR lpszAddressString,
                               LPDWORD lpdwAddressStringLength) {
  return ws2::give_string(lpsaAddress, dwAddressLength, lpProtocolInfo, lpszAddressString,
                          lpdwAddressStringLength, [](std::string text) { return text; });
}

INT WSAAPI WSAAddressToStringW(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
                               LPWSAPROTOCOL_INFOW lpProtocolInfo, LPWSTR lpszAddressString,
                               LPDWORD lpdwAddressStringLength) {
  return ws2::give_string(lpsaAddress, dwAddressLength, lpProtocolInfo, lpszAddressString,
                          lpdwAddressStringLength,
                          [](const std::string& text) { return ws2::widen(text); });
}

INT WSAAPI WSAStringToAddressA(LPSTR AddressString, INT AddressFamily,
                               LPWSAPROTOCOL_INFOA lpProtocolInfo, LPSOCKADDR lpAddress,
                               LPINT lpAddressLength) {
  std::optional<std::string> text;
  if (AddressString != nullptr) text = AddressString;
  return ws2::to_address(text, AddressFamily, lpProtocolInfo, lpAddress, lpAddressLength);
}

INT WSAAPI WSAStringToAddressW(LPWSTR AddressString, INT AddressFamily,
                               LPWSAPROTOCOL_INFOW lpProtocolInfo, LPSOCKADDR lpAddress,
                               LPINT lpAddressLength) {
  std::optional<std::string> text;
  if (AddressString != nullptr) text = ws2::narrow(AddressString);
  return ws2::to_address(text, AddressFamily, lpProtocolInfo, lpAddress, lpAddressLength);
}
