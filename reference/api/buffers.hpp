#pragma once

#include "connection/bytes.hpp"
#include "ws2/types.h"

namespace ws2 {

/// A NULL buf with a length is all that can be told of a buffer that is not the application's.
inline bool is_usable(const WSABUF& buffer) {
  return buffer.buf != nullptr || buffer.len == 0;
}

inline ByteView octets(const WSABUF& buffer) {
  return {reinterpret_cast<const std::uint8_t*>(buffer.buf), buffer.len};
}
inline MutableByteView room(const WSABUF& buffer) {
  return {reinterpret_cast<std::uint8_t*>(buffer.buf), buffer.len};
}

}  // namespace ws2
