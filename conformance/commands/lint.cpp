#include "conformance/case/lint.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "conformance/case/ledger.hpp"
#include "conformance/case/loader.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/judge/baseline.hpp"

namespace ws2conform {

namespace {

namespace fs = std::filesystem;

// How many there are. Throws InputError for one that is wrong.
std::size_t check_baselines(const fs::path& directory, const CaseSet& cases) {
  std::size_t count = 0;
  if (!fs::is_directory(directory)) return count;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() != ".yaml") continue;
    check_baseline(load_baseline(entry.path()), cases);
    ++count;
  }
  return count;
}

}  // namespace

int lint_command(const std::vector<std::string>& files, const Options& options) {
  const fs::path directory = options.cases.empty() ? default_cases() : fs::path(options.cases);
  if (files.empty()) {
    const CaseSet cases = load_case_set(directory);
    // A directory of somebody's own need not test all of the ledger that it brings along.
    const std::vector<std::string> problems =
        options.cases.empty() ? ledger_problems(cases) : std::vector<std::string>();
    for (const std::string& problem : problems) fmt::print(stderr, "{}\n", problem);
    if (!problems.empty()) return kWrongInput;
    const std::size_t baselines = check_baselines(directory / "baselines", cases);
    const auto iuts = host::list_iuts(places());
    fmt::print("{} cases, {} requirements, {} baselines, {} implementations: nothing wrong\n",
               cases.cases.size(), cases.requirements.size(), baselines, iuts.size());
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
