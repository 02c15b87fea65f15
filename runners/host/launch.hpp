// An adapter's process is started without a copy of the suite being made: the pages that a copy
// shares with the suite are slow to write to afterwards, in all of its threads.
#pragma once

#include <string>
#include <vector>

namespace ws2conform::host {

// The suite's ends of the pipes, which do not block, are the caller's to close.
struct Launched {
  int pid = -1;
  int in = -1;   // what is written to it, the process reads from its standard input
  int out = -1;  // its standard output
  int err = -1;  // its standard error
};

// Starts the file `program`, which is given `arguments` behind its own name and no environment but
// `variables` (NAME=VALUE). It leads a process group of its own, so that its children can be ended
// with it; the kernel ends it should the thread that started it end. Throws std::system_error
// saying why the system does not start it.
Launched launch(const std::string& program, const std::vector<std::string>& arguments,
                const std::vector<std::string>& variables);

}  // namespace ws2conform::host
