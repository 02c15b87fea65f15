// Replies that cannot be true, whatever the implementation under test does.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ws2conform {

// How a reply to `request` contradicts itself: lengths that are not those of the octets shown, and
// `touched` where it does not belong.
// Empty where it does not. The octets shown are those received, or as many of what a length says as
// were offered room for.
std::string contradiction(const nlohmann::json& request, const nlohmann::json& reply);

}  // namespace ws2conform
