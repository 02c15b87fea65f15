// Peers that want everything: memory, descriptors, the reactor's time.

#include <malloc.h>

#include <algorithm>

#include "hostile/descriptors.hpp"
#include "hostile/frames.hpp"
#include "hostile/service.hpp"

namespace ws2::hostile {
namespace {

std::size_t heap_in_use() {
  const auto now = ::mallinfo2();
  return now.uordblks + now.hblkhd;
}

/// Pushes copies of `octets` until the system has taken no more for several exchanges of the good
/// client, or `most` are on their way. Returns how many were taken.
template <typename Progress>
std::size_t flood(const RawPeer& peer, const std::string& octets, std::size_t most,
                  Progress progress) {
  std::size_t taken = 0;
  // Never cut differently than the peer says: the rest of a copy first.
  std::size_t offset = 0;
  for (int refused = 0; refused < 10 && taken < most;) {
    const std::size_t count = peer.try_to_say(octets.substr(offset));
    taken += count;
    offset = (offset + count) % octets.size();
    if (count > 0) {
      refused = 0;
      continue;
    }
    ++refused;
    progress();
  }
  return taken;
}

class Floods : public Service {
 protected:
  static constexpr std::size_t kFar = 64 * 1024 * 1024;
  /// What one connection may hold for a program that does not read, doubling blocks included.
  static constexpr std::size_t kMostHeld = 2 * 1024 * 1024;

  /// Floods a guest that does not read, with or without somebody waiting for its events.
  void expect_bounded(const std::string& octets, bool with_events) {
    const RawPeer peer = accepted_peer();
    peer.set_room(16 * 1024);
    const SOCKET guest = next_guest();
    WSAEVENT event = WSA_INVALID_EVENT;
    if (with_events) {
      event = WSACreateEvent();
      EXPECT_EQ(WSAEventSelect(guest, event, FD_READ | FD_CLOSE), 0);
    }
    expect_service(2);
    const std::size_t before = heap_in_use();
    const std::size_t taken = flood(peer, octets, kFar, [this] { expect_service(1); });
    EXPECT_LT(taken, kFar);
    EXPECT_LT(heap_in_use(), before + kMostHeld);
    expect_service();
    // It is there still, and is read.
    u_long unread = 0;
    EXPECT_EQ(ioctlsocket(guest, FIONREAD, &unread), 0);
    char piece[1024];
    EXPECT_GE(recv(guest, piece, sizeof piece, 0), 0);
    EXPECT_EQ(closesocket(guest), 0);
    if (with_events) WSACloseEvent(event);
  }
};

TEST_F(Floods, OfDataToAProgramThatDoesNotRead) {
  serve();
  expect_bounded(data(std::string(65536, 'x')), false);
}

TEST_F(Floods, OfDataToAProgramThatWaitsForEvents) {
  serve();
  expect_bounded(data(std::string(65536, 'x')), true);
}

TEST_F(Floods, OfSmallFrames) {
  serve();
  std::string octets;
  for (int i = 0; i < 1000; ++i) octets += data("x");
  expect_bounded(octets, true);
}

TEST_F(Floods, OfSmallMessages) {
  serve("message");
  std::string octets;
  for (int i = 0; i < 1000; ++i) octets += data("x", true);
  expect_bounded(octets, true);
}

TEST_F(Floods, OfEmptyMessages) {
  serve("message");
  std::string octets;
  for (int i = 0; i < 1000; ++i) octets += data("", true);
  expect_bounded(octets, true);
}

/// Says `octets` over and over, from a thread of its own, until the other side is gone.
class Endless {
 public:
  Endless(const RawPeer& peer, std::string octets)
      : thread_([&peer, octets = std::move(octets)] { peer.say_until_gone(octets); }) {}
  ~Endless() { thread_.join(); }

 private:
  std::thread thread_;
};

// What comes after closesocket is read and dropped, but nobody is kept from anything by it.
TEST_F(Floods, AfterClosesocket) {
  be_impatient();
  serve();
  const RawPeer peers[] = {accepted_peer(), accepted_peer(), accepted_peer()};
  {
    const std::string octets = data(std::string(65536, 'x'));
    const Endless floods[] = {{peers[0], octets}, {peers[1], octets}, {peers[2], octets}};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(closesocket(next_guest()), 0);
    expect_service();
  }  // each is reset when its time is over
}

TEST_F(Floods, AfterReceivingWasTurnedOff) {
  serve();
  const RawPeer peer = accepted_peer();
  const SOCKET guest = next_guest();
  const WSAEVENT event = WSACreateEvent();
  {
    const Endless flood(peer, data(std::string(65536, 'x')));
    EXPECT_EQ(shutdown(guest, SD_RECEIVE), 0);
    EXPECT_EQ(WSAEventSelect(guest, event, FD_CLOSE), 0);
    expect_service();
    set_linger(guest, 1, 0);
    EXPECT_EQ(closesocket(guest), 0);
  }
  WSACloseEvent(event);
}

TEST_F(Floods, AfterAReject) {
  be_impatient();
  const SOCKET listener = open_listener("stream");
  const RawPeer peer = RawPeer::connect_to(port_of(name_of(listener)));
  peer.say(request("guest"));
  Condition condition;
  condition.verdict = CF_REJECT;
  EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
  {
    const Endless flood(peer, data(std::string(65536, 'x')));
    serve();
    expect_service();
  }
}

TEST_F(Floods, OfConnectionsThatSayNothing) {
  const DescriptorLimit limit(DescriptorLimit::highest());
  const std::size_t many = std::min<std::size_t>(3000, DescriptorLimit::highest() / 3);
  serve();
  const std::size_t before = open_descriptors();
  std::vector<RawPeer> silent;
  while (silent.size() < many) {
    silent.push_back(RawPeer::connect_to(port()));
    if (silent.size() % 100 == 0) expect_service(1);
  }
  expect_service();
  // Of one process they are both ends.
  EXPECT_LE(open_descriptors(), before + many + 1024 + 64);
  EXPECT_EQ(guests_so_far(), 0);
}

// Where descriptors are scarce those who only ask get fewer.
TEST_F(Floods, OfConnectionsThatSayNothingWithFewDescriptors) {
  const DescriptorLimit limit(open_descriptors() + 800);
  serve();
  std::vector<RawPeer> silent;
  while (silent.size() < 450) silent.push_back(RawPeer::connect_to(port()));
  expect_service();
}

TEST_F(Floods, OfRequestsThatStayAfterTheirReject) {
  const DescriptorLimit limit(DescriptorLimit::highest());
  const std::size_t many = std::min<std::size_t>(3000, DescriptorLimit::highest() / 3);
  const SOCKET listener = open_listener("stream", 1);
  const std::uint16_t full = port_of(name_of(listener));
  const RawPeer first = RawPeer::connect_to(full);
  first.say(request("first"));
  serve();
  const std::size_t before = open_descriptors();
  std::vector<RawPeer> refused;
  while (refused.size() < many) {
    refused.push_back(RawPeer::connect_to(full));
    refused.back().say(request("more"));
    if (refused.size() % 100 == 0) expect_service(1);
  }
  expect_service();
  EXPECT_EQ(refused.back().hear(15), reject(2));
  EXPECT_LE(open_descriptors(), before + many + 1024 + 64);
  EXPECT_NE(::accept(listener, nullptr, nullptr), INVALID_SOCKET);
}

}  // namespace
}  // namespace ws2::hostile
