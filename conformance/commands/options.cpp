#include "conformance/commands/options.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "conformance/execution/jobs.hpp"

namespace ws2conform {
namespace {

namespace fs = std::filesystem;

fs::path program_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

}  // namespace

std::size_t Options::schedule_limit() const {
  if (schedules == "all") return std::numeric_limits<std::size_t>::max();
  std::size_t limit = 0;
  const auto [end, error] =
      std::from_chars(schedules.data(), schedules.data() + schedules.size(), limit);
  if (error != std::errc() || end != schedules.data() + schedules.size() || limit == 0) {
    throw UsageError("--schedules takes \"all\" or a number above 0, not \"" + schedules + "\"");
  }
  return limit;
}

std::size_t Options::job_count() const {
  return jobs > 0 ? jobs : std::max<std::size_t>(1, allowed_cores().size());
}

std::vector<int> Options::job_cores() const {
  std::vector<int> cores = allowed_cores();
  if (cores.size() > job_count()) cores.resize(job_count());
  return cores;
}

std::optional<Shard> Options::the_shard() const {
  Shard wanted;
  if (!shard.empty()) {
    char end = 0;
    if (std::sscanf(shard.c_str(), "%d/%d%c", &wanted.index, &wanted.total, &end) != 2 ||
        wanted.index < 1 || wanted.index > wanted.total) {
      throw UsageError("--shard takes I/N with I from 1 to N, not \"" + shard + "\"");
    }
    return wanted;
  }
  const char* total = std::getenv("GTEST_TOTAL_SHARDS");
  const char* index = std::getenv("GTEST_SHARD_INDEX");
  if (total == nullptr || index == nullptr) return std::nullopt;
  wanted = {std::atoi(index) + 1, std::atoi(total)};
  if (wanted.total <= 1) return std::nullopt;
  return wanted;
}

void export_shard(const Options& options) {
  const auto shard = options.the_shard();
  if (!shard) return;
  ::setenv("GTEST_SHARD_INDEX", std::to_string(shard->index - 1).c_str(), 1);
  ::setenv("GTEST_TOTAL_SHARDS", std::to_string(shard->total).c_str(), 1);
}

host::Places places() {
  return {fs::path(WS2CONFORM_SOURCE_DIR) / "runners" / "iuts", program_folder()};
}

fs::path default_cases() {
  return fs::path(WS2CONFORM_SOURCE_DIR) / "cases";
}

fs::path default_report() {
  return program_folder() / "report";
}

bool matches(const std::string& pattern, const std::string& text) {
  return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

bool selected(const std::string& filter, const Case& source, const AxisChoice& axes) {
  return matches(filter, source.id) || matches(filter, source.id + "/" + to_string(axes)) ||
         matches(filter, source.area + "/" + source.id) || matches(filter, source.area);
}

}  // namespace ws2conform
