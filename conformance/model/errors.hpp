// The names of error numbers, as the adapter protocol has them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ws2conform::model {

// "WSAECONNREFUSED"; the number as text for one that the cores do not give.
std::string error_name(int error);

// What an event object is that was closed.
inline constexpr int kInvalidHandle = 6;

// {"error": "WSAECONNREFUSED"}; for 0 {"returns": success}.
nlohmann::json result(int error, nlohmann::json success = 0);

}  // namespace ws2conform::model
