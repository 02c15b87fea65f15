#include "runners/relay/relay.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "runners/relay/link.hpp"
#include "runners/relay/listening.hpp"

namespace ws2conform::relay {
namespace {

int new_socket(const Address& bound) {
  const int socket =
      ::socket(bound.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  const int on = 1;
  if (socket >= 0) ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (socket < 0 || ::bind(socket, bound.pointer(), bound.length) != 0) {
    const std::string reason = std::strerror(errno);
    if (socket >= 0) ::close(socket);
    throw RelayError("the relay has no socket at " + to_string(bound) + ": " + reason);
  }
  return socket;
}

std::string text(const Treatment& treatment) {
  if (treatment.kind == Treatment::Kind::kHold) return "hold";
  return fmt::format("cut after {} octets", treatment.octets);
}

// The same once it has made a difference.
std::string did(const Treatment& treatment) {
  if (treatment.kind == Treatment::Kind::kHold) return "held back what came";
  switch (treatment.end) {
    case Treatment::End::kFin:
      return text(treatment) + ": FIN";
    case Treatment::End::kSilence:
      return text(treatment) + ": silence";
    case Treatment::End::kReset:
      break;
  }
  return text(treatment) + ": reset";
}

std::string text(const std::string& actor, Direction direction) {
  return direction == Direction::kToServer ? actor + "->server" : "server->" + actor;
}

}  // namespace

// Everything but post() belongs to the relay's thread.
class Relay::Engine {
 public:
  explicit Engine(std::shared_ptr<CaptureFile> capture)
      : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (wake_ < 0) throw RelayError(std::string("the relay: ") + std::strerror(errno));
    try {
      if (capture) capture_.emplace(std::move(capture));
      thread_ = std::thread([this] { run(); });
    } catch (...) {
      ::close(wake_);
      throw;
    }
  }

  ~Engine() {
    post([this] {
      clear();
      stopping_ = true;
    });
    thread_.join();
    ::close(wake_);
  }

  // Has `task` done in the relay's thread, and returns what it returns or throws what it throws.
  template <typename Task>
  auto post(Task task) -> decltype(task()) {
    // Shared: the thread may still be in it when the result is there.
    auto packaged = std::make_shared<std::packaged_task<decltype(task())()>>(std::move(task));
    auto result = packaged->get_future();
    {
      const std::lock_guard lock(mutex_);
      tasks_.emplace_back([packaged] { (*packaged)(); });
    }
    const std::uint64_t one = 1;
    if (::write(wake_, &one, sizeof one) != sizeof one) std::abort();  // its counter cannot be full
    return result.get();
  }

  void begin(const Label& label, std::uint64_t seed) {
    clear();
    cables_ = std::make_unique<Cables>();
    cables_->to_server.random.seed(seed);
    cables_->to_client.random.seed(~seed);
    if (capture_) capture_->begin(label);
  }

  std::string front(const std::string& actor, const std::string& target) {
    const std::optional<Address> address = parse_address(target);
    if (!address || !is_listening(*address)) return target;
    accept_all();  // whoever has called by now is ahead of whoever is about to
    for (const Front& front : fronts_) {
      if (front.actor == actor && to_string(front.target) == target) return front.name;
    }
    const int socket = new_socket(address->with_port_0());
    ::listen(socket, SOMAXCONN);
    const std::string name = to_string(local_address(socket));
    fronts_.push_back({actor, *address, socket, name});
    stands_for_[name] = target;
    return name;
  }

  void treat(const std::string& actor, Direction direction, const Treatment& treatment) {
    const Clock::time_point now = Clock::now();
    accept_all();  // a connection made by now counts from its beginning all the same
    treated_.push_back({actor, direction, treatment});
    for (const auto& link : links_) {
      if (link->actor() != actor) continue;
      link->treat(now, direction, treatment);
    }
  }

  void release(const std::string& actor, Direction direction) {
    treated_.erase(std::remove_if(treated_.begin(), treated_.end(),
                                  [&](const Treated& treated) {
                                    return treated.actor == actor &&
                                           treated.direction == direction &&
                                           treated.treatment.kind == Treatment::Kind::kHold;
                                  }),
                   treated_.end());
    for (const auto& link : links_) {
      if (link->actor() == actor) {
        link->drain(Clock::now());
        note_reached(*link);
        link->flow(direction).release();
      }
    }
    released_.push_back({actor, direction, {Treatment::Kind::kHold}});
  }

  void await_held(const std::string& actor, Direction direction, Clock::time_point until,
                  std::promise<bool> held) {
    accept_all();
    awaited_.push_back({actor, direction, until, std::move(held)});
  }

  std::string stands_for(const std::string& address) const {
    const auto found = stands_for_.find(address);
    return found == stands_for_.end() ? address : found->second;
  }

  Outcome end() {
    Outcome outcome;
    for (const auto& link : links_) note_reached(*link);
    outcome.connections = connections_;
    outcome.seen = seen_.all();
    std::vector<Treated> all = released_;
    all.insert(all.end(), treated_.begin(), treated_.end());
    for (const Treated& treated : all) {
      const auto& [actor, direction, treatment] = treated;
      const bool counts =
          treatment.kind == Treatment::Kind::kCut || treatment.kind == Treatment::Kind::kHold;
      const auto& reached = treatment.kind == Treatment::Kind::kCut ? cut_ : kept_;
      if (!counts) continue;
      if (const auto found = reached.find({actor, direction}); found != reached.end()) {
        outcome.done.push_back({found->second, actor, direction, did(treatment)});
        continue;
      }
      const bool is_hold = treatment.kind == Treatment::Kind::kHold;
      if (is_hold && late_.count({actor, direction}) > 0) continue;
      outcome.unreached.push_back(
          fmt::format("the {} of {} was never reached", text(treatment), text(actor, direction)));
    }
    std::sort(outcome.done.begin(), outcome.done.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
    clear();
    if (capture_) capture_->end();
    return outcome;
  }

 private:
  struct Front {
    std::string actor;
    Address target;
    int socket;
    std::string name;
  };
  struct Treated {
    std::string actor;
    Direction direction;
    Treatment treatment;
  };

  struct Awaited {
    std::string actor;
    Direction direction;
    Clock::time_point until;
    std::promise<bool> held;
  };

  void clear() {
    links_.clear();
    for (const Front& front : fronts_) ::close(front.socket);
    fronts_.clear();
    stands_for_.clear();
    treated_.clear();
    released_.clear();
    cut_.clear();
    kept_.clear();
    late_.clear();
    connections_ = 0;
    seen_.clear();
  }

  void note_reached(Link& link) {
    for (const Direction direction : {Direction::kToServer, Direction::kToClient}) {
      const Flow& flow = link.flow(direction);
      if (flow.cut_at()) cut_.insert({{link.actor(), direction}, *flow.cut_at()});
      if (flow.held_at()) kept_.insert({{link.actor(), direction}, *flow.held_at()});
      if (flow.came_after_hold()) late_.insert({link.actor(), direction});
    }
  }

  // Once everything that has come has been looked at.
  void tell_held() {
    if (awaited_.empty()) return;
    for (const auto& link : links_) note_reached(*link);
    const auto is_told = [this](Awaited& awaited) {
      const bool held = kept_.count({awaited.actor, awaited.direction}) > 0;
      const bool in_force = std::any_of(treated_.begin(), treated_.end(), [&](const Treated& its) {
        return its.actor == awaited.actor && its.direction == awaited.direction &&
               its.treatment.kind == Treatment::Kind::kHold;
      });
      const bool connected = std::any_of(links_.begin(), links_.end(), [&](const auto& link) {
        return link->actor() == awaited.actor;
      });
      const bool may_come = in_force && connected && moved_ < awaited.until;
      if (held || !may_come) awaited.held.set_value(held);
      return held || !may_come;
    };
    awaited_.erase(std::remove_if(awaited_.begin(), awaited_.end(), is_told), awaited_.end());
  }

  void accept_all() {
    for (const Front& front : fronts_) {
      while (true) {
        const int client = ::accept4(front.socket, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) break;
        int calling = -1;
        try {
          calling = new_socket(front.target.with_port_0());
        } catch (const RelayError&) {
          ::close(client);  // no port is left: the caller sees a connection that ends at once
          continue;
        }
        ++connections_;
        stands_for_[to_string(local_address(calling))] = to_string(peer_address(client));
        links_.push_back(std::make_unique<Link>(front.actor, client, calling, front.target,
                                                *cables_, capture_ ? &*capture_ : nullptr, seen_));
        std::vector<std::pair<Direction, Treatment>> its;
        for (const Treated& treated : treated_) {
          if (treated.actor == front.actor) its.emplace_back(treated.direction, treated.treatment);
        }
        links_.back()->begin(Clock::now(), its);
      }
    }
  }

  void run() {
    while (!stopping_) {
      std::vector<pollfd> list = {{wake_, POLLIN, 0}};
      for (const Front& front : fronts_) list.push_back({front.socket, POLLIN, 0});
      const std::size_t first = list.size();
      for (const auto& link : links_) link->poll_for(list);
      wait(list);
      const Clock::time_point now = Clock::now();
      for (std::size_t i = 0; i < links_.size(); ++i) links_[i]->polled(&list[first + 2 * i], now);
      if (first > 1) accept_all();
      if (list.front().revents != 0) do_tasks();
      moved_ = Clock::now();
      for (const auto& link : links_) {
        link->move(moved_);
        if (link->over()) note_reached(*link);
      }
      links_.erase(std::remove_if(links_.begin(), links_.end(),
                                  [](const auto& link) { return link->over(); }),
                   links_.end());
      tell_held();
    }
  }

  void wait(std::vector<pollfd>& list) {
    // What has become due since then has not been moved yet.
    std::optional<Clock::time_point> next;
    for (const Awaited& awaited : awaited_)
      next = std::min(next.value_or(awaited.until), awaited.until);
    for (const auto& link : links_) {
      const auto its = link->next(moved_);
      if (its && (!next || *its < *next)) next = its;
    }
    timespec patience{};
    if (next) {
      const auto left =
          std::max<long long>(0, std::chrono::nanoseconds(*next - Clock::now()).count());
      patience = {left / 1'000'000'000, left % 1'000'000'000};
    }
    ::ppoll(list.data(), list.size(), next ? &patience : nullptr, nullptr);
  }

  void do_tasks() {
    std::uint64_t count = 0;
    if (::read(wake_, &count, sizeof count) < 0) return;
    std::deque<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
    }
    for (const auto& task : tasks) task();
  }

  int wake_;  // an eventfd: there are tasks
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  std::thread thread_;
  bool stopping_ = false;
  std::optional<Capture> capture_;
  std::unique_ptr<Cables> cables_ = std::make_unique<Cables>();
  Clock::time_point moved_{};  // when everything that was due has been passed on
  std::vector<Front> fronts_;
  Sightings seen_;  // outlives the links
  std::vector<std::unique_ptr<Link>> links_;
  std::map<std::string, std::string> stands_for_;
  std::vector<Treated> treated_;  // in force
  std::vector<Awaited> awaited_;
  std::vector<Treated> released_;  // holds that are over
  // Made a difference, and since when; likewise of holds.
  std::map<std::pair<std::string, Direction>, Clock::time_point> cut_;
  std::map<std::pair<std::string, Direction>, Clock::time_point> kept_;
  std::set<std::pair<std::string, Direction>> late_;  // what was held came after the release
  std::size_t connections_ = 0;
};

Relay::Relay(std::shared_ptr<CaptureFile> capture)
    : engine_(std::make_unique<Engine>(std::move(capture))) {}

Relay::~Relay() = default;

void Relay::begin(const Label& label, std::uint64_t seed) {
  engine_->post([&] { engine_->begin(label, seed); });
}
std::string Relay::front(const std::string& actor, const std::string& target) {
  return engine_->post([&] { return engine_->front(actor, target); });
}
void Relay::treat(const std::string& actor, Direction direction, const Treatment& treatment) {
  engine_->post([&] { engine_->treat(actor, direction, treatment); });
}
bool Relay::await_held(const std::string& actor, Direction direction, Clock::time_point until) {
  std::promise<bool> promise;
  std::future<bool> held = promise.get_future();
  engine_->post([&] { engine_->await_held(actor, direction, until, std::move(promise)); });
  return held.get();
}
void Relay::release(const std::string& actor, Direction direction) {
  engine_->post([&] { engine_->release(actor, direction); });
}
std::string Relay::stands_for(const std::string& address) const {
  return engine_->post([&] { return engine_->stands_for(address); });
}
Relay::Outcome Relay::end() {
  return engine_->post([&] { return engine_->end(); });
}

}  // namespace ws2conform::relay
