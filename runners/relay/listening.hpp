// Whether somebody on this machine listens at a TCP address.
#pragma once

#include "runners/relay/address.hpp"

namespace ws2conform::relay {

// Asks the kernel, and disturbs no listener by it: a trial connection would be one in its queue.
bool is_listening(const Address& address);

}  // namespace ws2conform::relay
