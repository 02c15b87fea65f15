// Runs the schedules of one case with one choice of axes, and records them.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "conformance/execution/walk.hpp"
#include "conformance/history/writer.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

struct RunSettings {
  std::string edition;
  std::size_t schedule_limit = 0;
  std::uint64_t seed = 0;
};

// Everything given must outlive the runner. One runner is used by one thread; several may share a
// writer.
class InstanceRunner {
 public:
  InstanceRunner(Actors& actors, const Casting& casting, const RunSettings& settings,
                 HistoryWriter& writer)
      : actors_(actors), casting_(casting), settings_(settings), writer_(writer) {}

  // `gap`: the declared gap that keeps the instance from applying; empty when it applies. The
  // result has no steps and no conversations: those are made from the history. Throws CannotDrive.
  InstanceResult run(const Instance& instance, const std::string& gap);

 private:
  void walk_all(const Instance& instance, const ScheduleList& list, InstanceResult& result);
  bool walk(const Instance& instance, const Schedule& schedule, InstanceResult& result);

  Actors& actors_;
  const Casting& casting_;
  const RunSettings& settings_;
  HistoryWriter& writer_;
};

}  // namespace ws2conform
