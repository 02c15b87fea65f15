// Whether a case says anything with an axis.
#pragma once

#include <string>

#include "conformance/case/model.hpp"

namespace ws2conform {

// `$name` stands in a step, in what the relay does, or in what must not be seen. The suite itself
// uses `family`, and `initiator` is also used as $responder.
bool uses_axis(const Case& source, const std::string& name);

}  // namespace ws2conform
