// shutdown, WSASendDisconnect, WSARecvDisconnect.

#include "api/buffers.hpp"
#include "api/call.hpp"
#include "ws2/functions.h"
#include "ws2/sockets.h"

int WSAAPI shutdown(SOCKET s, int how) {
  return ws2::call(s, [how](ws2::ServiceSocket& socket) {
    if (how < SD_RECEIVE || how > SD_BOTH) return WSAEINVAL;
    return socket.shutdown(static_cast<ws2::ShutdownHow>(how));
  });
}

int WSAAPI WSASendDisconnect(SOCKET s, LPWSABUF lpOutboundDisconnectData) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    std::optional<ws2::ByteView> data;
    if (lpOutboundDisconnectData != nullptr) {
      if (!ws2::is_usable(*lpOutboundDisconnectData)) return WSAEFAULT;
      data = ws2::octets(*lpOutboundDisconnectData);
    }
    return socket.send_disconnect(data);
  });
}

int WSAAPI WSARecvDisconnect(SOCKET s, LPWSABUF lpInboundDisconnectData) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    std::optional<ws2::MutableByteView> room;
    if (lpInboundDisconnectData != nullptr) {
      if (!ws2::is_usable(*lpInboundDisconnectData)) return WSAEFAULT;
      room = ws2::room(*lpInboundDisconnectData);
    }
    std::size_t bytes = 0;
    const int error = socket.receive_disconnect(room, bytes);
    // TEAR-19, reference choice: the length becomes the number of octets, 0 for none.
    if (error == 0 && room) lpInboundDisconnectData->len = static_cast<ULONG>(bytes);
    return error;
  });
}
