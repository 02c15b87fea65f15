// What the matrix may lack, each with its reason: ../excuses.yaml.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace ws2conform::zoo {

struct Excuses {
  std::map<std::string, std::string> requirements;  // that no fault violates
  std::map<std::string, std::string> cases;         // that kill nothing
};

// Throws InputError.
Excuses read_excuses(const std::filesystem::path& path);

}  // namespace ws2conform::zoo
