// Which sockets the steps of a case make, name and close.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "conformance/case/instance.hpp"
#include "conformance/case/order.hpp"

namespace ws2conform {

using NamedSocket = std::pair<std::string, std::string>;  // actor and name

std::optional<NamedSocket> socket_made_by(const Step& step);

// Throws InputError for a step whose socket is not there when the step begins, or was closed; and
// for two that send on, or receive on, one socket at once, so that nobody can say whose octets come
// first. `order` is that of the instance's steps.
void lint_sockets(const Instance& instance, Order& order);

}  // namespace ws2conform
