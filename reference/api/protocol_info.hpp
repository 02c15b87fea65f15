#pragma once

#include "provider/catalog.hpp"
#include "ws2/protocol_info.h"

namespace ws2 {

/// The entry as WSAEnumProtocols lists it.
WSAPROTOCOL_INFOA protocol_info(const ProviderEntry& entry);

}  // namespace ws2
