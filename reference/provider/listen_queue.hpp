#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "provider/catalog.hpp"
#include "provider/channel.hpp"
#include "provider/endpoint.hpp"
#include "provider/reactor.hpp"

namespace ws2 {

/// What goes back with an acceptance.
struct Acceptance {
  Bytes callee_data;
  std::optional<Qos> qos;  ///< as the acceptor sees it; absent: what the caller asked for holds
};

/// A connection that somebody asks a listener for.
struct Request {
  Request(std::uint64_t number, Channel made) : id(number), channel(std::move(made)) {}

  const std::uint64_t id;  ///< also its tag at the reactor
  Channel channel;
  Endpoint caller;
  Endpoint callee;
  Reactor::Watch watch = Reactor::kNone;
  enum class Phase : std::size_t {
    kHalfOpen,  ///< not complete yet
    kQueued,    ///< in its place of the queue
    kLeaving,   ///< refused or withdrawn
  };
  Phase phase = Phase::kHalfOpen;
  bool is_answered = false;  ///< the caller is connected already (ACC-42)
  bool was_offered = false;  ///< a condition function has seen it
  bool is_deciding = false;  ///< and is looking at it now

  /// It can be accepted: nobody has taken it back.
  bool is_acceptable() const;
};

/// The queue of one listener: connections that are still to say what they want, complete requests
/// in the order in which they became complete, and refused ones that are being told so. Guarded by
/// the listener's lock.
///
/// Where the provider's acceptance is not delayed, the operating system keeps the queue, and one
/// request at a time is taken from it, when somebody asks; all, as far as there are places, in an
/// edition that counts every arrival.
class ListenQueue {
 public:
  static constexpr std::size_t kMostBacklog = 1024;
  static constexpr std::size_t kDefaultBacklog = 200;  ///< for SOMAXCONN
  /// Connections that have not yet sent a complete request; beyond it the oldest is given up.
  /// Likewise those that were refused and have not gone. Fewer where a quarter of the descriptors
  /// that the process may have is less: nobody can use them up by asking.
  static constexpr std::size_t kMostUnfinished = 1024;

  /// The number for a listen() argument: clamped, never refused (CONN-01).
  static std::size_t clamp_backlog(int backlog);

  /// `fd` listens at `name`. `owner` is whom the reactor calls, with a request's id as the tag.
  ListenQueue(Descriptor fd, const Endpoint& name, const ProviderEntry& entry, std::size_t backlog,
              std::weak_ptr<Watched> owner);
  ~ListenQueue();
  ListenQueue(const ListenQueue&) = delete;
  ListenQueue& operator=(const ListenQueue&) = delete;

  int fd() const { return fd_.get(); }

  /// SO_CONDITIONAL_ACCEPT is off: a request is answered as soon as it has its place, and the
  /// condition function decides about a caller that is connected (ACC-38). What it is answered with
  /// is the one that was set last.
  void answer_at_once(Acceptance answer) { answer_ = std::move(answer); }
  bool answers_at_once() const { return answer_.has_value(); }

  /// Takes from the operating system who is there. WSAEMFILE, and the like, when it cannot: they
  /// stay where they are (CONN-04). 0 otherwise, also when nobody is there.
  int take_incoming();
  /// Likewise, but only where every arrival counts and none may be overlooked.
  void count_incoming() {
    if (counts_all_) take_incoming();
  }
  /// Likewise one only, for whoever is there to accept it at once: when its request is complete,
  /// the reactor is not told of it before watch_fresh().
  int take_one();
  void watch_fresh();
  /// What became of such a request meanwhile.
  void look_again(const std::shared_ptr<Request>& request);
  /// The last take_incoming() could not take all that are there.
  bool is_starved() const { return is_starved_; }
  /// It has left some to the next one, so that existing connections get their turn.
  bool has_more_incoming() const { return has_more_incoming_; }
  void on_activity(std::uint64_t id);
  void on_deadline(std::uint64_t id);

  /// The request whose turn it is, withdrawn meanwhile or not; nullptr when there is none.
  std::shared_ptr<Request> head() const;
  /// An accept would find a request, or learn that an offered one is gone.
  bool has_offer() const;
  /// How many requests have taken a place in the queue since the beginning.
  std::size_t arrivals() const { return arrivals_; }
  /// The request is accepted: it leaves the queue, and its connection is the caller's.
  Channel take(const std::shared_ptr<Request>& request);
  /// The request is gone: it leaves the queue. What the peer is to be told goes out in the
  /// background.
  void dismiss(const std::shared_ptr<Request>& request);
  /// Likewise for one that is refused: a caller that is connected already is reset (ACC-42).
  void refuse(const std::shared_ptr<Request>& request, RejectReason reason);

  /// A request whose handling runs out of memory half way is given up; then false.
  template <typename Function>
  bool try_with(const std::shared_ptr<Request>& request, Function function) {
    try {
      function();
      return true;
    } catch (const std::bad_alloc&) {
      request->channel.link().give_up();
      place(request);
      return false;
    }
  }

  /// Refuses everything that is left (CLOSE-14). The descriptor is the caller's to close.
  void close();
  void close_descriptor() { fd_.reset(); }
  /// Nobody is left that must be told something.
  bool is_done() const { return requests_.empty(); }

 private:
  int take_incoming(std::size_t most);
  /// nullptr when it is gone. Out of memory, `fd` is what it was, or the request is known already.
  std::shared_ptr<Request> add(Descriptor& fd, const Endpoint& caller);
  void watch(const std::shared_ptr<Request>& request);
  void unqueue(const std::shared_ptr<Request>& request);
  std::size_t& count(Request::Phase phase) { return counts_[static_cast<std::size_t>(phase)]; }
  void enter(Request& request, Request::Phase phase);
  /// The oldest of those in that phase makes room for others: it is reset.
  void give_up_oldest(Request::Phase phase);
  /// Puts the request where it belongs after something happened to it.
  void place(const std::shared_ptr<Request>& request);
  void forget(const std::shared_ptr<Request>& request);

  Descriptor fd_;
  const std::optional<Endpoint> callee_;  ///< everybody's, where the name is not a wildcard
  const ProviderEntry& entry_;
  const std::size_t backlog_;
  const bool counts_all_;
  const std::weak_ptr<Watched> owner_;
  std::optional<Acceptance> answer_;  ///< absent: the caller waits for the verdict
  std::uint64_t last_id_ = 0;
  const std::size_t most_unfinished_;
  std::array<std::size_t, 3> counts_{};  ///< of requests_ in each phase
  std::size_t arrivals_ = 0;
  bool is_starved_ = false;
  bool has_more_incoming_ = false;
  std::map<std::uint64_t, std::shared_ptr<Request>> requests_;
  std::deque<std::shared_ptr<Request>> order_;
  std::shared_ptr<Request> fresh_;  ///< queued, but not known to the reactor yet
};

}  // namespace ws2
