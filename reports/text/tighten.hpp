// The same page in fewer octets.
#pragma once

#include <string>
#include <string_view>

namespace ws2conform::reports {

// Of HTML that the templates made: quotes outside of tags need no escape, and between two tags one
// line break says as much as several. Nothing else is touched, least of all a style sheet or a
// script, which the page names by their hashes.
std::string tighten(std::string_view html);

}  // namespace ws2conform::reports
