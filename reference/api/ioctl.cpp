// ioctlsocket and WSAIoctl.

#include <cstring>

#include "api/call.hpp"
#include "api/overlapped.hpp"
#include "api/qos.hpp"
#include "ws2/functions.h"
#include "ws2/sockets.h"

namespace ws2 {
namespace {

/// What WSAIoctl was given.
struct Buffers {
  const void* in;
  std::size_t in_size;
  void* out;
  std::size_t out_size;
  std::size_t returned = 0;
};

// u_long has the machine's width here and 32 bits on Windows: both are taken.
int read_number(const Buffers& buffers, u_long& number) {
  if (buffers.in == nullptr || buffers.in_size < sizeof(DWORD)) return WSAEFAULT;
  DWORD narrow;
  std::memcpy(&narrow, buffers.in, sizeof narrow);
  number = narrow;
  if (buffers.in_size >= sizeof number) std::memcpy(&number, buffers.in, sizeof number);
  return 0;
}

int write_number(u_long number, Buffers& buffers) {
  if (buffers.out == nullptr || buffers.out_size < sizeof(DWORD)) return WSAEFAULT;
  const auto narrow = static_cast<DWORD>(number);
  const bool is_wide = buffers.out_size >= sizeof number;
  buffers.returned = is_wide ? sizeof number : sizeof narrow;
  if (is_wide) {
    std::memcpy(buffers.out, &number, sizeof number);
  } else {
    std::memcpy(buffers.out, &narrow, sizeof narrow);
  }
  return 0;
}

int set_qos(ServiceSocket& socket, const Buffers& buffers) {
  QOS given;
  if (buffers.in == nullptr || buffers.in_size < sizeof given) return WSAEFAULT;
  std::memcpy(&given, buffers.in, sizeof given);
  Qos qos;
  const int error = read_qos(given, qos);
  return error != 0 ? error : socket.set_qos(qos);
}

// QOS-06: the structure, and right behind it the provider-specific part that it points to.
int get_qos(ServiceSocket& socket, Buffers& buffers) {
  Qos qos;
  // The room is judged first: what is looked at counts as known (EVT-04), though the call fails.
  if (buffers.out == nullptr || buffers.out_size < sizeof(QOS)) {
    return (socket.entry().flags & XP1_QOS_SUPPORTED) != 0 ? WSAEFAULT : WSAENOPROTOOPT;
  }
  if (const int error = socket.get_qos(qos); error != 0) return error;
  const std::size_t needed = sizeof(QOS) + qos.provider_specific.size();
  if (buffers.out_size < needed) return WSAEFAULT;
  const QOS shown = public_qos(qos, static_cast<CHAR*>(buffers.out) + sizeof(QOS));
  std::memcpy(buffers.out, &shown, sizeof shown);
  buffers.returned = needed;
  return 0;
}

int control(ServiceSocket& socket, DWORD code, Buffers& buffers) {
  switch (code) {
    case static_cast<DWORD>(FIONBIO): {
      u_long on = 0;
      const int error = read_number(buffers, on);
      return error != 0 ? error : socket.set_blocking(on == 0);
    }
    case FIONREAD: {
      std::size_t bytes = 0;
      if (buffers.out == nullptr || buffers.out_size < sizeof(DWORD)) return WSAEFAULT;
      const int error = socket.available(bytes);
      return error != 0 ? error : write_number(static_cast<u_long>(bytes), buffers);
    }
    case SIO_GET_QOS:
      return get_qos(socket, buffers);
    case SIO_SET_QOS:
      return set_qos(socket, buffers);
    // Reserved (QOS-09).
    case SIO_GET_GROUP_QOS:
    case SIO_SET_GROUP_QOS:
      return WSAEOPNOTSUPP;
    default:
      return WSAEINVAL;
  }
}

}  // namespace
}  // namespace ws2

int WSAAPI ioctlsocket(SOCKET s, long command, u_long* argument) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if (argument == nullptr) return WSAEFAULT;
    // However the application's long extended it.
    switch (static_cast<int>(command)) {
      case FIONBIO:
        return socket.set_blocking(*argument == 0);
      case FIONREAD: {
        std::size_t bytes = 0;
        const int error = socket.available(bytes);
        if (error == 0) *argument = static_cast<u_long>(bytes);
        return error;
      }
      default:
        return WSAEINVAL;
    }
  });
}

int WSAAPI WSAIoctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                    LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                    LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    int is_overlapped = 0;
    if (socket.get_option(ws2::Option::kOverlapped, is_overlapped) != 0 || is_overlapped == 0) {
      lpOverlapped = nullptr;
    }
    if (lpcbBytesReturned == nullptr && lpOverlapped == nullptr) return WSAEFAULT;
    ws2::Buffers buffers{lpvInBuffer, cbInBuffer, lpvOutBuffer, cbOutBuffer};
    if (lpOverlapped == nullptr) {
      const int error = ws2::control(socket, dwIoControlCode, buffers);
      if (error == 0) *lpcbBytesReturned = static_cast<DWORD>(buffers.returned);
      return error;
    }
    // Nothing here takes time: an overlapped operation is complete when the call returns.
    ws2::Overlapped operation(*lpOverlapped);
    if (const int error = operation.begin(); error != 0) return error;
    const int error = ws2::control(socket, dwIoControlCode, buffers);
    if (error != 0) {
      operation.fail(error);
      return error;
    }
    if (lpcbBytesReturned != nullptr) *lpcbBytesReturned = static_cast<DWORD>(buffers.returned);
    operation.complete(0, buffers.returned, 0);
    return 0;
  });
}
