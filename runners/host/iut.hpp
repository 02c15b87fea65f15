// Implementations under test as files: how each is launched.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ws2conform::host {

struct Iut {
  std::string name;
  std::string title;
  std::vector<std::string> command;                // program and arguments, placeholders replaced
  std::map<std::string, std::string> environment;  // added to the suite's own
  std::vector<std::string> required_programs;
  // Of the machine that the adapter runs on, by family, as others reach it; none for the suite's
  // own.
  std::map<std::string, std::string> addresses;
  std::string install;  // what to do when one of them is missing
  std::string file;

  // Its address of that family, without a port; empty where it has none.
  std::string home(const std::string& family) const;
};

// Where IUT files lie and where what the build made lies.
struct Places {
  std::filesystem::path iuts;   // folder of *.yaml
  std::filesystem::path build;  // folder of the ws2conform program; {build} in commands
};

// `name_or_path`: the name of a file in places.iuts without ".yaml", or a path. Throws InputError.
Iut load_iut(const std::string& name_or_path, const Places& places);

// All files in places.iuts, by name. Throws InputError.
std::vector<Iut> list_iuts(const Places& places);

// The path of `program` as a shell would find it; empty when it is not there.
std::string find_program(const std::string& program);

// The required programs that are not on PATH. A command whose own program is missing counts too.
std::vector<std::string> missing_programs(const Iut& iut);

}  // namespace ws2conform::host
