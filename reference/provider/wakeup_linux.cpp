#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <new>

#include "provider/clock.hpp"
#include "provider/descriptor.hpp"
#include "provider/wakeup.hpp"

namespace ws2 {

// A thread's means of being woken: made at its first wait, kept until it ends.
class ThreadWakeup {
 public:
  static ThreadWakeup& mine() {
    thread_local ThreadWakeup wakeup;
    if (!wakeup.fd_) wakeup.fd_ = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    return wakeup;
  }

  int fd() const { return fd_.get(); }

  // Both with the lock held that the thread waits without: once is enough, and the descriptor need
  // not be read to know that there is nothing in it.
  void wake() {
    if (is_woken_) return;
    is_woken_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof one);
  }
  // Whether it was woken since the last call.
  bool take() {
    if (!is_woken_) return false;
    is_woken_ = false;
    std::uint64_t count;
    [[maybe_unused]] const auto size = ::read(fd_.get(), &count, sizeof count);
    return true;
  }

 private:
  Descriptor fd_;
  bool is_woken_ = false;
};

Wake Waiters::wait(std::unique_lock<std::mutex>& lock, int fd, short events,
                   std::chrono::nanoseconds deadline) {
  ThreadWakeup& me = ThreadWakeup::mine();
  if (me.fd() < 0) return Wake::kFailed;
  try {
    waiting_.push_back(&me);
  } catch (const std::bad_alloc&) {
    return Wake::kFailed;
  }
  lock.unlock();
  pollfd polled[] = {{fd, events, 0}, {me.fd(), POLLIN, 0}};
  int count;
  do {
    timespec left{};
    timespec* timeout = nullptr;
    if (deadline != kNever) {
      const auto rest = std::max(deadline - now(), std::chrono::nanoseconds(0));
      left.tv_sec = static_cast<time_t>(rest / std::chrono::seconds(1));
      left.tv_nsec = static_cast<long>((rest % std::chrono::seconds(1)).count());
      timeout = &left;
    }
    count = ::ppoll(polled, 2, timeout, nullptr);
  } while (count < 0 && errno == EINTR);
  lock.lock();
  std::erase(waiting_, &me);
  if (me.take()) return Wake::kNotified;
  if (count == 0) return Wake::kTimedOut;
  return count < 0 ? Wake::kFailed : Wake::kReady;
}

void Waiters::notify_all() const {
  for (ThreadWakeup* thread : waiting_) thread->wake();
}

}  // namespace ws2
