// What the command line can say.
#pragma once

#include <string>
#include <vector>

#include "conformance/commands/commands.hpp"

namespace CLI {
class App;
}

namespace ws2conform {

// What it did say, and what came of it: whichever of these the command takes is set.
struct CommandLine {
  Options options;
  std::vector<std::string> histories;
  std::string folder;
  std::string file;
  std::string what;
  std::string case_id;
  std::vector<std::string> files;
  ZooOptions zoo;
  bool as_json = false;
  MatrixOptions wanted;
  std::size_t walks = kDefaultWalks;
  std::string id;
  std::string shell;
  int code = kHolds;  // what the program exits with
};

// The commands and their options. Parsing runs the one that is given; `app` and `line` must live
// as long.
void add_commands(CLI::App& app, CommandLine& line);

}  // namespace ws2conform
