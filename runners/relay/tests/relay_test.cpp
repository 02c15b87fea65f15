#include "runners/relay/relay.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <iterator>
#include <optional>
#include <thread>

namespace ws2conform::relay {
namespace {

using std::chrono::milliseconds;

constexpr int kPatience = 20000;  // milliseconds

// A blocking socket. What it says of its end: "FIN", or the name of the error.
class Peer {
 public:
  explicit Peer(int socket = -1) : socket_(socket) {}
  Peer(Peer&& other) noexcept { *this = std::move(other); }
  Peer& operator=(Peer&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(connect_error_, other.connect_error_);
    std::swap(end_, other.end_);
    return *this;
  }
  ~Peer() { close(); }

  static Peer connected_to(const std::string& name) {
    const Address address = *parse_address(name);
    Peer peer(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    peer.connect_error_ =
        ::connect(peer.socket_, address.pointer(), address.length) == 0 ? 0 : errno;
    return peer;
  }
  int connect_error() const { return connect_error_; }

  bool readable() const { return ready(POLLIN, 0); }
  bool becomes_readable() const { return ready(POLLIN, kPatience); }
  bool writable_within(int patience) const { return ready(POLLOUT, patience); }

  void send(const std::string& octets) const {
    ASSERT_EQ(::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(octets.size()));
  }
  // How many octets are taken before the system takes no more.
  std::size_t send_until_full(std::size_t most) const {
    std::size_t sent = 0;
    const std::string block(65536, 'x');
    while (sent < most) {
      const ssize_t count =
          ::send(socket_, block.data(), block.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count > 0) {
        sent += static_cast<std::size_t>(count);
      } else if (!writable_within(300)) {
        break;
      }
    }
    return sent;
  }
  std::string receive(std::size_t count) const {
    std::string octets;
    while (octets.size() < count) {
      if (!becomes_readable()) break;
      char chunk[65536];
      const ssize_t got =
          ::recv(socket_, chunk, std::min(sizeof chunk, count - octets.size()), MSG_DONTWAIT);
      if (got <= 0) {
        end_ = name_of(got);
        break;
      }
      octets.append(chunk, static_cast<std::size_t>(got));
    }
    return octets;
  }
  std::string receive_all() const { return receive(static_cast<std::size_t>(-1)); }
  std::string end() const {
    if (!end_.empty()) return end_;
    if (!becomes_readable()) return "silence";
    char octet = 0;
    const ssize_t got = ::recv(socket_, &octet, 1, MSG_DONTWAIT);
    return got > 0 ? std::string("octet ") + octet : name_of(got);
  }
  // Sends that nobody acknowledges for so many milliseconds end the connection.
  void give_up_after(unsigned milliseconds) const {
    ASSERT_EQ(
        ::setsockopt(socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds),
        0);
  }
  void fin() const { ::shutdown(socket_, SHUT_WR); }
  void reset() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  std::string name() const { return to_string(local_address(socket_)); }
  std::string peer_name() const { return to_string(peer_address(socket_)); }
  int socket() const { return socket_; }

 private:
  bool ready(short events, int patience) const {
    pollfd entry{socket_, events, 0};
    return ::poll(&entry, 1, patience) == 1;
  }

  static std::string name_of(ssize_t got) {
    if (got == 0) return "FIN";
    return errno == ECONNRESET ? "ECONNRESET" : errno == ETIMEDOUT ? "ETIMEDOUT" : strerror(errno);
  }

  int socket_ = -1;
  int connect_error_ = 0;
  mutable std::string end_;  // where receive() met it
};

class Listener {
 public:
  explicit Listener(const std::string& at = "127.0.0.1:0") {
    const Address address = *parse_address(at);
    peer_ = Peer(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(peer_.socket(), address.pointer(), address.length), 0);
    EXPECT_EQ(::listen(peer_.socket(), 8), 0);
  }
  std::string name() const { return peer_.name(); }
  Peer accept() const {
    EXPECT_TRUE(peer_.becomes_readable());
    return Peer(::accept4(peer_.socket(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  bool has_request() const { return peer_.readable(); }
  void close() { peer_.close(); }

 private:
  Peer peer_;
};

class RelayTest : public testing::Test {
 protected:
  RelayTest() { relay_.begin({"a-case/provider=any", "12345678", "1 2"}, 1); }

  void connect(const std::string& at = "127.0.0.1:0") {
    listener_.emplace(at);
    client_ = Peer::connected_to(relay_.front("client", listener_->name()));
    ASSERT_EQ(client_.connect_error(), 0);
    server_ = listener_->accept();
  }

  static Treatment cut(std::size_t octets, Treatment::End end) {
    return {Treatment::Kind::kCut, octets, {}, {}, end};
  }

  Relay relay_{nullptr};
  std::optional<Listener> listener_;
  Peer client_;
  Peer server_;
};

constexpr Direction kToServer = Direction::kToServer;
constexpr Direction kToClient = Direction::kToClient;

TEST_F(RelayTest, PassesOctetsBothWays) {
  for (const char* at : {"127.0.0.1:0", "[::1]:0"}) {
    connect(at);
    client_.send("to the server");
    server_.send("to the client");
    EXPECT_EQ(server_.receive(13), "to the server");
    EXPECT_EQ(client_.receive(13), "to the client");
  }
}

TEST_F(RelayTest, AFinIsAFinAndTheOtherDirectionStaysOpen) {
  connect();
  client_.send("last");
  client_.fin();
  EXPECT_EQ(server_.receive_all(), "last");
  EXPECT_EQ(server_.end(), "FIN");
  server_.send("answer");
  EXPECT_EQ(client_.receive(6), "answer");
  EXPECT_FALSE(client_.readable());
  server_.fin();
  EXPECT_EQ(client_.end(), "FIN");
}

TEST_F(RelayTest, AResetIsAReset) {
  connect();
  client_.reset();
  EXPECT_EQ(server_.end(), "ECONNRESET");
  connect();
  server_.reset();
  EXPECT_EQ(client_.end(), "ECONNRESET");
}

TEST_F(RelayTest, WhatCameBeforeAResetIsReadBeforeIt) {
  connect();
  client_.send("the last words");
  client_.reset();
  EXPECT_EQ(server_.receive(14), "the last words");
  EXPECT_EQ(server_.end(), "ECONNRESET");
}

TEST_F(RelayTest, AResetAfterAFinIsAReset) {
  connect();
  client_.fin();
  EXPECT_EQ(server_.end(), "FIN");
  server_.reset();
  EXPECT_EQ(client_.end(), "ECONNRESET");
  connect();
  client_.fin();
  EXPECT_EQ(server_.end(), "FIN");
  client_.reset();
  // The end of octets has been told; the reset shows in what comes after.
  while (::send(server_.socket(), "x", 1, MSG_NOSIGNAL) == 1) {
  }
  EXPECT_TRUE(errno == EPIPE || errno == ECONNRESET) << strerror(errno);
}

TEST_F(RelayTest, ClosingWithUnreadOctetsResets) {
  connect();
  client_.send("nobody reads this");
  ASSERT_TRUE(server_.becomes_readable());
  server_.close();
  EXPECT_EQ(client_.end(), "ECONNRESET");
}

TEST_F(RelayTest, ManyOctetsArriveWhole) {
  connect();
  std::string octets;
  for (int i = 0; i < 4 << 20; ++i) octets.push_back(static_cast<char>(i * 31 + (i >> 8)));
  std::thread sending([&] {
    client_.send(octets);
    client_.fin();
  });
  EXPECT_TRUE(server_.receive_all() == octets);
  sending.join();
}

TEST_F(RelayTest, ASenderWaitsForAReceiverThatDoesNotRead) {
  connect();
  constexpr std::size_t kMost = 256U << 20;
  const std::size_t taken = client_.send_until_full(kMost);
  EXPECT_LT(taken, kMost);
  EXPECT_EQ(server_.receive(taken).size(), taken);
}

TEST_F(RelayTest, AResetDoesNotWaitForAReceiverThatDoesNotRead) {
  connect();
  const std::size_t taken = client_.send_until_full(256U << 20);
  client_.reset();
  // Polling tells of a reset although octets are unread.
  pollfd entry{server_.socket(), 0, 0};
  EXPECT_EQ(::poll(&entry, 1, kPatience), 1);
  EXPECT_NE(entry.revents & POLLERR, 0);
  EXPECT_LT(server_.receive(taken).size(), taken);
  EXPECT_EQ(server_.end(), "ECONNRESET");
}

TEST_F(RelayTest, WhereNobodyListensTheTargetItselfRefuses) {
  listener_.emplace();
  const std::string target = listener_->name();
  EXPECT_NE(relay_.front("client", target), target);
  listener_->close();
  EXPECT_EQ(relay_.front("client", target), target);
  EXPECT_EQ(Peer::connected_to(target).connect_error(), ECONNREFUSED);
  EXPECT_EQ(relay_.front("client", "no address"), "no address");
  EXPECT_EQ(relay_.end().connections, 0U);
}

TEST_F(RelayTest, AListenerThatIsGoneMeanwhileIsAReset) {
  listener_.emplace();
  const std::string front = relay_.front("client", listener_->name());
  listener_->close();
  client_ = Peer::connected_to(front);
  EXPECT_EQ(client_.end(), "ECONNRESET");
}

TEST_F(RelayTest, ItsOwnAddressesStandForTheActors) {
  connect();
  EXPECT_NE(client_.peer_name(), listener_->name());
  EXPECT_EQ(relay_.stands_for(client_.peer_name()), listener_->name());
  EXPECT_NE(server_.peer_name(), client_.name());
  EXPECT_EQ(relay_.stands_for(server_.peer_name()), client_.name());
  EXPECT_EQ(relay_.stands_for(client_.name()), client_.name());
  EXPECT_EQ(relay_.stands_for("anything"), "anything");
}

TEST_F(RelayTest, CutsByAResetOfBothEnds) {
  connect();
  client_.send("before");
  EXPECT_EQ(server_.receive(6), "before");
  relay_.treat("client", kToServer, cut(3, Treatment::End::kReset));
  client_.send("abcdef");
  EXPECT_EQ(server_.receive(6), "abc");
  EXPECT_EQ(server_.end(), "ECONNRESET");
  EXPECT_EQ(client_.end(), "ECONNRESET");
  const Relay::Outcome outcome = relay_.end();
  EXPECT_TRUE(outcome.unreached.empty());
  ASSERT_EQ(outcome.done.size(), 1U);
  EXPECT_EQ(outcome.done.front().actor, "client");
  EXPECT_EQ(outcome.done.front().direction, kToServer);
  EXPECT_EQ(outcome.done.front().what, "cut after 3 octets: reset");
}

TEST_F(RelayTest, WhatWasSentBeforeACutWasAskedForDoesNotCount) {
  connect();
  client_.send("before");  // whether or not the relay has read it
  relay_.treat("client", kToServer, cut(3, Treatment::End::kReset));
  client_.send("abcdef");
  EXPECT_EQ(server_.receive(12), "beforeabc");
}

TEST_F(RelayTest, CutsByAFinOfOneDirection) {
  connect();
  relay_.treat("client", kToServer, cut(3, Treatment::End::kFin));
  client_.send("abcdef");
  EXPECT_EQ(server_.receive_all(), "abc");
  EXPECT_EQ(server_.end(), "FIN");
  server_.send("still there");
  EXPECT_EQ(client_.receive(11), "still there");
  client_.send("lost");
  server_.fin();
  EXPECT_EQ(client_.end(), "FIN");
}

TEST_F(RelayTest, CutsBySilenceOfBothWays) {
  connect();
  client_.give_up_after(200);
  server_.give_up_after(200);
  relay_.treat("client", kToServer, cut(3, Treatment::End::kSilence));
  client_.send("abcdef");
  EXPECT_EQ(server_.receive(3), "abc");
  // What either sends from here on is acknowledged by nobody.
  client_.send("g");
  server_.send("h");
  EXPECT_EQ(client_.end(), "ETIMEDOUT");
  EXPECT_EQ(server_.end(), "ETIMEDOUT");
  const Relay::Outcome outcome = relay_.end();
  ASSERT_EQ(outcome.done.size(), 1U);
  EXPECT_EQ(outcome.done.front().what, "cut after 3 octets: silence");
}

TEST_F(RelayTest, TreatsConnectionsToCome) {
  relay_.treat("client", kToClient, cut(2, Treatment::End::kReset));
  connect();
  server_.send("abc");
  EXPECT_EQ(client_.receive(3), "ab");
  EXPECT_EQ(client_.end(), "ECONNRESET");
}

TEST_F(RelayTest, TreatsNobodyElse) {
  connect();
  relay_.treat("alice", kToServer, cut(0, Treatment::End::kReset));
  relay_.treat("alice", kToClient, {Treatment::Kind::kHold});
  client_.send("a");
  server_.send("b");
  EXPECT_EQ(server_.receive(1), "a");
  EXPECT_EQ(client_.receive(1), "b");
  EXPECT_EQ(relay_.end().unreached,
            (std::vector<std::string>{"the cut after 0 octets of alice->server was never reached",
                                      "the hold of server->alice was never reached"}));
}

TEST_F(RelayTest, HoldsAndReleases) {
  connect();
  relay_.treat("client", kToClient, {Treatment::Kind::kHold});
  server_.send("late");
  server_.fin();
  client_.send("meanwhile");
  EXPECT_EQ(server_.receive(9), "meanwhile");
  EXPECT_FALSE(client_.readable());
  relay_.release("client", kToClient);
  EXPECT_EQ(client_.receive_all(), "late");
  EXPECT_EQ(client_.end(), "FIN");
  const Relay::Outcome outcome = relay_.end();
  EXPECT_TRUE(outcome.unreached.empty());
  ASSERT_EQ(outcome.done.size(), 1U);
  EXPECT_EQ(outcome.done.front().what, "held back what came");
}

TEST_F(RelayTest, AwaitsWhatItIsToHold) {
  connect();
  const Clock::time_point ever = Clock::time_point::max();
  EXPECT_FALSE(relay_.await_held("client", kToServer, ever)) << "without a hold";
  relay_.treat("client", kToServer, {Treatment::Kind::kHold});
  EXPECT_FALSE(relay_.await_held("client", kToServer, Clock::now())) << "nothing came in time";
  EXPECT_FALSE(relay_.await_held("another", kToServer, ever));
  std::future<bool> held =
      std::async(std::launch::async, [&] { return relay_.await_held("client", kToServer, ever); });
  server_.send("the other way");
  EXPECT_EQ(client_.receive(13), "the other way");
  client_.send("slow");
  EXPECT_TRUE(held.get());
  EXPECT_TRUE(relay_.await_held("client", kToServer, Clock::now())) << "held already";
}

// Both connections have ended before anything came.
TEST_F(RelayTest, AwaitsNothingFromNobody) {
  connect();
  relay_.treat("client", kToServer, {Treatment::Kind::kHold});
  std::future<bool> held = std::async(std::launch::async, [&] {
    return relay_.await_held("client", kToServer, Clock::time_point::max());
  });
  server_.reset();
  EXPECT_FALSE(held.get());
}

// Its sender was slower than the hold: none of it arrived before, which is what a hold is for.
TEST_F(RelayTest, WhatComesAfterAHoldIsNoHoldThatWasNeverReached) {
  connect();
  relay_.treat("client", kToClient, {Treatment::Kind::kHold});
  relay_.release("client", kToClient);
  server_.send("later still");
  EXPECT_EQ(client_.receive(11), "later still");
  const Relay::Outcome outcome = relay_.end();
  EXPECT_TRUE(outcome.unreached.empty());
  EXPECT_TRUE(outcome.done.empty());
}

TEST_F(RelayTest, NoPieceIsForgotten) {
  for (const Direction direction : {kToServer, kToClient}) {
    relay_.treat("client", direction, {Treatment::Kind::kSplit, 1});
  }
  connect();
  // Each piece becomes due while the relay is at something else as often as while it waits.
  for (int i = 0; i < 50; ++i) {
    client_.send("thirty octets there, thirty ba");
    server_.send("thirty octets back, thirty the");
    ASSERT_EQ(server_.receive(30), "thirty octets there, thirty ba");
    ASSERT_EQ(client_.receive(30), "thirty octets back, thirty the");
  }
}

TEST_F(RelayTest, DelaysTheConnectionItself) {
  relay_.treat("client", kToServer,
               {Treatment::Kind::kDelay, 0, milliseconds(100), milliseconds(100)});
  listener_.emplace();
  const auto begun = Clock::now();
  client_ = Peer::connected_to(relay_.front("client", listener_->name()));
  client_.send("x");
  server_ = listener_->accept();
  EXPECT_GE(Clock::now() - begun, milliseconds(100));
  EXPECT_EQ(server_.receive(1), "x");
}

TEST_F(RelayTest, ConnectionsArriveInTheOrderTheyWereMade) {
  listener_.emplace();
  for (const char* actor : {"alice", "bob", "carol"}) {
    relay_.treat(actor, kToServer, {Treatment::Kind::kDelay, 0, milliseconds(0), milliseconds(9)});
  }
  std::vector<std::string> made;
  std::vector<Peer> callers;
  for (const char* actor : {"carol", "alice", "bob", "alice", "carol"}) {
    callers.push_back(Peer::connected_to(relay_.front(actor, listener_->name())));
    made.push_back(callers.back().name());
  }
  std::vector<std::string> came;
  for (std::size_t i = 0; i < made.size(); ++i) {
    came.push_back(relay_.stands_for(listener_->accept().peer_name()));
  }
  EXPECT_EQ(came, made);
}

TEST_F(RelayTest, TheEndOfAScheduleResetsWhatIsOpen) {
  connect();
  EXPECT_EQ(relay_.end().connections, 1U);
  EXPECT_EQ(client_.end(), "ECONNRESET");
  EXPECT_EQ(server_.end(), "ECONNRESET");
  relay_.begin({"a-case/provider=any", "87654321", "2 1"}, 1);
  connect();
  client_.send("again");
  EXPECT_EQ(server_.receive(5), "again");
}

TEST_F(RelayTest, LeaksNoDescriptor) {
  const auto open = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator{});
  };
  const auto before = open();
  for (int i = 0; i < 3; ++i) {
    connect();
    client_.fin();
    EXPECT_EQ(server_.end(), "FIN");
    if (i == 0) server_.reset();
    if (i == 1) server_.fin();
    relay_.end();
  }
  client_.close();
  server_.close();
  listener_.reset();
  EXPECT_EQ(open(), before);
}

TEST(RelayCapture, AFileThatCannotBeWrittenIsAnError) {
  Relay relay(std::make_shared<CaptureFile>("/no/such/folder/x.pcapng", false));
  EXPECT_THROW(relay.begin({"a-case/provider=any", "12345678", "1 2"}, 1), std::runtime_error);
}

}  // namespace
}  // namespace ws2conform::relay
