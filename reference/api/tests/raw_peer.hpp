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
  /// Waits for the other side's end, and whether that is a reset.
  bool ends_by_reset() const;

 private:
  explicit RawPeer(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace ws2
