// One session of a run: its instances, given to jobs as GoogleTest asks for them.
#pragma once

#include <atomic>
#include <optional>

#include "conformance/commands/console.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/commands/resume.hpp"
#include "conformance/execution/jobs.hpp"
#include "conformance/judge/baseline.hpp"

namespace ws2conform {

// Everything given must outlive it.
class Session {
 public:
  Session(const Options& options, const Ensemble& ensemble, HistoryWriter& writer,
          const std::vector<Instance>& chosen, const HistoryHeader& header,
          const EarlierSessions* earlier);

  // `positions` in `chosen`: what GoogleTest is about to ask for. Begins with them. A second
  // iteration (--gtest_repeat) plans nothing new.
  void plan(const std::vector<std::size_t>& positions);

  // The result of one, waited for. Under the baseline, and told to the console.
  InstanceResult result(std::size_t position);

  // May be called by any thread.
  void interrupt();
  bool interrupted() const { return interrupted_; }

  // What ended the run before its time, to be thrown again once GoogleTest has returned.
  void failed(std::exception_ptr failure);
  bool failed() const { return failure_ != nullptr; }
  void rethrow() const;

  // Of this session and those before.
  std::size_t schedules_run() const { return schedules_run_; }

 private:
  const InstanceResult* earlier_result(std::size_t position) const;
  bool ended_before(std::size_t position) const;
  InstanceResult work(InstanceRunner& runner, std::size_t position) const;
  InstanceResult under_baseline(InstanceResult result) const;

  const RunSettings settings_;
  const Ensemble& ensemble_;
  HistoryWriter& writer_;
  const std::vector<Instance>& chosen_;
  const Baseline baseline_;    // empty where there is none
  const std::string started_;  // the run, of which this may be a later session
  const EarlierSessions* earlier_;
  std::optional<Console> console_;
  std::size_t schedules_run_ = 0;
  std::exception_ptr failure_;
  std::atomic<bool> interrupted_ = false;
  Jobs jobs_;  // its threads use everything above
};

}  // namespace ws2conform
