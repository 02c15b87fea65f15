#include "conformance/commands/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "reports/text/clean.hpp"

namespace ws2conform {

Terminal this_terminal() {
  Terminal terminal;
  const char* kind = std::getenv("TERM");
  const bool dumb = kind == nullptr || std::string_view(kind) == "dumb";
  terminal.interactive = ::isatty(STDOUT_FILENO) == 1 && !dumb;
  const char* no_color = std::getenv("NO_COLOR");
  terminal.color = terminal.interactive && (no_color == nullptr || *no_color == '\0');
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
    if (size.ws_col > 0) terminal.columns = size.ws_col;
    if (size.ws_row > 0) terminal.rows = size.ws_row;
  }
  return terminal;
}

std::string styled(const Terminal& terminal, const char* style, std::string_view text) {
  if (!terminal.color) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", style, text);
}

std::string fitted(std::string_view text, std::size_t width) {
  return reports::shorten(text, width);
}

}  // namespace ws2conform
