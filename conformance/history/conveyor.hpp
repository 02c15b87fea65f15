// Hands things to a thread of its own that works on them, one by one and in their order.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace ws2conform {

// To be used by one thread. What `work` throws ends the work, and is thrown again by whatever is
// called next.
template <typename Thing>
class Conveyor {
 public:
  // No more than `most` things wait.
  Conveyor(std::size_t most, std::function<void(const Thing&)> work)
      : most_(most), work_(std::move(work)), thread_([this] { run(); }) {}

  Conveyor(const Conveyor&) = delete;
  Conveyor& operator=(const Conveyor&) = delete;

  ~Conveyor() { end(); }

  void put(Thing thing) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < most_ || failure_; });
    if (failure_) std::rethrow_exception(failure_);
    waiting_.push_back(std::move(thing));
    changed_.notify_all();
  }

  // Returns when all is done.
  void finish() {
    end();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return !waiting_.empty() || ended_; });
      if (waiting_.empty()) return;
      const Thing thing = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.notify_all();
      lock.unlock();
      std::exception_ptr failure;
      try {
        work_(thing);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      if (!failure) continue;
      failure_ = failure;
      changed_.notify_all();
      return;
    }
  }

  const std::size_t most_;
  const std::function<void(const Thing&)> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Thing> waiting_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::thread thread_;  // uses everything above
};

}  // namespace ws2conform
