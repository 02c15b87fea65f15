// What a provider claims, as the limits of the reference's cores.
#pragma once

#include <string>

#include "conformance/case/capability.hpp"
#include "connection/limits.hpp"

namespace ws2conform::model {

// `edition`: "documented" or "windows".
ws2::Limits limits_of(const Provider& provider, const std::string& edition);

}  // namespace ws2conform::model
