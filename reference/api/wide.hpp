#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ws2/types.h"

// UTF-16, as the functions with a W take and give it, and UTF-8, which is what is inside.
namespace ws2 {

using WideText = std::basic_string<WCHAR>;

/// Nothing for what is no UTF-16: a surrogate without the other.
std::optional<std::string> narrow(const WCHAR* text);
/// What is no UTF-8 becomes U+FFFD.
WideText widen(std::string_view text);

}  // namespace ws2
