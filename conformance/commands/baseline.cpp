#include "conformance/judge/baseline.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/judged.hpp"
#include "conformance/judge/baseline_text.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {
namespace {

std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  if (!stream.flush()) throw UsageError(path + " cannot be written");
}

std::string implementation_of(const RunResult& run) {
  std::string text;
  for (const ImplementationInfo& info : run.implementations) {
    text += (text.empty() ? "" : ", ") + info.iut + " as " + info.role;
  }
  return text;
}

}  // namespace

int baseline_command(const std::vector<std::string>& files, const std::string& path,
                     const Options& options) {
  const CaseSet cases = cases_of(options);
  const RunResult run = judged_histories(files, cases, nlohmann::json(nullptr)).result;
  const bool to_file = !path.empty();
  if (!to_file || !std::filesystem::exists(path)) {
    const std::vector<KnownFailure> failures = failures_of(run);
    const std::string text = baseline_text(implementation_of(run), run.suite_version, failures);
    if (!to_file) {
      fmt::print("{}", text);
      return kHolds;
    }
    write_text(path, text);
    fmt::print("{}: {} known failures; their reasons are yours to write\n", path, failures.size());
    return kHolds;
  }
  const BaselineUpdate update = update_baseline(read_text(path), load_baseline(path), run);
  write_text(path, update.text);
  fmt::print("{}: {} kept, {} added, {} removed, {} with a new expectation{}\n", path, update.kept,
             update.added, update.removed, update.changed,
             update.added > 0 ? "; the reasons of the new ones are yours to write" : "");
  return kHolds;
}

}  // namespace ws2conform
