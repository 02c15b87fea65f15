#pragma once

namespace ws2 {

// The Winsock error number for what the operating system's errno says of a socket call.
int winsock_error(int native);

}  // namespace ws2
