// What standard output is, and how much fits into it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ws2conform {

struct Terminal {
  bool interactive = false;  // a terminal that can write a line over
  bool color = false;        // and one that nobody asked to do without (NO_COLOR)
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// Of standard output. TERM=dumb is no terminal.
Terminal this_terminal();

// In a style of the terminal, "1;31" for bold red; plain where it has no colours.
std::string styled(const Terminal& terminal, const char* style, std::string_view text);

// The text, or its beginning and an ellipsis where it takes more than `width` columns: one each
// code point.
std::string fitted(std::string_view text, std::size_t width);

}  // namespace ws2conform
