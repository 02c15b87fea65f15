// Several instances at once: threads, each with adapters of its own.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "conformance/execution/run_instance.hpp"

namespace ws2conform {

// The cores that this process may use.
std::vector<int> allowed_cores();

class Jobs {
 public:
  // Runs the instance at a position, by this runner. Called by the jobs' threads.
  using Work = std::function<InstanceResult(InstanceRunner& runner, std::size_t position)>;

  struct Settings {
    std::size_t jobs = 1;
    std::vector<int> cores;  // job i and its adapters stay on core i; empty: wherever they like
    Patience patience;
    RelayPlan relay;
  };

  Jobs(const Settings& settings, const Casting& casting, const RunSettings& run,
       HistoryWriter& writer, Work work);
  // Ends what runs, adapters included.
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // Begins with these, in this order.
  void start(std::vector<std::size_t> positions);

  // The result of one that was started. Throws what its job threw, Interrupted included.
  InstanceResult wait(std::size_t position);

  // Ends all adapters at once: what runs will not be finished. May be called by any thread.
  void interrupt();

 private:
  void job(std::size_t number);

  Settings settings_;
  const Casting& casting_;
  const RunSettings& run_;
  HistoryWriter& writer_;
  Work work_;
  std::atomic<bool> interrupted_ = false;
  std::mutex mutex_;  // of what follows
  std::vector<Actors*> actors_;
  std::vector<std::size_t> positions_;
  std::size_t next_ = 0;
  std::map<std::size_t, std::promise<InstanceResult>> promises_;
  std::map<std::size_t, std::future<InstanceResult>> results_;
  std::vector<std::thread> threads_;
};

}  // namespace ws2conform
