#include "conformance/execution/jobs.hpp"

#include <sched.h>

#include <algorithm>

namespace ws2conform {
namespace {

// The calling thread and every process that it starts. Where that is not allowed they go anywhere.
void stay_on(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

// The calling thread, and every process that it starts, takes the core from none of the others when
// something comes for it: an adapter that has answered goes on to its next request, or waits for
// it, before the answer is read. Where it is not allowed they take turns like everybody, and where
// somebody has chosen how the suite is scheduled it stays so.
void let_others_finish() {
  if (::sched_getscheduler(0) != SCHED_OTHER) return;
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_BATCH, &none);
}

}  // namespace

std::vector<int> allowed_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

Jobs::Jobs(const Settings& settings, const Casting& casting, const RunSettings& run,
           HistoryWriter& writer, Work work)
    : settings_(settings), casting_(casting), run_(run), writer_(writer), work_(std::move(work)) {}

Jobs::~Jobs() {
  {
    const std::lock_guard lock(mutex_);
    next_ = positions_.size();
  }
  for (std::thread& thread : threads_) thread.join();
}

void Jobs::start(std::vector<std::size_t> positions) {
  for (std::thread& thread : threads_) thread.join();  // of an iteration before
  threads_.clear();
  positions_ = std::move(positions);
  next_ = 0;
  promises_.clear();
  results_.clear();
  for (const std::size_t position : positions_) {
    results_[position] = promises_[position].get_future();
  }
  const std::size_t count = std::min(settings_.jobs, positions_.size());
  for (std::size_t number = 0; number < count; ++number) {
    threads_.emplace_back([this, number] { job(number); });
  }
}

InstanceResult Jobs::wait(std::size_t position) {
  return results_.at(position).get();
}

void Jobs::interrupt() {
  interrupted_ = true;
  const std::lock_guard lock(mutex_);
  for (Actors* actors : actors_) actors->interrupt();
}

// The adapters end with the thread that started them: the kernel sees to that should the suite be
// killed, so they are this thread's own from beginning to end.
void Jobs::job(std::size_t number) {
  if (!settings_.cores.empty()) stay_on(settings_.cores[number % settings_.cores.size()]);
  let_others_finish();
  Actors actors(settings_.patience, settings_.relay);
  {
    const std::lock_guard lock(mutex_);
    actors_.push_back(&actors);
  }
  InstanceRunner runner(actors, casting_, run_, writer_, interrupted_);
  while (true) {
    std::size_t position = 0;
    {
      const std::lock_guard lock(mutex_);
      if (next_ >= positions_.size()) break;
      position = positions_[next_++];
    }
    std::promise<InstanceResult>& promise = promises_.at(position);
    try {
      if (interrupted_) throw Interrupted();
      promise.set_value(work_(runner, position));
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  }
  const std::lock_guard lock(mutex_);
  actors_.erase(std::find(actors_.begin(), actors_.end(), &actors));
}

}  // namespace ws2conform
