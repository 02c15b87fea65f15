#pragma once

namespace ws2conform {

// The adapter as a program: reads its command line, serves until its standard input ends. Returns
// the exit status: 0, 2 for a wrong command line, 3 when the implementation cannot be used.
int adapter_program(int argc, char** argv);

}  // namespace ws2conform
