#pragma once

#include "provider/catalog.hpp"
#include "ws2/protocol_info.h"

namespace ws2 {

/// The entry as WSAEnumProtocols lists it.
WSAPROTOCOL_INFOA protocol_info(const ProviderEntry& entry);
/// The same with a wide name.
WSAPROTOCOL_INFOW widen(const WSAPROTOCOL_INFOA& info);
/// And back; what is no UTF-16 leaves no name, which nothing depends on.
WSAPROTOCOL_INFOA narrow(const WSAPROTOCOL_INFOW& info);

}  // namespace ws2
