// What can be made from the definitions of the commands: nothing said here is written twice.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace ws2conform {

// A manual page for section 1, in man's macros.
std::string manual_text(const CLI::App& app);

// A script for bash, to be read by `.` or found in bash-completion's folder. Names of cases and
// implementations are asked of the program.
std::string completion_text(const CLI::App& app);

}  // namespace ws2conform
