// A TCP connection whose cable is pulled.
#pragma once

namespace ws2conform::relay {

// From now on the system drops whatever comes to the socket before TCP sees it: octets, ends and
// probes are neither taken nor acknowledged, and the other end is not told. False when the system
// does not do that.
bool silence(int socket);

}  // namespace ws2conform::relay
