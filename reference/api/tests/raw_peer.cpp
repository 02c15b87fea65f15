#include "api/tests/raw_peer.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
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

bool RawPeer::ends_by_reset() const {
  char octets[1024];
  ssize_t count;
  do {
    count = ::recv(fd_, octets, sizeof octets, 0);
  } while (count > 0);
  return count < 0 && errno == ECONNRESET;
}

}  // namespace ws2
