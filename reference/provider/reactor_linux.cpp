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
#include <new>
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
    Deadlines::iterator deadline = deadlines_.end();
    try {
      if (!start()) return kNone;
      const Watch watch = ++last_;
      deadline = deadlines_.emplace(kNever, watch);
      entries_.emplace(watch, Entry{std::move(owner), tag, deadline, false});
      if (control(EPOLL_CTL_ADD, watch, fd, kActivity)) return watch;
      entries_.erase(watch);
    } catch (const std::bad_alloc&) {
    }
    if (deadline != deadlines_.end()) deadlines_.erase(deadline);
    return kNone;
  }

  void remove(Watch watch, int fd) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(watch);
    if (found == entries_.end()) return;
    deadlines_.erase(found->second.deadline);
    if (found->second.awaits_descriptor) --awaiting_;
    entries_.erase(found);
    // One that is closed already, the system has taken out of it.
    if (fd >= 0) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  }

  void set_deadline(Watch watch, std::chrono::nanoseconds deadline) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(watch);
    if (found == entries_.end() || found->second.deadline->first == deadline) return;
    move_deadline(found->second, deadline);
    // The thread itself looks at the deadlines before it waits again.
    const bool is_waiting = std::this_thread::get_id() != thread_;
    if (deadline != kNever && found->second.deadline == deadlines_.begin() && is_waiting) wake();
  }

  void set_activity(Watch watch, int fd, std::uint32_t events) {
    const std::lock_guard lock(mutex_);
    if (entries_.contains(watch)) control(EPOLL_CTL_MOD, watch, fd, events);
  }

  void await_descriptor(Watch watch) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(watch);
    if (found == entries_.end() || found->second.awaits_descriptor) return;
    found->second.awaits_descriptor = true;
    ++awaiting_;
    // For the retry.
    wake();
  }

  // How long a descriptor is awaited before it is tried whether there is one.
  static constexpr std::chrono::milliseconds kRetry{100};
  static constexpr std::uint32_t kActivity = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

  void descriptor_freed() {
    if (awaiting_ == 0) return;
    descriptor_freed_ = true;
    wake();
  }

 private:
  // Each watch has its place in it, at the end while it has no deadline: so that setting one needs
  // no memory.
  using Deadlines = std::multimap<std::chrono::nanoseconds, Watch>;
  struct Entry {
    std::weak_ptr<Watched> owner;
    std::uint64_t tag;
    Deadlines::iterator deadline;
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
    events_.resize(256);
    active_.reserve(2 * events_.size());
    late_.reserve(events_.size());
    // The application's signals are for the application's threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_running = true;
    try {
      epoll_ = std::move(epoll);
      wakeup_ = std::move(wakeup);
      std::thread thread([this] { run(); });
      thread_ = thread.get_id();
      thread.detach();
    } catch (const std::exception&) {
      // No thread, or no memory for one.
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

  void move_deadline(Entry& entry, std::chrono::nanoseconds deadline) {
    auto node = deadlines_.extract(entry.deadline);
    node.key() = deadline;
    entry.deadline = deadlines_.insert(std::move(node));
  }

  void run() {
    while (true) {
      const int count =
          ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeout());
      active_.clear();
      late_.clear();
      {
        const std::lock_guard lock(mutex_);
        for (int i = 0; i < count; ++i) {
          const Watch watch = events_[static_cast<std::size_t>(i)].data.u64;
          if (watch == kNone) {
            std::uint64_t ignored;
            [[maybe_unused]] const auto size = ::read(wakeup_.get(), &ignored, sizeof ignored);
          } else if (const auto found = entries_.find(watch); found != entries_.end()) {
            collect(found->second, active_);
          }
        }
        // Not all descriptors of a process are freed here.
        if (count == 0) descriptor_freed_ = true;
        collect_freed(active_);
        collect_late(late_);
      }
      // As reactor.hpp promises, whatever order the system tells them in.
      std::stable_sort(active_.begin(), active_.end(),
                       [](const Call& a, const Call& b) { return a.second - 1 < b.second - 1; });
      for (const auto& [owner, tag] : active_) owner->on_activity(tag);
      for (const auto& [owner, tag] : late_) owner->on_deadline(tag);
    }
  }

  static bool is_full(const std::vector<Call>& calls) { return calls.size() == calls.capacity(); }

  // Into a vector that is not full.
  static void collect(const Entry& entry, std::vector<Call>& calls) {
    if (auto owner = entry.owner.lock()) calls.emplace_back(std::move(owner), entry.tag);
  }

  void collect_freed(std::vector<Call>& calls) {
    if (!descriptor_freed_.exchange(false)) return;
    for (auto& [watch, entry] : entries_) {
      if (!entry.awaits_descriptor) continue;
      if (is_full(calls)) {
        descriptor_freed_ = true;
        return;
      }
      entry.awaits_descriptor = false;
      --awaiting_;
      collect(entry, calls);
    }
  }

  void collect_late(std::vector<Call>& calls) {
    const auto time = now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= time && !is_full(calls)) {
      Entry& entry = entries_.at(deadlines_.begin()->second);
      move_deadline(entry, kNever);
      collect(entry, calls);
    }
  }

  // For epoll_wait: milliseconds, rounded up.
  int timeout() {
    const std::lock_guard lock(mutex_);
    constexpr std::chrono::milliseconds kMost = std::chrono::hours(1);
    auto rest = awaiting_ > 0 ? kRetry : kMost;
    if (awaiting_ > 0 && descriptor_freed_) rest = std::chrono::milliseconds(0);
    if (!deadlines_.empty() && deadlines_.begin()->first != kNever) {
      const auto until = deadlines_.begin()->first - now();
      rest = std::min(rest, std::chrono::ceil<std::chrono::milliseconds>(until));
    } else if (awaiting_ == 0) {
      return -1;
    }
    return static_cast<int>(std::max(rest, std::chrono::milliseconds(0)).count());
  }

  std::mutex mutex_;
  Descriptor epoll_;
  Descriptor wakeup_;
  std::thread::id thread_;
  Watch last_ = kNone;
  std::unordered_map<Watch, Entry> entries_;
  Deadlines deadlines_;
  // The background thread's, made before it starts: it needs no memory that may not be there.
  std::vector<epoll_event> events_;
  std::vector<Call> active_;
  std::vector<Call> late_;
  std::atomic<int> awaiting_ = 0;
  std::atomic<bool> descriptor_freed_ = false;
};

Reactor::Reactor(Implementation* implementation) : implementation_(implementation) {}

Reactor& Reactor::instance() {
  // Without memory from the heap: it may be needed to give up what there was too little for.
  alignas(Implementation) static std::byte room[sizeof(Implementation)];
  static Reactor reactor(new (room) Implementation);
  return reactor;
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
