#include "conformance/commands/resume.hpp"

#include <algorithm>
#include <utility>

#include "conformance/history/reader.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {
namespace {

// Schedules that the cut left open are void, and are run again.
void drop_open_schedules(History& history) {
  auto& all = history.schedules;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [](const ScheduleHistory& schedule) { return !schedule.complete; }),
            all.end());
}

}  // namespace

const HistoryInstance* EarlierSessions::planned(const std::string& name) const {
  const auto found =
      std::find_if(history.instances.begin(), history.instances.end(),
                   [&](const HistoryInstance& instance) { return instance.name() == name; });
  return found == history.instances.end() ? nullptr : &*found;
}

Options resumed_options(const Options& options, const History& history) {
  if (history.complete) {
    throw InputError({history.file, static_cast<int>(history.end.records), 0},
                     "this run came to its end; there is nothing to go on with");
  }
  const nlohmann::json& then = history.header.options;
  Options resumed = options;
  resumed.iut = then.value("iut", "reference");
  resumed.client = then.value("client", "");
  resumed.server = then.value("server", "");
  resumed.cases = then.value("cases", "");
  resumed.filter = then.value("filter", "*");
  resumed.gtest_filter = then.value("gtest_filter", "*");
  resumed.provider = then.value("provider", "");
  resumed.schedules = then.value("schedules", "1000");
  resumed.seed = then.value("seed", std::uint64_t{1});
  resumed.time_factor = then.value("time_factor", 1.0);
  resumed.relay = then.value("relay", "");
  resumed.edition = history.header.edition;
  if (then.contains("shard")) {
    resumed.shard = then.at("shard").at("index").dump() + "/" + then.at("shard").at("total").dump();
  }
  resumed.report = std::filesystem::path(history.file).parent_path().string();
  if (resumed.report.empty()) resumed.report = ".";
  return resumed;
}

EarlierSessions earlier_sessions(History history, const CaseSet& cases) {
  if (history.header.case_set != cases.hash) {
    throw InputError({history.file, 1, 0},
                     "the cases have changed since: " + history.header.case_set + " then, " +
                         cases.hash + " now; begin a new run");
  }
  drop_open_schedules(history);
  EarlierSessions earlier;
  // The run's own verdicts are those before any baseline.
  nlohmann::json baseline = std::exchange(history.header.baseline, nullptr);
  Judging judging(cases);
  read_history(history.file, [&](const History& so_far, const ScheduleHistory& schedule) {
    if (schedule.complete) judging.take(so_far, schedule);
  });
  const RunResult judged = judging.result(history);
  history.header.baseline = std::move(baseline);
  for (std::size_t i = 0; i < history.instances.size(); ++i) {
    if (!history.instances[i].begun) continue;
    InstanceResult result = judged.instances[i];
    for (ScheduleResult& schedule : result.schedules) {
      schedule.conversation.clear();
      schedule.steps.clear();
    }
    earlier.results.emplace(history.instances[i].name(), std::move(result));
  }
  earlier.history = std::move(history);
  return earlier;
}

}  // namespace ws2conform
