// The adapters of a run: one process an actor, kept warm between schedules, restarted when broken;
// and the relay between them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "conformance/case/capability.hpp"
#include "conformance/execution/relaying.hpp"
#include "runners/host/adapter.hpp"
#include "runners/host/conversation.hpp"

namespace ws2conform {

// How long the suite waits before it says that nothing will come.
struct Patience {
  std::chrono::milliseconds call{5000};    // a call that should return, or a wait that should end
  std::chrono::milliseconds start{10000};  // an adapter's hello
  std::chrono::milliseconds stop{2000};    // an adapter's exit
  // A window, in which what must not come would have come: so many times what the slowest call of
  // the schedule's opening took, a connection being made among them, but not less than the other.
  double window_factor = 50;
  std::chrono::milliseconds least_window{20};

  // Waits for calls times `factor`. That for a process to start or end is only made longer: how
  // long that takes is the machine's business.
  Patience scaled(double factor) const;
};

// The implementation could not be driven at all: not started, or no usable hello.
class CannotDrive : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// An adapter that ran before did not start again. It is the schedule's error; after several in a
// row the implementation cannot be driven.
class CannotRestart : public CannotDrive {
  using CannotDrive::CannotDrive;
};

// One running adapter with what its hello said.
struct Actor {
  std::unique_ptr<host::Adapter> adapter;
  std::unique_ptr<host::Conversation> conversation;
  Hello hello;
  std::string iut;
};

// Adapters by IUT and by how many of that IUT a schedule needs at once.
class Actors {
 public:
  explicit Actors(Patience patience, RelayPlan relay = {})
      : patience_(patience), relaying_(std::move(relay)) {}
  // Lets them exit by themselves as long as patience lasts, and ends the rest.
  ~Actors();
  Actors(const Actors&) = delete;
  Actors& operator=(const Actors&) = delete;

  // The `index`-th adapter of `iut`, started if it is not running. Throws CannotDrive, and
  // CannotRestart.
  Actor& get(const host::Iut& iut, std::size_t index);

  // Lets an adapter exit by itself, as long as patience lasts; the next get() starts another.
  void retire(const host::Iut& iut, std::size_t index);

  // Ends an adapter that broke; the next get() starts another.
  void discard(const host::Iut& iut, std::size_t index);

  // Ends all adapters at once, whatever they do; who waits for one sees it crash. May be called by
  // any thread, unlike all else.
  void interrupt();

  boost::asio::io_context& context() { return context_; }
  const Patience& patience() const { return patience_; }
  Relaying& relaying() { return relaying_; }

 private:
  void forget(const host::Iut& iut, std::size_t index);
  Actor start(const host::Iut& iut);
  void greet(Actor& actor, const host::Iut& iut) const;

  Patience patience_;
  Relaying relaying_;
  std::mutex mutex_;
  std::set<int> groups_;  // process groups of those that run; guarded by mutex_
  boost::asio::io_context context_;
  std::map<std::pair<std::string, std::size_t>, Actor> running_;  // by IUT file and index
  std::map<std::string, int> failed_starts_;  // since the last good one, by IUT file that had one
};

}  // namespace ws2conform
