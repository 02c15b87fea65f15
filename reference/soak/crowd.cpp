#include "soak/crowd.hpp"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <limits>
#include <stdexcept>

#include "soak/core.hpp"
#include "soak/footprint.hpp"
#include "soak/partner.hpp"
#include "soak/winsock.hpp"

namespace soak {
namespace {

/// Costs are measured over so many connections or events, so often, and the lowest counts: others
/// on the machine, who take its caches, only add.
constexpr std::size_t kBatch = 20;
constexpr std::size_t kBatches = 25;
constexpr std::size_t kLength = 16;

std::string text(std::size_t number, std::size_t round) {
  std::string octets = std::to_string(number) + ':' + std::to_string(round);
  octets.resize(kLength, '.');
  return octets;
}

std::string echo(const std::string& caller_data) {
  return caller_data;
}

/// What this process has spent so far, in microseconds of processor time: unlike time on the wall
/// it does not tell how busy the machine is with others.
double spent() {
  return static_cast<double>(std::clock()) * 1e6 / CLOCKS_PER_SEC;
}

/// The calling side of it.
class Crowd {
 public:
  Crowd(const std::string& provider, unsigned port, Partner& server)
      : provider_(provider), port_(port), server_(server) {}

  /// Up to `count` connections; what one of the last has cost.
  double grow_to(std::size_t count) {
    const std::size_t batches = std::clamp<std::size_t>(count / 2 / kBatch, 1, kBatches);
    add_up_to(count - batches * kBatch);
    double lowest = std::numeric_limits<double>::max();
    for (std::size_t left = batches; left-- > 0;) {
      lowest = std::min(lowest, cost_each([&] { add_up_to(count - left * kBatch); }));
    }
    return lowest;
  }

  /// Data there and back over every connection.
  void exchange_all() {
    ++round_;
    server_.say("exchange " + std::to_string(round_));
    for (std::size_t i = 0; i < sockets_.size(); ++i) exchange(i);
    require_same(server_.hear(), "exchanged", "the server");
  }

  /// What data there and back cost, of which the server learns by an event while all its other
  /// connections could have had it.
  double event_cost() {
    double lowest = std::numeric_limits<double>::max();
    std::size_t next = 0;
    for (std::size_t i = 0; i < kBatches; ++i) {
      lowest = std::min(lowest, cost_each([&] {
                          exchange_events(next);
                          next += kBatch;
                        }));
    }
    return lowest;
  }

  void close_all() {
    server_.say("close");
    for (const SOCKET s : sockets_) require(shutdown(s, SD_SEND) == 0, "shutdown");
    // With both ends there, nothing is left to the background.
    for (const SOCKET s : sockets_) {
      expect_end(s);
      close(s);
    }
    require_same(server_.hear(), "closed", "the server");
    sockets_ = {};
  }

 private:
  /// A batch, beginning with that connection.
  void exchange_events(std::size_t first) {
    ++round_;
    server_.say("events " + std::to_string(round_) + ' ' + std::to_string(first) + ' ' +
                std::to_string(kBatch));
    for (std::size_t i = 0; i < kBatch; ++i) exchange((first + i) % sockets_.size());
    require_same(server_.hear(), "told", "the server");
  }

  /// What one of a batch of `work` costs both processes.
  template <typename Work>
  double cost_each(Work work) {
    const double before = spent_by_both();
    work();
    return (spent_by_both() - before) / kBatch;
  }

  double spent_by_both() {
    server_.say("spent");
    return spent() + std::stod(server_.hear());
  }

  void add_up_to(std::size_t count) {
    server_.say("grow " + std::to_string(count));
    while (sockets_.size() < count) add();
    require_same(server_.hear(), "grown", "the server");
  }

  void add() {
    const std::string number = text(sockets_.size(), 0);
    const SOCKET s = open_socket(provider_);
    require_same(connect_to(s, port_, number), number, "callee data");
    sockets_.push_back(s);
  }

  void exchange(std::size_t number) {
    const std::string octets = text(number, round_);
    send_all(sockets_[number], octets);
    require_same(receive(sockets_[number], kLength), octets, "what came back");
  }

  const std::string provider_;
  const unsigned port_;
  Partner& server_;
  std::vector<SOCKET> sockets_;
  std::size_t round_ = 0;
};

class ServedCrowd {
 public:
  explicit ServedCrowd(const std::string& provider)
      : listener_(open_listener(provider, port_)), event_(WSACreateEvent()) {
    answer(std::to_string(port_));
  }

  void obey(const std::string& line) {
    const std::string what = line.substr(0, line.find(' '));
    std::vector<std::size_t> numbers;
    for (std::size_t at = line.find(' '); at != std::string::npos; at = line.find(' ', at + 1)) {
      numbers.push_back(std::stoul(line.substr(at + 1)));
    }
    if (what == "grow") {
      while (sockets_.size() < numbers.at(0)) add();
      answer("grown");
    } else if (what == "exchange") {
      for (std::size_t i = 0; i < sockets_.size(); ++i) {
        WSAResetEvent(event_);
        exchange(i, numbers.at(0));
      }
      answer("exchanged");
    } else if (what == "events") {
      for (std::size_t i = 0; i < numbers.at(2); ++i) {
        exchange((numbers.at(1) + i) % sockets_.size(), numbers.at(0));
      }
      answer("told");
    } else if (what == "close") {
      for (const SOCKET s : sockets_) {
        wait_for(s, FD_CLOSE);
        close(s);
      }
      sockets_ = {};
      answer("closed");
    } else if (what == "spent") {
      answer(std::to_string(spent()));
    } else if (what == "cores") {
      answer(cores());
    } else {
      answer(to_line(footprint()));
    }
  }

 private:
  void add() {
    std::string number;
    const SOCKET s = accept_one(listener_, echo, number);
    require_same(number, text(sockets_.size(), 0), "caller data");
    // All share one object, and each is watched on its own.
    require(WSAEventSelect(s, event_, FD_READ | FD_CLOSE) == 0, "WSAEventSelect");
    sockets_.push_back(s);
  }

  void wait_for(SOCKET s, long which) {
    while (true) {
      WSANETWORKEVENTS happened;
      require(WSAEnumNetworkEvents(s, nullptr, &happened) == 0, "WSAEnumNetworkEvents");
      if ((happened.lNetworkEvents & which) != 0) return;
      require(WSAWaitForMultipleEvents(1, &event_, FALSE, WSA_INFINITE, FALSE) == WSA_WAIT_EVENT_0,
              "WSAWaitForMultipleEvents");
      // Before the next look, so that what is recorded after it sets the object again.
      WSAResetEvent(event_);
    }
  }

  void exchange(std::size_t number, std::size_t round) {
    const SOCKET s = sockets_[number];
    wait_for(s, FD_READ);
    const std::string octets = receive(s, kLength);
    require_same(octets, text(number, round), "what came");
    send_all(s, octets);
  }

  unsigned port_ = 0;
  const SOCKET listener_;
  const WSAEVENT event_;
  std::vector<SOCKET> sockets_;
};

Footprint of(Partner& server) {
  server.say("footprint");
  return from_line(server.hear());
}

/// Else their costs tell where the system had put them.
void require_one_core(Partner& server) {
  const std::string own = cores();
  if (std::count(own.begin(), own.end(), ' ') != 1) {
    throw std::runtime_error("not on one core but on " + own);
  }
  server.say("cores");
  require_same(server.hear(), own, "the server's core");
}

void require_idle_heap(const char* process, const Footprint& before, const Footprint& after,
                       std::size_t count) {
  const std::size_t each = (after.heap - before.heap) / count;
  std::cout << process << ": " << each << " octets of heap for an idle connection" << std::endl;
  if (is_memory_measurable() && each > kMostIdleHeap)
    throw std::runtime_error("an idle connection takes too much heap");
}

void require_no_growth(const char* what, double few, double many) {
  std::cout << what << ": " << few << " us among few, " << many << " us among many, ratio "
            << many / few << std::endl;
  if (many / few > kMostGrowth) throw std::runtime_error("cost grows with the connections");
}

void require_gone(const char* process, const Footprint& before, const Footprint& after) {
  std::cout << process << ", all closed: heap " << before.heap << " -> " << after.heap
            << ", descriptors " << before.descriptors << " -> " << after.descriptors << std::endl;
  if (after.descriptors > before.descriptors) throw std::runtime_error("descriptors are left open");
}

}  // namespace

void run_crowd(const std::string& provider, std::size_t count) {
  const std::size_t few = count / 10;
  const std::size_t limit = raise_descriptor_limit();
  if (limit < count + 100) {
    throw std::runtime_error(std::to_string(limit) + " descriptors are too few for " +
                             std::to_string(count) + " connections");
  }
  Partner server({"serve-crowd", provider});
  Crowd crowd(provider, static_cast<unsigned>(std::stoul(server.hear())), server);
  require_one_core(server);
  // One that comes and goes, so that what is made once is not counted for those that stay.
  (void)crowd.grow_to(20);
  crowd.exchange_all();
  crowd.close_all();
  const Footprint own = footprint();
  const Footprint theirs = of(server);

  const double accept_few = crowd.grow_to(few);
  const double event_few = crowd.event_cost();
  const double accept_many = crowd.grow_to(count);
  const double event_many = crowd.event_cost();
  crowd.exchange_all();
  std::cout << provider << ": " << count << " connections at once, data over each" << std::endl;
  require_idle_heap("client", own, footprint(), count);
  require_idle_heap("server", theirs, of(server), count);
  require_no_growth("connect and accept", accept_few, accept_many);
  require_no_growth("event and reply", event_few, event_many);
  crowd.exchange_all();
  crowd.close_all();
  require_gone("client", own, footprint());
  require_gone("server", theirs, of(server));
}

void serve_crowd(const std::string& provider) {
  (void)raise_descriptor_limit();
  ServedCrowd crowd(provider);
  for (std::string line; told(line);) crowd.obey(line);
}

}  // namespace soak
