#pragma once

#include <cstdint>
#include <string>

namespace ws2 {

/// The other end as a bare TCP socket of the operating system, which says what it likes: in a
/// source file of its own, since libc's socket headers and winsock2.h cannot share one. Ends when
/// destroyed.
class RawPeer {
 public:
  /// Connects to the loopback address.
  static RawPeer connect_to(std::uint16_t port);
  /// Listens there; accept() takes one caller in its place.
  static RawPeer listener();
  RawPeer accept() const;
  std::uint16_t port() const;

  RawPeer(RawPeer&& other) noexcept;
  ~RawPeer();

  void say(const std::string& octets) const;
  /// As much of `octets` as the system takes without waiting; 0 also once the other side is gone.
  std::size_t try_to_say(const std::string& octets) const;
  /// Over and over, until the other side is gone.
  void say_until_gone(const std::string& octets) const;
  /// Exactly so many octets, or as many as come before the other side's end.
  std::string hear(std::size_t count) const;
  /// Ends the own octets; those of the other side can still be heard.
  void end() const;
  /// Closes with a reset.
  void reset();
  /// The system keeps about so many octets on their way in each direction, at most.
  void set_room(int octets) const;
  /// Waits for a reset, also behind an end that is there or was heard; false if none comes for very
  /// long.
  bool is_reset() const;
  /// Waits for the other side's end, and whether that is a reset.
  bool ends_by_reset() const;

 private:
  explicit RawPeer(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace ws2
