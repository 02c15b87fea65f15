// Makes text from implementations, adapters and case files fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ws2conform::reports {

// Valid UTF-8 that HTML and XML 1.0 both allow. Tab and newline stay; another ASCII control becomes
// its picture (U+2400 and up), so that it is seen; what is not UTF-8, is not a character, or would
// reorder the text around it becomes U+FFFD. Clean text comes back unchanged.
std::string clean(std::string_view text);

// Cleaned, and at most `limit` characters (code points) of it; what is left out is counted at the
// end.
std::string clip(std::string_view text, std::size_t limit);

// As clip, with one ellipsis instead of the count and no line breaks: for labels of limited width.
std::string shorten(std::string_view text, std::size_t limit);

// Code points of a clean text.
std::size_t length(std::string_view clean_text);

}  // namespace ws2conform::reports
