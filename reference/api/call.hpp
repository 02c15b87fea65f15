#pragma once

#include <memory>
#include <new>

#include "api/last_error.hpp"
#include "api/process.hpp"
#include "ws2/errors.h"

namespace ws2 {

/// The body of an entry point that needs no socket: `function` returns 0 or a WSA error number.
/// Returns 0, or SOCKET_ERROR with the error as the thread's last.
template <typename Function>
int call(Function&& function) {
  int error = WSANOTINITIALISED;
  try {
    if (is_started()) error = function();
  } catch (const std::bad_alloc&) {
    error = WSAENOBUFS;
  }
  return error == 0 ? 0 : fail(error);
}

/// Likewise for one on the socket `s`, which lives as long as the call, closed meanwhile or not.
template <typename Function>
int call(SOCKET s, Function&& function) {
  return call([&] {
    const std::shared_ptr<ServiceSocket> socket = sockets().find(s);
    return socket ? function(*socket) : WSAENOTSOCK;
  });
}

}  // namespace ws2
