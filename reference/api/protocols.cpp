// WSAEnumProtocols.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/protocol_info.hpp"
#include "api/wide.hpp"
#include "ws2/functions.h"

namespace ws2 {

WSAPROTOCOL_INFOA protocol_info(const ProviderEntry& entry) {
  WSAPROTOCOL_INFOA info{};
  info.dwServiceFlags1 = entry.flags;
  info.dwProviderFlags = entry.matches_zero ? PFL_MATCHES_PROTOCOL_ZERO : 0;
  info.ProviderId = {0x77733272, 0x6566, 0x4000, {0x80, 0, 0, 0, 0, 0, 0, 0}};
  // One for each name: the entries of its families are one provider's.
  for (std::size_t i = 0; i < 7 && i < entry.name.size(); ++i) {
    info.ProviderId.Data4[i + 1] = static_cast<UCHAR>(entry.name[i]);
  }
  info.dwCatalogEntryId = entry.catalog_id;
  info.ProtocolChain.ChainLen = BASE_PROTOCOL;
  info.iVersion = 2;
  info.iAddressFamily = family_number(entry.family);
  info.iMaxSockAddr = address_size(entry.family);
  info.iMinSockAddr = address_size(entry.family);
  info.iSocketType = static_cast<int>(entry.type);
  info.iProtocol = entry.protocol;
  info.iNetworkByteOrder = BIGENDIAN;
  info.iSecurityScheme = SECURITY_PROTOCOL_NONE;
  info.dwMessageSize = entry.message_size;
  entry.name.copy(info.szProtocol, WSAPROTOCOL_LEN);
  return info;
}

namespace {

// The two structures are alike up to the name.
constexpr std::size_t kCommon = offsetof(WSAPROTOCOL_INFOA, szProtocol);
static_assert(kCommon == offsetof(WSAPROTOCOL_INFOW, szProtocol));

}  // namespace

WSAPROTOCOL_INFOW widen(const WSAPROTOCOL_INFOA& info) {
  WSAPROTOCOL_INFOW wide{};
  std::memcpy(&wide, &info, kCommon);
  widen(std::string_view(info.szProtocol)).copy(wide.szProtocol, WSAPROTOCOL_LEN);
  return wide;
}

WSAPROTOCOL_INFOA narrow(const WSAPROTOCOL_INFOW& info) {
  WSAPROTOCOL_INFOA made{};
  std::memcpy(&made, &info, kCommon);
  // The application's array may lack its terminator.
  const WideText name(info.szProtocol, WSAPROTOCOL_LEN);
  if (const auto text = narrow(name.c_str())) text->copy(made.szProtocol, WSAPROTOCOL_LEN);
  return made;
}

namespace {

// `make` gives the entry's structure of the width wanted.
template <typename Info, typename Make>
int enumerate(const int* protocols, Info* room, DWORD* size, Make make) {
  int count = 0;
  const int result = call([&] {
    if (size == nullptr) return WSAEFAULT;
    std::vector<Info> found;
    for (const ProviderEntry& entry : provider_entries()) {
      bool is_wanted = protocols == nullptr;
      for (const int* wanted = protocols; !is_wanted && *wanted != 0; ++wanted) {
        is_wanted = *wanted == entry.protocol;
      }
      if (is_wanted) found.push_back(make(entry));
    }
    const auto needed = static_cast<DWORD>(found.size() * sizeof(Info));
    const bool has_room = *size >= needed;
    *size = needed;
    if (!has_room) return WSAENOBUFS;
    if (room == nullptr && !found.empty()) return WSAEFAULT;
    std::copy(found.begin(), found.end(), room);
    count = static_cast<int>(found.size());
    return 0;
  });
  return result == 0 ? count : result;
}

}  // namespace
}  // namespace ws2

int WSAAPI WSAEnumProtocolsA(LPINT lpiProtocols, LPWSAPROTOCOL_INFOA lpProtocolBuffer,
                             LPDWORD lpdwBufferLength) {
  return ws2::enumerate(lpiProtocols, lpProtocolBuffer, lpdwBufferLength, ws2::protocol_info);
}

int WSAAPI WSAEnumProtocolsW(LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                             LPDWORD lpdwBufferLength) {
  return ws2::enumerate(
      lpiProtocols, lpProtocolBuffer, lpdwBufferLength,
      [](const ws2::ProviderEntry& entry) { return ws2::widen(ws2::protocol_info(entry)); });
}
