// Runs a fuzz target over files instead of inventing input: any compiler can build it.
//
// usage: PROGRAM FILE_OR_FOLDER...

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "fuzz/fuzz_target.hpp"

namespace {

bool replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> octets{std::istreambuf_iterator<char>(file), {}};
  if (!file) return false;
  // Told before, since a broken promise ends the process.
  std::cout << path.filename().string() << '\n' << std::flush;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  int count = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      count += replay(argv[i]) ? 1 : 0;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      if (entry.is_regular_file()) count += replay(entry.path()) ? 1 : 0;
    }
  }
  std::cout << count << " replayed\n";
  return count > 0 ? 0 : 1;
}
