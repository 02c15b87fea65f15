#pragma once

namespace ws2 {

/// Sets the calling thread's WSAGetLastError. Returns SOCKET_ERROR.
int fail(int error);

}  // namespace ws2
