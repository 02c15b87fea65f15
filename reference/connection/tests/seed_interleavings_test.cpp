// The specification's exchange in every order that its causes allow: each continuation of the two
// cores and the two channels is tried.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

struct World {
  Pair pair;
  int client = 1;  ///< the client's next step, by the specification's numbers
  int server = 2;
  bool server_closed = false;
  std::string order;
};

class SeedExchange {
 public:
  SeedExchange(const Limits& limits, int end_error) : limits_(limits), end_error_(end_error) {}

  void explore() {
    World world{Pair(limits_), 1, 2, false, ""};
    world.pair.establish();
    run(world);
  }

  [[nodiscard]] std::size_t orders() const { return orders_; }
  /// Client's next step when 5a happened.
  [[nodiscard]] const std::set<int>& client_steps_at_5a() const { return client_steps_at_5a_; }

 private:
  void run(const World& world) {
    bool stuck = true;
    const auto branch = [&](bool possible, auto&& step) {
      if (!possible || testing::Test::HasFailure()) return;
      stuck = false;
      World next = world;
      step(next);
      run(next);
    };
    World probe = world;
    branch(world.pair.in_flight_to(kClient), [](World& w) { w.pair.deliver_to(kClient); });
    branch(world.pair.in_flight_to(kServer), [](World& w) { w.pair.deliver_to(kServer); });
    branch(world.client <= 8 && (world.client != 6 || probe.pair.caller().close_indication()),
           [&](World& w) { client_step(w); });
    branch(world.server <= 5 && (world.server != 2 || probe.pair.acceptor().receive_ready()),
           [&](World& w) { server_step(w); });
    branch(world.server == 6 && !world.server_closed, [&](World& w) {
      client_steps_at_5a_.insert(w.client);
      w.order += "5a ";
      w.pair.close(kServer);
      w.server_closed = true;
    });
    if (!stuck || testing::Test::HasFailure()) return;
    ++orders_;
    EXPECT_EQ(world.client, 9) << world.order;
    EXPECT_EQ(probe.pair.caller().state(), State::kClosed) << world.order;
    EXPECT_EQ(probe.pair.acceptor().state(), State::kClosed) << world.order;
  }

  void client_step(World& world) {
    Pair& pair = world.pair;
    world.order += std::to_string(world.client) + " ";
    switch (world.client) {
      case 1:
        EXPECT_TRUE(pair.send(kClient, "xy").ok());
        EXPECT_TRUE(pair.send_disconnect(kClient, "3").ok());
        world.client = 6;
        return;
      case 6:
        EXPECT_EQ(pair.caller().close_indication(), 0) << world.order;
        break;
      case 7:
        EXPECT_EQ(pair.recv_disconnect(kClient), (Pair::Read{0, "45"})) << world.order;
        break;
      default:
        pair.close(kClient);
    }
    ++world.client;
  }

  void server_step(World& world) {
    Pair& pair = world.pair;
    world.order += std::to_string(world.server) + " ";
    switch (world.server) {
      case 2: {
        const Pair::Read read = pair.receive(kServer, 1, {.partial = end_error_ != 0});
        if (read.error == 0 && !read.text.empty()) return;  // data first, octet by octet
        EXPECT_EQ(pair.acceptor().close_indication(), 0) << world.order;
        EXPECT_EQ(pair.receive(kServer), (Pair::Read{end_error_, ""})) << world.order;
        world.server = 3;
        return;
      }
      case 3:
        EXPECT_EQ(pair.recv_disconnect(kServer), (Pair::Read{0, "3"})) << world.order;
        world.server = 5;
        return;
      default:
        EXPECT_TRUE(pair.send_disconnect(kServer, "45").ok()) << world.order;
        world.server = 6;
    }
  }

  Limits limits_;
  int end_error_;
  std::size_t orders_ = 0;
  std::set<int> client_steps_at_5a_;
};

TEST(SeedInterleavings, Stream) {
  SeedExchange exchange(kStreamLimits, 0);
  exchange.explore();
  EXPECT_GT(exchange.orders(), 50U);
  EXPECT_EQ(exchange.client_steps_at_5a(), (std::set<int>{6, 7, 8, 9}));  // SEED-A24
}

TEST(SeedInterleavings, Message) {
  SeedExchange exchange(kMessageLimits, WSAEDISCON);
  exchange.explore();
  EXPECT_GT(exchange.orders(), 50U);
  EXPECT_EQ(exchange.client_steps_at_5a(), (std::set<int>{6, 7, 8, 9}));
}

}  // namespace
}  // namespace ws2
