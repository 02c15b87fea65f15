#include "link.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/x25.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace x25 {
namespace {

// What a frame is for, by its first octet, in the language of the kernel's X.25 interfaces.
enum Purpose : char { kPacket = 0, kConnect = 1, kDisconnect = 2 };

constexpr std::size_t kLongestFrame = 65'536;

int open_interface(const char* name) {
  const int tun = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  must(tun, "/dev/net/tun");
  ifreq request{};
  std::strcpy(request.ifr_name, name);
  request.ifr_flags = IFF_TUN;  // with a tun_pi before each frame, which tells the protocol
  must(::ioctl(tun, TUNSETIFF, &request), "TUNSETIFF");
  must(::ioctl(tun, TUNSETLINK, ARPHRD_X25), "TUNSETLINK");
  const int any = ::socket(AF_X25, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  must(any, "socket(AF_X25)");
  request.ifr_flags = IFF_UP;
  must(::ioctl(any, SIOCSIFFLAGS, &request), "SIOCSIFFLAGS");
  ::close(any);
  return tun;
}

// All numbers are reached through `name`.
void route_all(const char* name) {
  const int any = ::socket(AF_X25, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  must(any, "socket(AF_X25)");
  x25_route_struct route{};
  std::strcpy(route.device, name);
  must(::ioctl(any, SIOCADDRT, &route), "SIOCADDRT");
  ::close(any);
}

void write_frame(int to, Purpose purpose, std::string_view packet) {
  tun_pi head{};
  head.proto = htons(ETH_P_X25);
  std::string frame(reinterpret_cast<const char*>(&head), sizeof head);
  frame.append(1, purpose).append(packet);
  [[maybe_unused]] const ssize_t ignored = ::write(to, frame.data(), frame.size());
}

[[noreturn]] void join(int out, int in) {
  using Side = Switch::Side;
  Switch network([&](Side to, const std::string& packet) {
    write_frame(to == Side::kOut ? out : in, kPacket, packet);
  });
  const auto take = [&](Side side) {
    const int from = side == Side::kOut ? out : in;
    std::array<char, kLongestFrame> frame;
    const ssize_t size = ::read(from, frame.data(), frame.size());
    constexpr std::size_t kHead = sizeof(tun_pi) + 1;
    if (size < static_cast<ssize_t>(kHead)) return;
    if (reinterpret_cast<const tun_pi*>(frame.data())->proto != htons(ETH_P_X25)) return;
    const char purpose = frame[sizeof(tun_pi)];
    if (purpose == kPacket) {
      network.take(side, {frame.data() + kHead, static_cast<std::size_t>(size) - kHead});
    } else if (purpose == kConnect || purpose == kDisconnect) {  // is so at once, at both ends
      write_frame(in, static_cast<Purpose>(purpose), {});
      write_frame(out, static_cast<Purpose>(purpose), {});
    }
  };
  std::array<pollfd, 2> both = {{{out, POLLIN, 0}, {in, POLLIN, 0}}};
  while (true) {
    ::poll(both.data(), both.size(), -1);
    if (both[0].revents != 0) take(Side::kOut);
    if (both[1].revents != 0) take(Side::kIn);
  }
}

}  // namespace

void must(long result, const std::string& what) {
  if (result < 0) throw std::runtime_error(what + ": " + std::strerror(errno));
}

void start_link() {
  const int out = open_interface("x25out");
  const int in = open_interface("x25in");
  route_all("x25out");
  const pid_t network = ::fork();
  must(network, "fork");
  if (network == 0) join(out, in);
  ::close(out);
  ::close(in);
}

}  // namespace x25
