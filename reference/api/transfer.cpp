// send, recv, WSASend, WSARecv.

#include <vector>

#include "api/buffers.hpp"
#include "api/call.hpp"
#include "api/overlapped.hpp"
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

int check_send(const ServiceSocket& socket, DWORD flags) {
  if ((flags & ~static_cast<DWORD>(MSG_DONTROUTE | MSG_PARTIAL)) != 0) return WSAEOPNOTSUPP;
  const bool takes_partial = (socket.entry().flags & XP1_PARTIAL_MESSAGE) != 0;
  return (flags & MSG_PARTIAL) == 0 || takes_partial ? 0 : WSAEOPNOTSUPP;
}

int send(ServiceSocket& socket, std::span<const ByteView> buffers, DWORD flags, std::size_t& sent) {
  const int error = check_send(socket, flags);
  return error != 0 ? error : socket.send(buffers, (flags & MSG_PARTIAL) == 0, sent);
}

// A receive with arguments that it cannot use.
int receive_faulty(ServiceSocket& socket) {
  ReceiveResult nothing;
  return socket.receive({}, {.is_faulty = true}, nothing);
}

int read_flags(const ServiceSocket& socket, DWORD flags, ReceiveCall& how) {
  if ((flags & ~static_cast<DWORD>(MSG_PEEK | MSG_WAITALL | MSG_PARTIAL)) != 0) {
    return WSAEOPNOTSUPP;
  }
  how.peek = (flags & MSG_PEEK) != 0;
  how.partial = (flags & MSG_PARTIAL) != 0;
  how.wait_for_all = (flags & MSG_WAITALL) != 0;
  // FLAG-05. A byte stream has no messages, and the flag means nothing there (TEAR-29).
  if (how.partial && is_message_oriented(socket) &&
      (socket.entry().flags & XP1_PARTIAL_MESSAGE) == 0) {
    return WSAEOPNOTSUPP;
  }
  // Peeking takes nothing, so there is nothing to go on waiting with; messages end by themselves.
  const bool is_possible = !how.wait_for_all || !(how.peek || is_message_oriented(socket));
  return is_possible ? 0 : WSAEOPNOTSUPP;
}

int receive(ServiceSocket& socket, std::span<const MutableByteView> buffers, DWORD flags,
            ReceiveResult& received) {
  ReceiveCall how;
  const int error = read_flags(socket, flags, how);
  return error != 0 ? error : socket.receive(buffers, how, received);
}

/// What the flags are after a receive.
DWORD flags_after(bool is_message_oriented, bool end_of_message) {
  return is_message_oriented && !end_of_message ? MSG_PARTIAL : 0;
}

bool is_overlapped(ServiceSocket& socket) {
  int value = 0;
  return socket.get_option(Option::kOverlapped, value) == 0 && value != 0;
}

/// Starts an operation; one that comes to nothing does not stay pending.
template <typename Start>
int start(Overlapped& operation, Start start) {
  int error = operation.begin();
  if (error != 0) return error;
  error = WSAENOBUFS;
  try {
    error = start();
  } catch (const std::bad_alloc&) {
  }
  if (error != 0 && error != WSA_IO_PENDING) operation.fail(error);
  return error;
}

int send_overlapped(ServiceSocket& socket, std::span<const ByteView> buffers, DWORD flags,
                    WSAOVERLAPPED& overlapped, LPDWORD sent) {
  if (const int error = check_send(socket, flags); error != 0) return error;
  Overlapped operation(overlapped);
  std::size_t bytes = 0;
  const int error = start(operation, [&] {
    return socket.start_send(buffers, (flags & MSG_PARTIAL) == 0, bytes,
                             [operation](const OverlappedOutcome& outcome) mutable {
                               operation.complete(outcome.error, outcome.bytes, 0);
                             });
  });
  if (error == 0 && sent != nullptr) *sent = static_cast<DWORD>(bytes);
  if (error == 0) operation.complete(0, bytes, 0);
  return error;
}

int receive_overlapped(ServiceSocket& socket, std::span<const MutableByteView> buffers,
                       DWORD& flags, WSAOVERLAPPED& overlapped, LPDWORD received) {
  ReceiveCall how;
  if (const int error = read_flags(socket, flags, how); error != 0) return error;
  // Only for calls that are not overlapped.
  if (how.peek) return WSAEOPNOTSUPP;
  Overlapped operation(overlapped);
  const bool has_messages = is_message_oriented(socket);
  ReceiveResult result;
  const int error = start(operation, [&] {
    return socket.start_receive(
        buffers, how, result, [operation, has_messages](const OverlappedOutcome& outcome) mutable {
          operation.complete(outcome.error, outcome.bytes,
                             flags_after(has_messages, outcome.end_of_message));
        });
  });
  if (error == 0 || error == WSAEMSGSIZE) {
    if (received != nullptr) *received = static_cast<DWORD>(result.bytes);
    flags = flags_after(has_messages, result.end_of_message);
  }
  if (error == 0) operation.complete(0, result.bytes, flags);
  return error;
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
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    const bool is_overlapped = ws2::is_overlapped(socket);
    if (lpOverlapped != nullptr && !is_overlapped) return WSAEINVAL;
    if (lpCompletionRoutine != nullptr && is_overlapped) return WSAEOPNOTSUPP;
    if (lpOverlapped == nullptr && lpNumberOfBytesSent == nullptr) return WSAEFAULT;
    std::vector<ws2::ByteView> buffers;
    int error = ws2::views_of(lpBuffers, dwBufferCount, ws2::octets, buffers);
    if (error != 0) return error;
    if (lpOverlapped != nullptr) {
      return ws2::send_overlapped(socket, buffers, dwFlags, *lpOverlapped, lpNumberOfBytesSent);
    }
    std::size_t sent = 0;
    error = ws2::send(socket, buffers, dwFlags, sent);
    if (error == 0) *lpNumberOfBytesSent = static_cast<DWORD>(sent);
    return error;
  });
}

int WSAAPI WSARecv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesRecvd,
                   LPDWORD lpFlags, LPWSAOVERLAPPED lpOverlapped,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    const bool is_overlapped = ws2::is_overlapped(socket);
    // A socket that is not overlapped ignores both.
    if (!is_overlapped) lpOverlapped = nullptr;
    if (lpCompletionRoutine != nullptr && is_overlapped) return WSAEOPNOTSUPP;
    if (lpFlags == nullptr) return ws2::receive_faulty(socket);
    if (lpOverlapped == nullptr && lpNumberOfBytesRecvd == nullptr) {
      return ws2::receive_faulty(socket);
    }
    std::vector<ws2::MutableByteView> buffers;
    int error = ws2::views_of(lpBuffers, dwBufferCount, ws2::room, buffers);
    if (error == WSAEFAULT) return ws2::receive_faulty(socket);
    if (lpOverlapped != nullptr) {
      return ws2::receive_overlapped(socket, buffers, *lpFlags, *lpOverlapped,
                                     lpNumberOfBytesRecvd);
    }
    ws2::ReceiveResult received;
    error = ws2::receive(socket, buffers, *lpFlags, received);
    if (error == 0 || error == WSAEMSGSIZE) {
      *lpNumberOfBytesRecvd = static_cast<DWORD>(received.bytes);
      *lpFlags = ws2::flags_after(ws2::is_message_oriented(socket), received.end_of_message);
    }
    return error;
  });
}
