#include "provider/socket_group.hpp"

#include <unistd.h>

#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "ws2/errors.h"

namespace ws2 {

class SocketGroup {
 public:
  SocketGroup(std::uint32_t number, bool constrained) : id(number), is_constrained(constrained) {}

  const std::uint32_t id;
  const bool is_constrained;
  std::optional<Endpoint> host;  ///< of the members' connections, its port without meaning
  std::size_t claims = 0;
};

namespace {

enum : std::uint32_t { kNone = 0, kUnconstrained = 1, kConstrained = 2 };

/// Ids are the process's number and one of so many: unique over processes (QOS-10), and never one
/// of the values above.
constexpr std::uint32_t kMostGroups = 1024;

std::mutex mutex;

std::map<std::uint32_t, std::weak_ptr<SocketGroup>>& groups() {
  static auto* all = new std::map<std::uint32_t, std::weak_ptr<SocketGroup>>;
  return *all;
}

std::shared_ptr<SocketGroup> create(bool is_constrained) {
  const std::uint32_t first = static_cast<std::uint32_t>(::getpid()) * kMostGroups;
  for (std::uint32_t id = first; id < first + kMostGroups; ++id) {
    auto& place = groups()[id];
    if (!place.expired()) continue;
    auto made = std::make_shared<SocketGroup>(id, is_constrained);
    place = made;
    return made;
  }
  return nullptr;
}

bool is_same_host(const Endpoint& one, const Endpoint& other) {
  return one.family == other.family && one.address == other.address &&
         one.scope_id == other.scope_id;
}

}  // namespace

GroupMembership& GroupMembership::operator=(GroupMembership&& other) noexcept {
  if (this == &other) return *this;
  leave();
  group_ = std::move(other.group_);
  has_claim_ = std::exchange(other.has_claim_, false);
  return *this;
}

int GroupMembership::join(std::uint32_t group) {
  if (group == kNone) return 0;
  std::shared_ptr<SocketGroup> found;
  {
    const std::lock_guard lock(mutex);
    if (group == kUnconstrained || group == kConstrained) {
      found = create(group == kConstrained);
      if (!found) return WSAENOBUFS;
    } else if (const auto place = groups().find(group); place != groups().end()) {
      found = place->second.lock();
    }
  }
  if (!found) return WSAEINVAL;
  leave();
  group_ = std::move(found);
  return 0;
}

void GroupMembership::leave() {
  release();
  if (!group_) return;
  const std::lock_guard lock(mutex);
  const std::uint32_t id = group_->id;
  group_.reset();
  if (const auto place = groups().find(id); place != groups().end() && place->second.expired()) {
    groups().erase(place);
  }
}

std::uint32_t GroupMembership::id() const {
  return group_ ? group_->id : kNone;
}

int GroupMembership::claim(const Endpoint& host) {
  if (!group_ || !group_->is_constrained) return 0;
  const std::lock_guard lock(mutex);
  const std::size_t others = group_->claims - (has_claim_ ? 1 : 0);
  if (others > 0 && !is_same_host(*group_->host, host)) return WSAEINVAL;
  group_->host = host;
  group_->claims = others + 1;
  has_claim_ = true;
  return 0;
}

void GroupMembership::release() {
  if (!has_claim_) return;
  const std::lock_guard lock(mutex);
  --group_->claims;
  has_claim_ = false;
}

}  // namespace ws2
