// Runs the schedules of one case with one choice of axes, and records them.
#pragma once

#include <atomic>
#include <functional>
#include <stdexcept>
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

// A person or a signal ended the run; what was running is not finished.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("the run was interrupted") {}
};

// Everything given must outlive the runner. One runner is used by one thread; several may share a
// writer.
class InstanceRunner {
 public:
  InstanceRunner(Actors& actors, const Casting& casting, const RunSettings& settings,
                 HistoryWriter& writer, const std::atomic<bool>& interrupted)
      : actors_(actors),
        casting_(casting),
        settings_(settings),
        writer_(writer),
        interrupted_(interrupted) {}

  // `gap`: the declared gap that keeps the instance from applying; empty when it applies.
  // `so_far`: what an earlier session of the run has of it in the history already; its schedules
  // are not run again. The result has no steps and no conversations: those are made from the
  // history. Throws CannotDrive and Interrupted.
  InstanceResult run(const Instance& instance, const std::string& gap,
                     const InstanceResult* so_far = nullptr);

 private:
  void walk_all(const Instance& instance, const ScheduleList& list, InstanceResult& result);
  static void note(const Instance& instance, const ScheduleResult& judged, InstanceResult& result);
  bool walk(const Instance& instance, const Schedule& schedule, const std::string& id,
            const Progress& fresh, InstanceResult& result);

  Actors& actors_;
  const Casting& casting_;
  const RunSettings& settings_;
  HistoryWriter& writer_;
  const std::atomic<bool>& interrupted_;
};

}  // namespace ws2conform
