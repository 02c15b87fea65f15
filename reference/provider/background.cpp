#include "provider/background.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <new>
#include <unordered_map>

namespace ws2 {
namespace {

struct Kept {
  std::shared_ptr<Watched> socket;
  bool owes;
};

struct Registry {
  std::mutex mutex;
  std::condition_variable changed;
  std::unordered_map<const Watched*, Kept> kept;
};

void wait_until_nothing_is_owed();

/// Somebody was kept: before that there is nothing to release, nor memory for it perhaps.
std::atomic<bool> is_in_use = false;

Registry& registry() {
  // Never destroyed: the reactor goes on until the process is gone.
  static auto* made = [] {
    std::atexit(wait_until_nothing_is_owed);
    return new Registry;
  }();
  return *made;
}

void wait_until_nothing_is_owed() {
  Registry& all = registry();
  std::unique_lock lock(all.mutex);
  all.changed.wait_for(lock, std::chrono::seconds(Background::kExitPatience), [&all] {
    return std::none_of(all.kept.begin(), all.kept.end(),
                        [](const auto& entry) { return entry.second.owes; });
  });
}

}  // namespace

bool Background::keep(const std::shared_ptr<Watched>& socket, bool owes) {
  try {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    is_in_use = true;
    all.kept.insert_or_assign(socket.get(), Kept{socket, owes});
    all.changed.notify_all();
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void Background::release(const Watched* socket) {
  if (!is_in_use) return;
  Registry& all = registry();
  // Destroyed after the lock is given back.
  std::shared_ptr<Watched> last;
  const std::lock_guard lock(all.mutex);
  const auto found = all.kept.find(socket);
  if (found == all.kept.end()) return;
  last = std::move(found->second.socket);
  all.kept.erase(found);
  all.changed.notify_all();
}

}  // namespace ws2
