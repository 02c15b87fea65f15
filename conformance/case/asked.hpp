// What a case asks of implementations, apart from what it expects of them.
#pragma once

#include <string>

#include "conformance/case/instance.hpp"

namespace ws2conform {

// A fingerprint of the calls, their arguments and order, and what the relay does: 16 hexadecimal
// digits. A history can be judged by other expectations than those of its time, but only where it
// asked the same.
std::string asked_hash(const Instance& instance);

}  // namespace ws2conform
