// WSAEnumProtocols.

#include <algorithm>
#include <vector>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/protocol_info.hpp"
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

}  // namespace ws2

int WSAAPI WSAEnumProtocolsA(LPINT lpiProtocols, LPWSAPROTOCOL_INFOA lpProtocolBuffer,
                             LPDWORD lpdwBufferLength) {
  int count = 0;
  const int result = ws2::call([&] {
    if (lpdwBufferLength == nullptr) return WSAEFAULT;
    std::vector<WSAPROTOCOL_INFOA> found;
    for (const ws2::ProviderEntry& entry : ws2::provider_entries(ws2::process_edition())) {
      bool is_wanted = lpiProtocols == nullptr;
      for (const int* wanted = lpiProtocols; !is_wanted && *wanted != 0; ++wanted) {
        is_wanted = *wanted == entry.protocol;
      }
      if (is_wanted) found.push_back(ws2::protocol_info(entry));
    }
    const auto needed = static_cast<DWORD>(found.size() * sizeof(WSAPROTOCOL_INFOA));
    const bool has_room = *lpdwBufferLength >= needed;
    *lpdwBufferLength = needed;
    if (!has_room) return WSAENOBUFS;
    if (lpProtocolBuffer == nullptr && !found.empty()) return WSAEFAULT;
    std::copy(found.begin(), found.end(), lpProtocolBuffer);
    count = static_cast<int>(found.size());
    return 0;
  });
  return result == 0 ? count : result;
}
