// send, recv, WSASend, WSARecv.

#include <vector>

#include "api/buffers.hpp"
#include "api/call.hpp"
#include "ws2/functions.h"
#include "ws2/sockets.h"

namespace ws2 {
namespace {

bool is_message_oriented(const ServiceSocket& socket) {
  return (socket.entry().flags & XP1_MESSAGE_ORIENTED) != 0;
}

// The buffers as views; WSAEFAULT when one is unusable. `view` is octets() or room().
template <typename View, typename MakeView>
int views_of(const WSABUF* buffers, DWORD count, MakeView view, std::vector<View>& views) {
  if (buffers == nullptr && count != 0) return WSAEFAULT;
  for (DWORD i = 0; i < count; ++i) {
    if (!is_usable(buffers[i])) return WSAEFAULT;
    views.push_back(view(buffers[i]));
  }
  return 0;
}

int send(ServiceSocket& socket, std::span<const ByteView> buffers, DWORD flags, std::size_t& sent) {
  const bool is_partial = (flags & MSG_PARTIAL) != 0;
  if ((flags & ~static_cast<DWORD>(MSG_DONTROUTE | MSG_PARTIAL)) != 0) return WSAEOPNOTSUPP;
  if (is_partial && (socket.entry().flags & XP1_PARTIAL_MESSAGE) == 0) return WSAEOPNOTSUPP;
  return socket.send(buffers, !is_partial, sent);
}

// A receive with arguments that it cannot use.
int receive_faulty(ServiceSocket& socket) {
  ReceiveResult nothing;
  return socket.receive({}, {.is_faulty = true}, nothing);
}

int receive(ServiceSocket& socket, std::span<const MutableByteView> buffers, DWORD flags,
            ReceiveResult& received) {
  if ((flags & ~static_cast<DWORD>(MSG_PEEK | MSG_WAITALL | MSG_PARTIAL)) != 0) {
    return WSAEOPNOTSUPP;
  }
  ReceiveCall how;
  how.peek = (flags & MSG_PEEK) != 0;
  how.partial = (flags & MSG_PARTIAL) != 0;
  how.wait_for_all = (flags & MSG_WAITALL) != 0;
  // FLAG-05. A byte stream has no messages, and the flag means nothing there (TEAR-29).
  if (how.partial && is_message_oriented(socket) &&
      (socket.entry().flags & XP1_PARTIAL_MESSAGE) == 0) {
    return WSAEOPNOTSUPP;
  }
  // Peeking takes nothing, so there is nothing to go on waiting with; messages end by themselves.
  if (how.wait_for_all && (how.peek || is_message_oriented(socket))) return WSAEOPNOTSUPP;
  return socket.receive(buffers, how, received);
}

}  // namespace
}  // namespace ws2

int WSAAPI send(SOCKET s, const char* buf, int len, int flags) {
  std::size_t sent = 0;
  const int result = ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if (len < 0 || (buf == nullptr && len > 0)) return WSAEFAULT;
    const ws2::ByteView octets(reinterpret_cast<const std::uint8_t*>(buf),
                               static_cast<std::size_t>(len));
    return ws2::send(socket, {&octets, 1}, static_cast<DWORD>(flags), sent);
  });
  return result == 0 ? static_cast<int>(sent) : result;
}

int WSAAPI recv(SOCKET s, char* buf, int len, int flags) {
  ws2::ReceiveResult received;
  const int result = ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if (len < 0 || (buf == nullptr && len > 0)) return ws2::receive_faulty(socket);
    const ws2::MutableByteView room(reinterpret_cast<std::uint8_t*>(buf),
                                    static_cast<std::size_t>(len));
    return ws2::receive(socket, {&room, 1}, static_cast<DWORD>(flags), received);
  });
  return result == 0 ? static_cast<int>(received.bytes) : result;
}

int WSAAPI WSASend(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent,
                   DWORD dwFlags, LPWSAOVERLAPPED lpOverlapped,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    // Not an overlapped socket, whatever it was asked for as.
    if (lpOverlapped != nullptr) return WSAEINVAL;
    if (lpNumberOfBytesSent == nullptr) return WSAEFAULT;
    std::vector<ws2::ByteView> buffers;
    int error = ws2::views_of(lpBuffers, dwBufferCount, ws2::octets, buffers);
    std::size_t sent = 0;
    if (error == 0) error = ws2::send(socket, buffers, dwFlags, sent);
    if (error == 0) *lpNumberOfBytesSent = static_cast<DWORD>(sent);
    return error;
  });
}

int WSAAPI WSARecv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesRecvd,
                   LPDWORD lpFlags, LPWSAOVERLAPPED lpOverlapped,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if (lpOverlapped != nullptr) return WSAEINVAL;
    if (lpNumberOfBytesRecvd == nullptr || lpFlags == nullptr) return ws2::receive_faulty(socket);
    std::vector<ws2::MutableByteView> buffers;
    int error = ws2::views_of(lpBuffers, dwBufferCount, ws2::room, buffers);
    if (error == WSAEFAULT) return ws2::receive_faulty(socket);
    ws2::ReceiveResult received;
    error = ws2::receive(socket, buffers, *lpFlags, received);
    if (error == 0 || error == WSAEMSGSIZE) {
      *lpNumberOfBytesRecvd = static_cast<DWORD>(received.bytes);
      const bool is_partial = ws2::is_message_oriented(socket) && !received.end_of_message;
      *lpFlags = is_partial ? MSG_PARTIAL : 0;
    }
    return error;
  });
}
