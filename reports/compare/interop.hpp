// Client by server: who can talk to whom, and whose fault it is where they cannot.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/page/template.hpp"

namespace ws2conform::reports {

// For interop.mustache, from what matrix.json holds. Throws nlohmann::json::exception.
Data interop_data(const nlohmann::json& matrix);

}  // namespace ws2conform::reports
