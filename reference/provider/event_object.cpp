#include "provider/event_object.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <type_traits>

namespace ws2 {
namespace {

// The reactor may signal while the process ends, and where there is no memory.
constinit std::mutex events_mutex;
static_assert(std::is_trivially_destructible_v<std::mutex>);

}  // namespace

// A thread that waits. Whoever sets an object decides whether that satisfies it, so that a set with
// a reset hard behind it is not missed.
struct EventWait {
  std::span<const std::shared_ptr<EventObject>> objects;
  bool all;
  std::optional<std::size_t> outcome = {};
  std::condition_variable woken = {};

  void look() {
    if (std::any_of(objects.begin(), objects.end(), [](const auto& o) { return o->is_closed_; })) {
      outcome = objects.size();
      return;
    }
    const auto is_set = [](const auto& object) { return object->is_set_; };
    const auto first = std::find_if(objects.begin(), objects.end(), is_set);
    if (first == objects.end()) return;
    if (all && !std::all_of(objects.begin(), objects.end(), is_set)) return;
    outcome = static_cast<std::size_t>(first - objects.begin());
  }
};

void EventObject::tell() {
  for (EventWait* wait : waits_) {
    if (!wait->outcome) wait->look();
    if (wait->outcome) wait->woken.notify_one();
  }
}

void EventObject::set() {
  const std::lock_guard lock(events_mutex);
  if (is_set_) return;
  is_set_ = true;
  tell();
}

void EventObject::close() {
  const std::lock_guard lock(events_mutex);
  is_closed_ = true;
  tell();
}

void EventObject::reset() {
  const std::lock_guard lock(events_mutex);
  is_set_ = false;
}

std::optional<std::size_t> EventObject::wait(std::span<const std::shared_ptr<EventObject>> objects,
                                             bool all,
                                             std::optional<std::chrono::milliseconds> timeout) {
  std::unique_lock lock(events_mutex);
  EventWait wait{objects, all};
  wait.look();
  if (wait.outcome || timeout == std::chrono::milliseconds(0)) return wait.outcome;
  // However it ends, no object knows the wait any more.
  struct Listed {
    EventWait& wait;
    ~Listed() {
      for (const auto& object : wait.objects) std::erase(object->waits_, &wait);
    }
  } listed{wait};
  for (const auto& object : objects) object->waits_.push_back(&wait);
  const auto satisfied = [&wait] { return wait.outcome.has_value(); };
  if (timeout) {
    wait.woken.wait_until(lock, std::chrono::steady_clock::now() + *timeout, satisfied);
  } else {
    wait.woken.wait(lock, satisfied);
  }
  return wait.outcome;
}

}  // namespace ws2
