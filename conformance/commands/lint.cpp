#include "conformance/case/lint.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "conformance/case/loader.hpp"
#include "conformance/commands/commands.hpp"

namespace ws2conform {

int lint_command(const std::vector<std::string>& files, const Options& options) {
  namespace fs = std::filesystem;
  const fs::path directory = options.cases.empty() ? default_cases() : fs::path(options.cases);
  if (files.empty()) {
    const CaseSet cases = load_case_set(directory);
    const auto iuts = host::list_iuts(places());
    fmt::print("{} cases, {} requirements, {} implementations: nothing wrong\n", cases.cases.size(),
               cases.requirements.size(), iuts.size());
    return kHolds;
  }
  // Files need the requirements of the directory, which may itself have wrong cases.
  Requirements requirements;
  for (const auto& entry : fs::directory_iterator(directory / "requirements")) {
    if (entry.path().extension() == ".yaml") {
      load_requirements(entry.path(), entry.path().filename().string(), requirements);
    }
  }
  std::size_t wrong = 0;
  for (const std::string& file : files) {
    try {
      lint(load_case(file, file, fs::path(file).parent_path().filename().string()), requirements);
      fmt::print("{}: nothing wrong\n", file);
    } catch (const InputError& error) {
      fmt::print(stderr, "{}\n", error.what());
      ++wrong;
    }
  }
  return wrong > 0 ? kWrongInput : kHolds;
}

}  // namespace ws2conform
