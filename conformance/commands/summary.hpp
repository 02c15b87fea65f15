// How a run ended, on one screen of a terminal.
#pragma once

#include <string>

#include "conformance/commands/terminal.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

// The verdict in words, the counts, the first failures with the commands that run them again, and
// how many there are besides: no more lines than the terminal has rows, those aside that say where
// the report is.
std::string screen_text(const RunResult& run, const Terminal& terminal);

}  // namespace ws2conform
