#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "provider/clock.hpp"
#include "provider/descriptor.hpp"
#include "provider/reactor.hpp"

namespace ws2 {

class Reactor::Implementation {
 public:
  Watch add(int fd, std::weak_ptr<Watched> owner, std::uint64_t tag) {
    const std::lock_guard lock(mutex_);
    if (!start()) return kNone;
    const Watch watch = ++last_;
    entries_.emplace(watch, Entry{std::move(owner), tag, kNever, false});
    if (control(EPOLL_CTL_ADD, watch, fd, kActivity)) return watch;
    entries_.erase(watch);
    return kNone;
  }

  void remove(Watch watch, int fd) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(watch);
    if (found == entries_.end()) return;
    forget_deadline(watch, found->second);
    if (found->second.awaits_descriptor) --awaiting_;
    entries_.erase(found);
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  }

  void set_activity(Watch watch, int fd, std::uint32_t events) {
    const std::lock_guard lock(mutex_);
    if (entries_.contains(watch)) control(EPOLL_CTL_MOD, watch, fd, events);
  }

  void set_deadline(Watch watch, std::chrono::nanoseconds deadline) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(watch);
    if (found == entries_.end() || found->second.deadline == deadline) return;
    forget_deadline(watch, found->second);
    if (deadline == kNever) return;
    found->second.deadline = deadline;
    const auto added = deadlines_.emplace(deadline, watch);
    if (added == deadlines_.begin()) wake();
  }

  void await_descriptor(Watch watch) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(watch);
    if (found == entries_.end() || found->second.awaits_descriptor) return;
    found->second.awaits_descriptor = true;
    ++awaiting_;
  }

  static constexpr std::uint32_t kActivity = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

  void descriptor_freed() {
    if (awaiting_ == 0) return;
    descriptor_freed_ = true;
    wake();
  }

 private:
  struct Entry {
    std::weak_ptr<Watched> owner;
    std::uint64_t tag;
    std::chrono::nanoseconds deadline;
    bool awaits_descriptor;
  };
  using Call = std::pair<std::shared_ptr<Watched>, std::uint64_t>;

  bool start() {
    if (epoll_) return true;
    Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
    Descriptor wakeup(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kNone;
    if (!epoll || !wakeup || ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wakeup.get(), &event) != 0) {
      return false;
    }
    epoll_ = std::move(epoll);
    wakeup_ = std::move(wakeup);
    // The application's signals are for the application's threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_running = true;
    try {
      std::thread([this] { run(); }).detach();
    } catch (const std::system_error&) {
      epoll_.reset();
      wakeup_.reset();
      is_running = false;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return is_running;
  }

  bool control(int operation, Watch watch, int fd, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = watch;
    return ::epoll_ctl(epoll_.get(), operation, fd, &event) == 0;
  }

  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wakeup_.get(), &one, sizeof one);
  }

  void forget_deadline(Watch watch, Entry& entry) {
    if (entry.deadline == kNever) return;
    const auto [begin, end] = deadlines_.equal_range(entry.deadline);
    for (auto it = begin; it != end; ++it) {
      if (it->second != watch) continue;
      deadlines_.erase(it);
      break;
    }
    entry.deadline = kNever;
  }

  void run() {
    std::vector<epoll_event> events(256);
    while (true) {
      const int count =
          ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout());
      std::vector<Call> active;
      std::vector<Call> late;
      {
        const std::lock_guard lock(mutex_);
        for (int i = 0; i < count; ++i) {
          const Watch watch = events[static_cast<std::size_t>(i)].data.u64;
          if (watch == kNone) {
            std::uint64_t ignored;
            [[maybe_unused]] const auto size = ::read(wakeup_.get(), &ignored, sizeof ignored);
          } else if (const auto found = entries_.find(watch); found != entries_.end()) {
            collect(found->second, active);
          }
        }
        collect_freed(active);
        collect_late(late);
      }
      // As reactor.hpp promises, whatever order the system tells them in.
      std::stable_sort(active.begin(), active.end(),
                       [](const Call& a, const Call& b) { return a.second - 1 < b.second - 1; });
      for (const auto& [owner, tag] : active) owner->on_activity(tag);
      for (const auto& [owner, tag] : late) owner->on_deadline(tag);
    }
  }

  static void collect(const Entry& entry, std::vector<Call>& calls) {
    if (auto owner = entry.owner.lock()) calls.emplace_back(std::move(owner), entry.tag);
  }

  void collect_freed(std::vector<Call>& calls) {
    if (!descriptor_freed_.exchange(false)) return;
    for (auto& [watch, entry] : entries_) {
      if (!entry.awaits_descriptor) continue;
      entry.awaits_descriptor = false;
      --awaiting_;
      collect(entry, calls);
    }
  }

  void collect_late(std::vector<Call>& calls) {
    const auto time = now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= time) {
      Entry& entry = entries_.at(deadlines_.begin()->second);
      deadlines_.erase(deadlines_.begin());
      entry.deadline = kNever;
      collect(entry, calls);
    }
  }

  // For epoll_wait: milliseconds, rounded up.
  int timeout() {
    const std::lock_guard lock(mutex_);
    if (deadlines_.empty()) return -1;
    const auto rest = deadlines_.begin()->first - now();
    if (rest <= std::chrono::nanoseconds(0)) return 0;
    constexpr std::chrono::milliseconds kMost = std::chrono::hours(1);
    return static_cast<int>(
        std::min(kMost, std::chrono::ceil<std::chrono::milliseconds>(rest)).count());
  }

  std::mutex mutex_;
  Descriptor epoll_;
  Descriptor wakeup_;
  Watch last_ = kNone;
  std::unordered_map<Watch, Entry> entries_;
  std::multimap<std::chrono::nanoseconds, Watch> deadlines_;
  std::atomic<int> awaiting_ = 0;
  std::atomic<bool> descriptor_freed_ = false;
};

Reactor::Reactor() : implementation_(new Implementation) {}

Reactor& Reactor::instance() {
  static auto* reactor = new Reactor;
  return *reactor;
}

Reactor::Watch Reactor::add(int fd, std::weak_ptr<Watched> owner, std::uint64_t tag) {
  return implementation_->add(fd, std::move(owner), tag);
}

void Reactor::remove(Watch watch, int fd) {
  implementation_->remove(watch, fd);
}

void Reactor::pause(Watch watch, int fd) {
  implementation_->set_activity(watch, fd, 0);
}

void Reactor::resume(Watch watch, int fd) {
  implementation_->set_activity(watch, fd, Implementation::kActivity);
}

void Reactor::set_deadline(Watch watch, std::chrono::nanoseconds deadline) {
  implementation_->set_deadline(watch, deadline);
}

void Reactor::await_descriptor(Watch watch) {
  implementation_->await_descriptor(watch);
}

void Reactor::descriptor_freed() {
  implementation_->descriptor_freed();
}

}  // namespace ws2
