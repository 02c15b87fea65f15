// Two programs that do anything at any time, and what must hold whatever they do.

#include <gtest/gtest.h>

#include <random>

#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

/// What one end did and saw.
struct Account {
  std::string sent;      ///< octets, a '|' after each message where messages count
  std::string received;  ///< likewise
  bool ended = false;    ///< gracefully: send disconnect, shutdown, close
  bool cut = false;      ///< abortively
  bool receive_off = false;
  bool closed = false;
  std::string disconnect_data;
  std::optional<int> close_indication;
};

class RandomWalk {
 public:
  RandomWalk(const Limits& limits, unsigned seed) : pair_(limits), limits_(limits), random_(seed) {}

  void walk() {
    for (int step = 0; step < 60 && !testing::Test::HasFailure(); ++step) {
      step_once();
      check();
    }
    for (const Side side : {Side::kCaller, Side::kAcceptor}) {
      if (at(side).closed) continue;
      pair_.close(side);
      at(side).closed = true;
    }
    pair_.settle();
    pair_.advance(std::chrono::minutes(5));
    pair_.settle();
    for (const Side side : {Side::kCaller, Side::kAcceptor}) {
      EXPECT_EQ(pair_.at(side).state(), State::kClosed);
      EXPECT_FALSE(pair_.at(side).deadline());
    }
    EXPECT_FALSE(pair_.violated());
  }

 private:
  Account& at(Side side) { return side == Side::kCaller ? caller_ : acceptor_; }
  unsigned pick(unsigned count) {
    return std::uniform_int_distribution<unsigned>(0, count - 1)(random_);
  }

  void step_once() {
    const Side side = pick(2) == 0 ? Side::kCaller : Side::kAcceptor;
    const unsigned what = pick(100);
    if (what < 40) {
      if (pair_.in_flight_to(side)) pair_.deliver_to(side);
    } else if (what < 60) {
      set_up(side);
    } else if (at(side).closed) {
      return;
    } else if (what < 75) {
      send(side);
    } else if (what < 88) {
      receive(side);
    } else if (what < 92) {
      send_disconnect(side);
    } else if (what < 95) {
      recv_disconnect(side);
    } else if (what < 97) {
      // Closing before the verdict is no graceful end of a connection: there is none.
      at(side).ended = at(side).ended || pair_.at(side).connected();
      at(side).closed = true;
      pair_.close(side);
    } else if (what == 97) {
      at(side).cut = true;
      at(side).closed = true;
      pair_.abort(side);
    } else if (what == 98) {
      pair_.advance(std::chrono::seconds(pick(20)));
    }
  }

  void set_up(Side side) {
    if (side == Side::kCaller) {
      if (pair_.caller().state() == State::kIdle) {
        EXPECT_TRUE(pair_.request().ok());
      }
    } else if (pair_.acceptor().state() == State::kOffered && pick(2) == 0) {
      accepted_ = pick(8) != 0;
      EXPECT_TRUE(accepted_ ? pair_.accept().ok() : pair_.reject().ok());
    }
  }

  void send(Side side) {
    const std::string text(pick(4), static_cast<char>('a' + pick(26)));
    if (!pair_.send(side, text).ok()) return;
    at(side).sent += text;
    if (limits_.message_boundaries) at(side).sent += '|';
  }

  void receive(Side side) {
    const Pair::Read read = pair_.receive(side, limits_.message_boundaries ? 512 : 1 + pick(5));
    Account& account = at(side);
    const bool stream_end = !limits_.message_boundaries && read == Pair::Read{0, ""};
    if (stream_end || read.error == WSAEDISCON) {
      // On a one-shot provider the own disconnect ends both directions, and gives up what is on its
      // way.
      if (!limits_.one_shot || !account.ended) {
        EXPECT_TRUE(at(other(side)).ended);
        EXPECT_EQ(account.received, at(other(side)).sent);
      }
      // The end is the last thing, and has been indicated.
      EXPECT_EQ(pair_.at(side).close_indication(), 0);
    } else if (read.error == 0) {
      EXPECT_FALSE(account.receive_off);
      EXPECT_FALSE(account.close_indication);
      account.received += read.text;
      if (limits_.message_boundaries) account.received += '|';
    }
  }

  void send_disconnect(Side side) {
    const std::string data(pick(3), 'd');
    const bool had_ended =
        pair_.at(side).state() == State::kLocalEnded || pair_.at(side).state() == State::kBothEnded;
    if (!pair_.send_disconnect(side, data).ok() || had_ended) return;
    at(side).ended = true;
    at(side).disconnect_data = data;
  }

  void recv_disconnect(Side side) {
    const Pair::Read read = pair_.recv_disconnect(side);
    if (read.error != 0) return;
    at(side).receive_off = true;
    if (!read.text.empty()) {
      EXPECT_EQ(read.text, at(other(side)).disconnect_data);
    }
    if (!limits_.one_shot && pair_.at(side).close_indication() == 0) {
      EXPECT_EQ(read.text, at(other(side)).disconnect_data);
    }
  }

  void check() {
    for (const Side side : {Side::kCaller, Side::kAcceptor}) {
      Account& account = at(side);
      const Account& peer = at(other(side));
      EXPECT_TRUE(peer.sent.starts_with(account.received));
      const std::optional<int> indication = pair_.at(side).close_indication();
      if (account.close_indication && !account.closed) {
        EXPECT_EQ(indication, account.close_indication);  // EVT-23
      }
      // A one-shot peer confirms by itself.
      if (indication == 0) {
        EXPECT_TRUE(peer.ended || (limits_.one_shot && account.ended));
      }
      if (indication == WSAECONNRESET && limits_.graceful) {
        EXPECT_TRUE(peer.cut || peer.closed);
      }
      if (indication) account.close_indication = indication;
    }
    if (pair_.caller().connect_outcome() == 0) {
      EXPECT_TRUE(accepted_);
    }
    if (pair_.caller().connect_outcome() == WSAECONNREFUSED) {
      EXPECT_TRUE(!accepted_ || acceptor_.closed);
    }
    EXPECT_FALSE(pair_.violated());
  }

  Pair pair_;
  Limits limits_;
  std::mt19937 random_;
  Account caller_;
  Account acceptor_;
  bool accepted_ = false;
};

class EveryProvider : public testing::TestWithParam<Limits> {};

std::string name_of(const testing::TestParamInfo<Limits>& info) {
  static constexpr const char* kNames[] = {"Stream", "Message", "Tcp", "Decnet", "Tp4"};
  return kNames[info.index];
}

INSTANTIATE_TEST_SUITE_P(RandomWalk, EveryProvider,
                         testing::Values(kStreamLimits, kMessageLimits, kTcpLimits, kDecnetLimits,
                                         kTp4Limits),
                         name_of);

TEST_P(EveryProvider, KeepsItsPromises) {
  for (unsigned seed = 1; seed <= 2000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomWalk(GetParam(), seed).walk();
  }
}

}  // namespace
}  // namespace ws2
