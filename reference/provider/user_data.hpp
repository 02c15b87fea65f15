#pragma once

#include "connection/bytes.hpp"

namespace ws2 {

/// SO_CONNDATA and SO_DISCDATA: what goes with the request or its verdict, and with the disconnect.
enum class UserData { kConnect, kDisconnect };

/// What an application set for one of them (LEG-01).
struct UserDataOption {
  Bytes outgoing;
  /// SO_CONNDATALEN, SO_DISCDATALEN: octets of the peer's that are kept for the application. 0: it
  /// wants none.
  std::size_t reserved = 0;
};

}  // namespace ws2
