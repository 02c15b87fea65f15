#include "conformance/case/lint.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <regex>

#include "conformance/case/ledger.hpp"
#include "conformance/case/loader.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/judge/baseline.hpp"
#include "reports/sarif.hpp"

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

using reports::Finding;

// "file:12:3: what is wrong", as errors are written, taken apart again.
Finding finding_of(const std::string& text) {
  static const std::regex kPlace(R"(([^:]+)(?::(\d+))?(?::(\d+))?: ([^]*))");
  std::smatch found;
  if (!std::regex_match(text, found, kPlace)) return {{}, text};
  const auto number = [&](std::size_t group) {
    return found[group].matched ? std::stoi(found[group]) : 0;
  };
  return {{found[1], number(2), number(3)}, found[4]};
}

Finding finding_of(const InputError& error) {
  Finding finding = finding_of(error.what());
  finding.place = error.place();
  return finding;
}

void check_case(const std::string& file, const Requirements& requirements,
                std::vector<Finding>& findings) {
  try {
    lint(load_case(file, file, fs::path(file).parent_path().filename().string()), requirements);
  } catch (const InputError& error) {
    findings.push_back(finding_of(error));
  }
}

// What is wrong with the whole of `directory`; what there is, in words, where nothing is.
std::vector<Finding> check_directory(const fs::path& directory, const Options& options,
                                     std::string& contents) {
  std::vector<Finding> findings;
  try {
    const CaseSet cases = load_case_set(directory);
    // A directory of somebody's own need not test all of the ledger that it brings along.
    const std::vector<std::string> problems =
        options.cases.empty() ? ledger_problems(cases) : std::vector<std::string>();
    for (const std::string& problem : problems) findings.push_back(finding_of(problem));
    const std::size_t baselines = check_baselines(directory / "baselines", cases);
    const auto iuts = host::list_iuts(places());
    contents = fmt::format("{} cases, {} requirements, {} baselines, {} implementations",
                           cases.cases.size(), cases.requirements.size(), baselines, iuts.size());
  } catch (const InputError& error) {
    findings.push_back(finding_of(error));
  }
  return findings;
}

// Files need the requirements of the directory, which may itself have wrong cases.
Requirements requirements_of(const fs::path& directory) {
  Requirements requirements;
  for (const auto& entry : fs::directory_iterator(directory / "requirements")) {
    if (entry.path().extension() == ".yaml") {
      load_requirements(entry.path(), entry.path().filename().string(), requirements);
    }
  }
  return requirements;
}

std::string text_of(const Finding& finding) {
  const std::string place = to_string(finding.place);
  return place.empty() ? finding.message : place + ": " + finding.message;
}

}  // namespace

int lint_command(const std::vector<std::string>& files, const Options& options) {
  const fs::path directory = options.cases.empty() ? default_cases() : fs::path(options.cases);
  std::vector<Finding> findings;
  std::string contents;
  if (files.empty()) {
    findings = check_directory(directory, options, contents);
  } else {
    const Requirements requirements = requirements_of(directory);
    for (const std::string& file : files) {
      const std::size_t before = findings.size();
      check_case(file, requirements, findings);
      if (findings.size() > before) continue;
      contents += (contents.empty() ? "" : ", ") + file;
    }
  }
  if (options.format == "sarif") {
    fmt::print("{}", reports::sarif(findings, WS2CONFORM_VERSION));
  } else {
    for (const Finding& finding : findings) fmt::print(stderr, "{}\n", text_of(finding));
    if (!contents.empty() && (findings.empty() || !files.empty()))
      fmt::print("{}: nothing wrong\n", contents);
  }
  return findings.empty() ? kHolds : kWrongInput;
}

}  // namespace ws2conform
