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

/// The body of a name service function, which returns its error as well as leaving it as the
/// thread's last; out of memory is WSA_NOT_ENOUGH_MEMORY (EAI_MEMORY) there.
template <typename Function>
int call_names(Function&& function) {
  int outcome = WSANOTINITIALISED;
  call([&] {
    try {
      outcome = function();
    } catch (const std::bad_alloc&) {
      outcome = WSA_NOT_ENOUGH_MEMORY;
    }
    return outcome;
  });
  return outcome;
}

}  // namespace ws2
