// connect and WSAConnect.

#include "api/addresses.hpp"
#include "api/buffers.hpp"
#include "api/call.hpp"
#include "api/qos.hpp"
#include "ws2/functions.h"
#include "ws2/sockets.h"

int WSAAPI connect(SOCKET s, const sockaddr* name, int namelen) {
  return WSAConnect(s, name, namelen, nullptr, nullptr, nullptr, nullptr);
}

int WSAAPI WSAConnect(SOCKET s, const sockaddr* name, int namelen, LPWSABUF lpCallerData,
                      LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    ws2::ConnectCall connect;
    const int error = ws2::read_address(name, namelen, socket.entry().family, connect.to);
    if (error != 0) return error;
    // UDATA-19.
    if (lpGQOS != nullptr) return WSAEINVAL;
    if (lpSQOS != nullptr) {
      if (const int bad = ws2::read_qos(*lpSQOS, connect.qos.emplace()); bad != 0) return bad;
    }
    if (lpCallerData != nullptr) {
      if (!ws2::is_usable(*lpCallerData)) return WSAEFAULT;
      // UDATA-04, reference choice: no octets are no data.
      connect.caller_data = ws2::octets(*lpCallerData);
    }
    if (lpCalleeData != nullptr) {
      if (!ws2::is_usable(*lpCalleeData)) return WSAEFAULT;
      const ws2::MutableByteView room = ws2::room(*lpCalleeData);
      connect.callee = ws2::OutBytes{room.data(), room.size(), &lpCalleeData->len};
    }
    return socket.connect(connect);
  });
}
