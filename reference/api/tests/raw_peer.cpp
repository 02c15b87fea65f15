#include "api/tests/raw_peer.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace ws2 {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return name;
}

int make_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_GE(fd, 0);
  return fd;
}

}  // namespace

RawPeer RawPeer::connect_to(std::uint16_t port) {
  RawPeer peer(make_socket());
  const sockaddr_in name = loopback(port);
  EXPECT_EQ(::connect(peer.fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  return peer;
}

RawPeer RawPeer::listener() {
  RawPeer peer(make_socket());
  const sockaddr_in name = loopback(0);
  EXPECT_EQ(::bind(peer.fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  EXPECT_EQ(::listen(peer.fd_, 1), 0);
  return peer;
}

RawPeer RawPeer::accept() const {
  return RawPeer(::accept(fd_, nullptr, nullptr));
}

std::uint16_t RawPeer::port() const {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size), 0);
  return ntohs(name.sin_port);
}

RawPeer::RawPeer(RawPeer&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RawPeer::~RawPeer() {
  if (fd_ >= 0) ::close(fd_);
}

void RawPeer::say(const std::string& octets) const {
  EXPECT_EQ(::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(octets.size()));
}

std::size_t RawPeer::try_to_say(const std::string& octets) const {
  const ssize_t count = ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void RawPeer::say_until_gone(const std::string& octets) const {
  while (::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL) > 0) {
  }
}

std::string RawPeer::hear(std::size_t count) const {
  std::string octets(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got = ::recv(fd_, octets.data() + have, count - have, 0);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  octets.resize(have);
  return octets;
}

void RawPeer::end() const {
  EXPECT_EQ(::shutdown(fd_, SHUT_WR), 0);
}

void RawPeer::reset() {
  const linger at_once{1, 0};
  EXPECT_EQ(::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  ::close(std::exchange(fd_, -1));
}

void RawPeer::set_room(int octets) const {
  EXPECT_EQ(::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets), 0);
  EXPECT_EQ(::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets), 0);
}

bool RawPeer::is_reset() const {
  // Asks for nothing: a reset is told of always, an end of one direction is not.
  pollfd polled{fd_, 0, 0};
  return ::poll(&polled, 1, 60'000) == 1 && (polled.revents & (POLLERR | POLLHUP)) != 0;
}

bool RawPeer::ends_by_reset() const {
  char octets[1024];
  ssize_t count;
  do {
    count = ::recv(fd_, octets, sizeof octets, 0);
  } while (count > 0);
  return count < 0 && errno == ECONNRESET;
}

}  // namespace ws2
