#include "conformance/history/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>

#include "conformance/case/source.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

struct Shard {
  int index = 1;
  int total = 1;
};

Shard shard_of(const History& history) {
  const auto found = history.header.options.find("shard");
  if (found == history.header.options.end()) return {};
  return {found->at("index"), found->at("total")};
}

// What must be the same in all shards, by name.
json identity(const History& history) {
  json options = history.header.options;
  for (const char* own : {"shard", "jobs", "cores", "cases"}) options.erase(own);
  return {{"suite", history.header.suite_version},
          {"case set", history.header.case_set},
          {"edition", history.header.edition},
          {"implementations", history.header.implementations},
          {"baseline", history.header.baseline},
          {"number of shards", shard_of(history).total},
          {"options", options}};
}

void check_same_run(const History& first, const History& other) {
  const json mine = identity(first);
  const json theirs = identity(other);
  for (const auto& [name, value] : mine.items()) {
    if (theirs.at(name) == value) continue;
    throw InputError({other.file, 1, 0},
                     fmt::format("it is no shard of the run that {} is of: its {} is {}, not {}",
                                 first.file, name, theirs.at(name).dump(), value.dump()));
  }
}

void note_missing(const std::vector<History>& histories, std::vector<std::string>& missing) {
  const int total = shard_of(histories.front()).total;
  for (int index = 1; index <= total; ++index) {
    if (std::any_of(histories.begin(), histories.end(),
                    [&](const History& history) { return shard_of(history).index == index; })) {
      continue;
    }
    missing.push_back(fmt::format("shard {}/{} is missing", index, total));
  }
}

}  // namespace

History merge(std::vector<History> histories) {
  if (histories.empty()) throw std::invalid_argument("no history to merge");
  std::stable_sort(histories.begin(), histories.end(), [](const History& a, const History& b) {
    return shard_of(a).index < shard_of(b).index;
  });
  std::map<std::string, std::string> files;  // by instance: where it came from
  for (const History& history : histories) {
    check_same_run(histories.front(), history);
    for (const HistoryInstance& instance : history.instances) {
      const auto [known, added] = files.emplace(instance.name(), history.file);
      if (added) continue;
      throw InputError({history.file, 0, 0},
                       fmt::format("{} is in {} as well", instance.name(), known->second));
    }
  }
  std::vector<std::string> missing;
  note_missing(histories, missing);
  History whole = std::move(histories.front());
  for (auto other = histories.begin() + 1; other != histories.end(); ++other) {
    std::move(other->instances.begin(), other->instances.end(),
              std::back_inserter(whole.instances));
    std::move(other->schedules.begin(), other->schedules.end(),
              std::back_inserter(whole.schedules));
    std::move(other->missing.begin(), other->missing.end(), std::back_inserter(whole.missing));
    whole.duration = std::max(whole.duration, other->duration);
    whole.file += ", " + other->file;
  }
  std::stable_sort(
      whole.instances.begin(), whole.instances.end(),
      [](const HistoryInstance& a, const HistoryInstance& b) { return a.position < b.position; });
  std::move(missing.begin(), missing.end(), std::back_inserter(whole.missing));
  whole.complete = whole.missing.empty();
  return whole;
}

}  // namespace ws2conform
