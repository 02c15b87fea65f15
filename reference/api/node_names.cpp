// getnameinfo and GetNameInfoW.

#include <algorithm>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/wide.hpp"
#include "provider/resolver.hpp"
#include "ws2/names.h"

namespace ws2 {
namespace {

constexpr int kInsufficientBuffer = 122;  // ERROR_INSUFFICIENT_BUFFER

int read_name(const sockaddr* name, int length, Endpoint& endpoint) {
  if (name == nullptr) return WSAEFAULT;
  const bool is_six = name->sa_family == AF_INET6;
  return read_address(name, length, is_six ? Family::kInet6 : Family::kInet, endpoint);
}

template <typename Text, typename Character>
int give(const Text& text, Character* room, DWORD size) {
  if (room == nullptr || size == 0) return 0;
  if (text.size() >= size) return kInsufficientBuffer;
  std::copy_n(text.c_str(), text.size() + 1, room);
  return 0;
}

// `convert` makes the caller's kind of text.
template <typename Character, typename Convert>
int look_up(const sockaddr* name, int length, Character* host, DWORD host_room, Character* service,
            DWORD service_room, int flags, Convert convert) {
  return call_names([&] {
    constexpr int kKnown = NI_NOFQDN | NI_NUMERICHOST | NI_NAMEREQD | NI_NUMERICSERV | NI_DGRAM;
    const bool has_room =
        (host != nullptr && host_room > 0) || (service != nullptr && service_room > 0);
    Endpoint endpoint;
    int outcome = read_name(name, length, endpoint);
    if (outcome == 0 && (flags & ~kKnown) != 0) outcome = WSAEINVAL;
    if (outcome == 0 && !has_room) outcome = WSAHOST_NOT_FOUND;
    NameQuery query;
    query.fully_qualified = (flags & NI_NOFQDN) == 0;
    // Only what is wanted is looked for.
    query.numeric_host = (flags & NI_NUMERICHOST) != 0 || host == nullptr || host_room == 0;
    query.name_required = (flags & NI_NAMEREQD) != 0;
    query.numeric_service = (flags & NI_NUMERICSERV) != 0;
    Names names;
    if (outcome == 0) outcome = name_of(endpoint, query, names);
    if (outcome == 0) outcome = give(convert(names.host), host, host_room);
    if (outcome == 0) outcome = give(convert(names.service), service, service_room);
    return outcome;
  });
}

}  // namespace
}  // namespace ws2

INT WSAAPI getnameinfo(const sockaddr* name, INT name_length, char* host, DWORD host_room,
                       char* service, DWORD service_room, INT flags) {
  return ws2::look_up(name, name_length, host, host_room, service, service_room, flags,
                      [](const std::string& text) { return text; });
}

INT WSAAPI GetNameInfoW(const sockaddr* name, INT name_length, PWSTR host, DWORD host_room,
                        PWSTR service, DWORD service_room, INT flags) {
  return ws2::look_up(name, name_length, host, host_room, service, service_room, flags,
                      [](const std::string& text) { return ws2::widen(text); });
}
