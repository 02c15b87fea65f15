#pragma once

#include <optional>
#include <string>

#include "provider/endpoint.hpp"

namespace ws2 {

/// "192.0.2.1:80" or "[2001:db8::1%2]:80"; without the port when it is 0, without brackets then,
/// and without the scope when that is 0.
std::string address_string(const Endpoint& endpoint);
/// The same back, an IPv6 address in brackets or not; nothing for what is none.
std::optional<Endpoint> parse_address_string(Family family, const std::string& text);

}  // namespace ws2
