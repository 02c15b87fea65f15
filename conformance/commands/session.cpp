#include "conformance/commands/session.hpp"

#include "conformance/case/asked.hpp"

namespace ws2conform {

Session::Session(const Options& options, const Ensemble& ensemble, HistoryWriter& writer,
                 const std::vector<Instance>& chosen, const HistoryHeader& header,
                 const EarlierSessions* earlier)
    : settings_{options.edition, options.schedule_limit(), options.seed},
      ensemble_(ensemble),
      writer_(writer),
      chosen_(chosen),
      baseline_(header.baseline.is_null() ? Baseline{} : baseline_from(header.baseline)),
      started_(earlier ? earlier->history.header.started : header.started),
      earlier_(earlier),
      schedules_run_(earlier ? earlier->history.schedules.size() : 0),
      jobs_(
          {options.job_count(), options.job_cores(), Patience().scaled(options.time_factor),
           ensemble.relay},
          ensemble.casting, settings_, writer,
          [this](InstanceRunner& runner, std::size_t position) { return work(runner, position); }) {
}

void Session::plan(const std::vector<std::size_t>& positions) {
  if (!console_) {
    console_.emplace(positions.size());
    for (const std::size_t position : positions) {
      if (earlier_ && earlier_->planned(chosen_[position].name())) continue;
      HistoryInstance planned;
      planned.case_id = chosen_[position].source->id;
      planned.axes = chosen_[position].axes;
      planned.asked = asked_hash(chosen_[position]);
      planned.position = position;
      writer_.planned(planned);
    }
  }
  std::vector<std::size_t> missing;
  for (const std::size_t position : positions) {
    if (!ended_before(position)) missing.push_back(position);
  }
  jobs_.start(std::move(missing));
}

const InstanceResult* Session::earlier_result(std::size_t position) const {
  if (!earlier_) return nullptr;
  const auto found = earlier_->results.find(chosen_[position].name());
  return found == earlier_->results.end() ? nullptr : &found->second;
}

bool Session::ended_before(std::size_t position) const {
  if (!earlier_) return false;
  const HistoryInstance* planned = earlier_->planned(chosen_[position].name());
  return planned != nullptr && planned->ended;
}

// In a thread of the jobs'.
InstanceResult Session::work(InstanceRunner& runner, std::size_t position) const {
  const Instance& instance = chosen_[position];
  return runner.run(instance, ensemble_.gap(instance), earlier_result(position));
}

InstanceResult Session::result(std::size_t position) {
  console_->started(chosen_[position].name());
  const bool known = ended_before(position);
  InstanceResult result = known ? *earlier_result(position) : jobs_.wait(position);
  if (!known) {
    const InstanceResult* before = earlier_result(position);
    schedules_run_ += result.schedules.size() - (before ? before->schedules.size() : 0);
  }
  result = under_baseline(std::move(result));
  console_->finished(result);
  return result;
}

InstanceResult Session::under_baseline(InstanceResult result) const {
  RunResult alone;
  alone.started = started_;
  alone.instances.push_back(std::move(result));
  apply_baseline(baseline_, alone);
  return std::move(alone.instances.front());
}

void Session::interrupt() {
  interrupted_ = true;
  jobs_.interrupt();
}

void Session::failed(std::exception_ptr failure) {
  if (!failure_) failure_ = std::move(failure);
  jobs_.interrupt();
}

void Session::rethrow() const {
  if (failure_ && !interrupted_) std::rethrow_exception(failure_);
}

}  // namespace ws2conform
