#include "provider/listen_queue.hpp"

#include <algorithm>
#include <utility>

#include "provider/clock.hpp"
#include "provider/native_address.hpp"
#include "provider/native_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

/// Connections that are taken at once.
constexpr std::size_t kMostRequestsAtOnce = 64;

State state_of(const Request& request) {
  return request.channel.connection().state();
}

}  // namespace

bool Request::is_acceptable() const {
  switch (state_of(*this)) {
    case State::kOffered:
      return true;
    // The caller may be at the end already: what it sent is for whoever accepts.
    case State::kEstablished:
    case State::kRemoteEnded:
    case State::kBothEnded:
      return is_answered;
    default:
      return false;
  }
}

std::size_t ListenQueue::clamp_backlog(int backlog) {
  if (backlog == 0x7fffffff) return kDefaultBacklog;
  // SOMAXCONN_HINT(n) is -n (CONN-02).
  if (backlog < 0)
    return std::clamp<std::size_t>(0u - static_cast<unsigned>(backlog), 1, kMostBacklog);
  return std::clamp<std::size_t>(static_cast<std::size_t>(backlog), 1, kMostBacklog);
}

ListenQueue::ListenQueue(Descriptor fd, const Endpoint& name, const ProviderEntry& entry,
                         std::size_t backlog, std::weak_ptr<Watched> owner)
    : fd_(std::move(fd)),
      callee_(name.is_wildcard() ? std::nullopt : std::optional(name)),
      entry_(entry),
      backlog_(backlog),
      counts_all_(entry.limits->edition.arrivals_record_again && !entry.limits->delayed_accept),
      owner_(std::move(owner)),
      most_unfinished_(std::min(kMostUnfinished, descriptor_limit() / 4)) {}

ListenQueue::~ListenQueue() {
  for (const auto& [id, request] : requests_) {
    if (request->watch != Reactor::kNone) {
      Reactor::instance().remove(request->watch, request->channel.fd());
    }
  }
}

int ListenQueue::take_incoming() {
  if (entry_.limits->delayed_accept) return take_incoming(kMostRequestsAtOnce);
  const std::size_t places = counts_all_ ? backlog_ : 1;
  return take_incoming(places - std::min(places, order_.size()));
}

int ListenQueue::take_one() {
  return take_incoming(1);
}

int ListenQueue::take_incoming(std::size_t most) {
  // All of them before any is read: who was there first is asked first.
  std::vector<std::shared_ptr<Request>> incoming;
  int error = 0;
  while (fd_ && incoming.size() < most) {
    Descriptor made;
    std::optional<Endpoint> caller;
    error = accept_tcp(fd_.get(), made, caller);
    if (error != 0) break;
    // Without a name it is gone already, and there is nobody to answer.
    if (!caller) continue;
    std::shared_ptr<Request> request;
    try {
      request = add(made, *caller);
      if (request) incoming.push_back(request);
    } catch (const std::bad_alloc&) {
      // Nothing that looks graceful.
      if (made) abort_tcp(made);
      if (request) (void)try_with(request, [] { throw std::bad_alloc(); });
    }
  }
  for (const auto& request : incoming) {
    const bool is_placed = try_with(request, [&] {
      if (entry_.limits->delayed_accept) request->channel.pump_in(false);
      place(request);
    });
    if (!is_placed) continue;
    if (!entry_.limits->delayed_accept || request->channel.is_done()) continue;
    if (most == 1 && request->phase == Request::Phase::kQueued) {
      watch_fresh();
      fresh_ = request;
    } else {
      watch(request);
    }
  }
  has_more_incoming_ = error == 0 && fd_ && most == kMostRequestsAtOnce;
  is_starved_ = error != 0 && error != WSAEWOULDBLOCK;
  return is_starved_ ? error : 0;
}

void ListenQueue::watch(const std::shared_ptr<Request>& request) {
  if (request->watch != Reactor::kNone) return;
  request->watch = Reactor::instance().add(request->channel.fd(), owner_, request->id);
  if (request->watch == Reactor::kNone) request->channel.link().abort();
  place(request);
}

void ListenQueue::watch_fresh() {
  if (const auto request = std::exchange(fresh_, nullptr)) watch(request);
}

std::shared_ptr<Request> ListenQueue::add(Descriptor& fd, const Endpoint& caller) {
  const auto callee = callee_ ? callee_ : local_endpoint(fd.get());
  if (!callee) {
    // Not gracefully: to the caller it looks connected.
    abort_tcp(fd);
    return nullptr;
  }
  if (entry_.limits->delayed_accept) {
    if (count(Request::Phase::kHalfOpen) >= most_unfinished_) {
      give_up_oldest(Request::Phase::kHalfOpen);
    }
  }
  auto link = Link::acceptor(*entry_.limits, entry_.make_codec(*entry_.limits), now());
  const auto request = std::make_shared<Request>(++last_id_, Channel({}, std::move(link)));
  request->caller = caller;
  request->callee = *callee;
  requests_.emplace(request->id, request);
  ++count(request->phase);
  request->channel.attach(std::move(fd));
  const auto begins = [&] { request->channel.link().on_transport_connected(now()); };
  return try_with(request, begins) ? request : nullptr;
}

void ListenQueue::enter(Request& request, Request::Phase phase) {
  --count(request.phase);
  request.phase = phase;
  ++count(phase);
}

void ListenQueue::give_up_oldest(Request::Phase phase) {
  const auto found = std::ranges::find_if(
      requests_, [phase](const auto& entry) { return entry.second->phase == phase; });
  if (found == requests_.end()) return;
  const auto oldest = found->second;
  oldest->channel.link().abort();
  place(oldest);
}

void ListenQueue::look_again(const std::shared_ptr<Request>& request) {
  if (request == fresh_) on_activity(request->id);
}

void ListenQueue::on_activity(std::uint64_t id) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  const auto request = found->second;
  (void)try_with(request, [&] {
    request->channel.pump_out();
    request->channel.pump_in(true);
    place(request);
  });
}

void ListenQueue::on_deadline(std::uint64_t id) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  const auto request = found->second;
  request->channel.on_time();
  place(request);
}

void ListenQueue::place(const std::shared_ptr<Request>& request) {
  using Phase = Request::Phase;
  Channel& channel = request->channel;
  if (request->phase == Phase::kHalfOpen && state_of(*request) != State::kAwaitingRequest) {
    enter(*request, Phase::kLeaving);
    if (state_of(*request) == State::kOffered) {
      if (!entry_.limits->delayed_accept || order_.size() < backlog_) {
        enter(*request, Phase::kQueued);
        order_.push_back(request);
        ++arrivals_;
        if (answer_) {
          // The setting was judged when it was made.
          const auto& qos = channel.connection().peer_qos() ? std::nullopt : answer_->qos;
          request->is_answered = channel.link().accept(answer_->callee_data, qos).ok();
        }
      } else {
        (void)channel.link().reject(RejectReason::kQueueFull, now());
      }
    }
  }
  // Withdrawn before anybody saw it: as if it had never been (CONN-07). One that was offered keeps
  // its place, so that the application learns of it (ACC-31).
  if (request->phase == Phase::kQueued && !request->is_acceptable() && !request->was_offered) {
    unqueue(request);
    enter(*request, Phase::kLeaving);
  }
  channel.pump_out();
  if (channel.is_done()) return forget(request);
  if (request->phase == Phase::kLeaving && request->watch == Reactor::kNone) return watch(request);
  if (request->watch != Reactor::kNone) {
    Reactor::instance().set_deadline(request->watch, channel.link().deadline().value_or(kNever));
    if (channel.has_more_input()) Reactor::instance().resume(request->watch, channel.fd());
  }
  if (request->phase == Phase::kLeaving && count(Phase::kLeaving) > most_unfinished_) {
    give_up_oldest(Phase::kLeaving);
  }
}

void ListenQueue::forget(const std::shared_ptr<Request>& request) {
  if (request->watch != Reactor::kNone) {
    Reactor::instance().remove(request->watch, request->channel.fd());
    request->watch = Reactor::kNone;
  }
  if (fresh_ == request) fresh_ = nullptr;
  if (requests_.erase(request->id) != 0) --count(request->phase);
}

void ListenQueue::unqueue(const std::shared_ptr<Request>& request) {
  // Usually it is the head.
  const auto found = std::ranges::find(order_, request);
  if (found != order_.end()) order_.erase(found);
}

std::shared_ptr<Request> ListenQueue::head() const {
  return order_.empty() ? nullptr : order_.front();
}

bool ListenQueue::has_offer() const {
  if (!order_.empty()) return !order_.front()->is_deciding;
  return !entry_.limits->delayed_accept && !counts_all_ && fd_ && is_readable(fd_.get());
}

Channel ListenQueue::take(const std::shared_ptr<Request>& request) {
  unqueue(request);
  // While the descriptor is still known.
  forget(request);
  return std::move(request->channel);
}

void ListenQueue::dismiss(const std::shared_ptr<Request>& request) {
  unqueue(request);
  enter(*request, Request::Phase::kLeaving);
  place(request);
}

void ListenQueue::refuse(const std::shared_ptr<Request>& request, RejectReason reason) {
  if (request->is_answered) {
    request->channel.link().abort();
  } else {
    (void)request->channel.link().reject(reason, now());
  }
  dismiss(request);
}

void ListenQueue::close() {
  order_.clear();
  for (auto next = requests_.begin(); next != requests_.end();) {
    // It may be forgotten meanwhile.
    const auto request = (next++)->second;
    const bool is_half_open = state_of(*request) == State::kAwaitingRequest;
    enter(*request, Request::Phase::kLeaving);
    if (is_half_open) request->channel.link().abort();
    const auto ends = [&] {
      if (request->is_acceptable()) {
        refuse(request, RejectReason::kListenerGone);
      } else {
        place(request);
      }
    };
    (void)try_with(request, ends);
  }
}

}  // namespace ws2
