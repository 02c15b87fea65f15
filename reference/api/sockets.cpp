// Making, naming and closing sockets.

#include "ws2/sockets.h"

#include <algorithm>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/protocol_info.hpp"
#include "ws2/functions.h"

namespace ws2 {
namespace {

// The entry that socket() means: the first that fits.
int choose(int family, int type, int protocol, const ProviderEntry*& chosen) {
  bool has_family = false;
  bool has_type = false;
  bool has_protocol = false;
  for (const ProviderEntry& entry : provider_entries(process_edition())) {
    if (family_number(entry.family) != family) continue;
    has_family = true;
    has_protocol = has_protocol || entry.protocol == protocol;
    if (static_cast<int>(entry.type) != type) continue;
    has_type = true;
    if (protocol == 0 ? !entry.matches_zero : entry.protocol != protocol) continue;
    chosen = &entry;
    return 0;
  }
  if (!has_family) return WSAEAFNOSUPPORT;
  if (has_protocol) return WSAEPROTOTYPE;
  return has_type ? WSAEPROTONOSUPPORT : WSAESOCKTNOSUPPORT;
}

// The entry that WSASocket's protocol information names; the numbers may repeat what it says.
int choose(int family, int type, int protocol, const WSAPROTOCOL_INFOA& info,
           const ProviderEntry*& chosen) {
  const ProviderEntry* entry = find_provider(info.dwCatalogEntryId, process_edition());
  if (entry == nullptr) return WSAEINVAL;
  const auto agrees = [](int given, int own) {
    return given == FROM_PROTOCOL_INFO || given == own;
  };
  if (!agrees(family, family_number(entry->family)) && family != AF_UNSPEC) return WSAEAFNOSUPPORT;
  if (!agrees(type, static_cast<int>(entry->type)) && type != 0) return WSAEPROTOTYPE;
  if (!agrees(protocol, entry->protocol) && protocol != 0) return WSAEPROTONOSUPPORT;
  chosen = entry;
  return 0;
}

int open(const ProviderEntry& entry, bool is_overlapped, GROUP group, SOCKET& made) {
  std::shared_ptr<ServiceSocket> socket;
  if (const int error = installed_provider().open(entry, socket); error != 0) return error;
  if (!is_overlapped) (void)socket->set_option(Option::kOverlapped, 0);
  if (const int error = socket->join_group(group); error != 0) {
    (void)socket->close();
    return error;
  }
  return give_handle(socket, made);
}

}  // namespace
}  // namespace ws2

SOCKET WSAAPI socket(int family, int type, int protocol) {
  return WSASocketA(family, type, protocol, nullptr, 0, WSA_FLAG_OVERLAPPED);
}

SOCKET WSAAPI WSASocketA(int af, int type, int protocol, LPWSAPROTOCOL_INFOA lpProtocolInfo,
                         GROUP g, DWORD dwFlags) {
  SOCKET made = INVALID_SOCKET;
  ws2::call([&] {
    // No provider has multipoint sessions.
    if ((dwFlags & ~static_cast<DWORD>(WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT)) != 0) {
      return WSAEINVAL;
    }
    const ws2::ProviderEntry* entry = nullptr;
    const int error = lpProtocolInfo != nullptr
                          ? ws2::choose(af, type, protocol, *lpProtocolInfo, entry)
                          : ws2::choose(af, type, protocol, entry);
    return error != 0 ? error : ws2::open(*entry, (dwFlags & WSA_FLAG_OVERLAPPED) != 0, g, made);
  });
  return made;
}

SOCKET WSAAPI WSASocketW(int af, int type, int protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                         GROUP g, DWORD dwFlags) {
  if (lpProtocolInfo == nullptr) return WSASocketA(af, type, protocol, nullptr, g, dwFlags);
  WSAPROTOCOL_INFOA info = ws2::narrow(*lpProtocolInfo);
  return WSASocketA(af, type, protocol, &info, g, dwFlags);
}

int WSAAPI closesocket(SOCKET s) {
  return ws2::call(s, [s](ws2::ServiceSocket& socket) {
    const int error = socket.close();
    if (error != WSAEWOULDBLOCK) ws2::sockets().remove(s);
    return error;
  });
}

int WSAAPI bind(SOCKET s, const sockaddr* name, int namelen) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    ws2::Endpoint endpoint;
    const int error = ws2::read_address(name, namelen, socket.entry().family, endpoint);
    // An address of another family counts as unusable here (bind's list has no other code).
    if (error != 0) return WSAEFAULT;
    return socket.bind(endpoint);
  });
}

int WSAAPI listen(SOCKET s, int backlog) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) { return socket.listen(backlog); });
}

int WSAAPI getsockname(SOCKET s, sockaddr* name, int* namelen) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    ws2::Endpoint endpoint;
    const int error = socket.local_name(endpoint);
    return error != 0 ? error : ws2::write_address(endpoint, name, namelen);
  });
}

int WSAAPI getpeername(SOCKET s, sockaddr* name, int* namelen) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    ws2::Endpoint endpoint;
    const int error = socket.peer_name(endpoint);
    return error != 0 ? error : ws2::write_address(endpoint, name, namelen);
  });
}
