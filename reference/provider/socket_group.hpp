#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "provider/endpoint.hpp"

namespace ws2 {

class SocketGroup;

/// A socket's place in a socket group (QOS-10). The specification calls groups reserved (QOS-09),
/// so they are no more here than what it still says of them: an id, alive until the last member has
/// left it, and of a constrained group that all its connections go to one host. Priorities and a
/// group's QOS have no effect. Not thread-safe by itself; the groups are.
class GroupMembership {
 public:
  GroupMembership() = default;
  ~GroupMembership() { leave(); }
  GroupMembership(GroupMembership&& other) noexcept { *this = std::move(other); }
  GroupMembership& operator=(GroupMembership&& other) noexcept;

  /// `group`: 0 none, SG_UNCONSTRAINED_GROUP or SG_CONSTRAINED_GROUP a new one, else the id of one
  /// that exists (ACC-37). WSAEINVAL for what is none of them, WSAENOBUFS when there are too many.
  int join(std::uint32_t group);
  void leave();
  /// 0 outside of groups.
  std::uint32_t id() const;

  /// A connection to that host is wanted; WSAEINVAL where the group's others go somewhere else
  /// (UDATA-20).
  int claim(const Endpoint& host);
  /// There is none any more.
  void release();

 private:
  std::shared_ptr<SocketGroup> group_;
  bool has_claim_ = false;
};

}  // namespace ws2
