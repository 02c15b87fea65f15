// listen, accept and WSAAccept.

#include <poll.h>

#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {

/// A condition function at work: the lock is not held, the request waits for the verdict. However
/// the function is left, by an exception too, the lock is held again and the request is free.
class NetSocket::Asking {
 public:
  Asking(NetSocket& listener, Lock& lock, std::shared_ptr<Request> request)
      : listener_(listener), lock_(lock), request_(std::move(request)), outer_(innermost) {
    request_->was_offered = true;
    request_->is_deciding = true;
    innermost = this;
    lock_.unlock();
  }
  ~Asking() {
    innermost = outer_;
    lock_.lock();
    request_->is_deciding = false;
    // Closing has refused the request.
    if (listener_.is_closed_) return;
    listener_.waiters_.notify_all();
    if (has_verdict_) return;
    // As after a verdict that is none (ACC-08).
    try {
      listener_.queue_->look_again(request_);
      listener_.finish_accept(false);
    } catch (const std::bad_alloc&) {
    }
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  void set_has_verdict() { has_verdict_ = true; }
  /// The calling thread is in a condition function of this listener.
  static bool is_within(const NetSocket& listener) {
    const Asking* asking = innermost;
    while (asking != nullptr && &asking->listener_ != &listener) asking = asking->outer_;
    return asking != nullptr;
  }

 private:
  NetSocket& listener_;
  Lock& lock_;
  std::shared_ptr<Request> request_;
  Asking* const outer_;
  bool has_verdict_ = false;
  static thread_local Asking* innermost;
};

thread_local NetSocket::Asking* NetSocket::Asking::innermost = nullptr;

int NetSocket::listen(int backlog) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  // CONN-05: and the backlog stays as it is.
  if (queue_) return 0;
  if (channel_) return is_connected() ? WSAEISCONN : WSAEINVAL;
  if (!is_bound_) return WSAEINVAL;
  const std::size_t places = ListenQueue::clamp_backlog(backlog);
  // Where the queue is kept here, the system's only has to bridge the time until the reactor looks.
  const std::size_t native = entry_.limits->delayed_accept ? ListenQueue::kMostBacklog : places;
  if (const int error = ensure_descriptor(); error != 0) return error;
  if (entry_.limits->delayed_accept) give_out_speaking(fd_.get());
  if (const int error = listen_tcp(fd_.get(), static_cast<int>(native)); error != 0) return error;
  queue_ = std::make_unique<ListenQueue>(std::move(fd_), *local_, entry_, places, weak_from_this());
  if (entry_.limits->delayed_accept && !options_.conditional_accept)
    queue_->answer_at_once(standing_answer());
  if (settle()) return 0;
  queue_.reset();
  is_bound_ = false;
  return WSAENOBUFS;
}

int NetSocket::accept(const AcceptCall& call, Accepted& accepted) {
  Lock lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (!queue_) return WSAEINVAL;
  // It would wait for its own verdict.
  if (Asking::is_within(*this)) return WSAEINPROGRESS;
  std::shared_ptr<Request> request;
  int error = next_request(lock, request);
  bool is_deferred = false;
  if (error == 0) {
    // ACC-13, reference choice: the request stays where it is.
    if (call.address_room && *call.address_room < call.address_size) {
      error = WSAEFAULT;
    } else if (!call.condition) {
      error = take(request, false, standing_answer(), accepted);
    } else {
      error = decide(lock, call, request, accepted, is_deferred);
    }
  }
  if (!is_closed_) finish_accept(is_deferred);
  return error;
}

void NetSocket::finish_accept(bool is_deferred) {
  queue_->count_incoming();
  queue_->watch_fresh();
  // EVT-04, ACC-16.
  if (!is_deferred) signal(record_.after_accept(conditions()));
  settle();
}

std::shared_ptr<Request> NetSocket::free_head() const {
  auto head = queue_->head();
  return head && !head->is_deciding ? head : nullptr;
}

int NetSocket::attend(Lock& lock, std::shared_ptr<Request>& request) {
  while (true) {
    if (is_closed_) return WSAEINTR;
    request = free_head();
    // A deferred one says nothing of how soon the application comes back.
    if (request && request->was_offered) return 0;
    const bool attends = !is_served() && attendance_.begin(watch_, queue_->fd());
    Wake wake = Wake::kNotified;
    if (!request) {
      queue_->watch_fresh();
      wake = wait_once(lock, queue_->fd(), attends ? POLLIN : 0, kNever);
    }
    if (attends) {
      attendance_.end(watch_);
      // One of the others is to attend now.
      if (!waiters_.is_empty()) waiters_.notify_all();
    }
    if (request) return 0;
    if (wake == Wake::kFailed) return WSAEMFILE;
    if (!attends || wake != Wake::kReady || is_closed_) continue;
    const int shortage = queue_->take_one();
    // ACC-32: the shortage matters when nothing else is there.
    if (shortage != 0 && !free_head()) return shortage;
  }
}

int NetSocket::next_request(Lock& lock, std::shared_ptr<Request>& request) {
  if (entry_.limits->delayed_accept && is_blocking_) return attend(lock, request);
  int shortage = 0;
  const auto is_there = [&] {
    // Where the reactor fills the queue, only if it was spared that lately, or if the system had no
    // descriptor to give: by now it may have one (CONN-04).
    if (!entry_.limits->delayed_accept || queue_->is_starved() || attendance_.is_reactor_spared()) {
      shortage = queue_->take_incoming();
    }
    request = free_head();
    // ACC-32: the shortage matters when nothing else is there.
    return request != nullptr || shortage != 0;
  };
  const short events = entry_.limits->delayed_accept ? 0 : POLLIN;
  const int error = wait_until(lock, events, kNever, is_there);
  if (error != 0) return error;
  return request ? 0 : shortage;
}

int NetSocket::decide(Lock& lock, const AcceptCall& call, const std::shared_ptr<Request>& request,
                      Accepted& accepted, bool& is_deferred) {
  enum { kAccept = 0, kReject = 1, kDefer = 2 };
  const Connection& connection = request->channel.connection();
  // Withdrawn since it was offered: the condition function need not see it again (ACC-31).
  if (!request->is_acceptable()) return take(request, true, {}, accepted);

  Offer offer;
  offer.caller = request->caller;
  offer.callee = request->callee;
  // The condition function runs without the lock, the queue goes on meanwhile.
  const Bytes caller_data = connection.caller_data();
  offer.caller_data = caller_data;
  offer.qos = connection.peer_qos();
  // Callee data goes with the answer: where that is gone, there is no room for any (ACC-24).
  offer.callee_capacity = request->is_answered ? 0 : entry_.limits->callee_data.value_or(0);
  Decision decision;
  {
    Asking asking(*this, lock, request);
    decision = call.condition(offer);
    asking.set_has_verdict();
  }
  if (is_closed_) return WSAEINTR;
  queue_->look_again(request);

  Acceptance answer{decision.callee_data, {}};
  GroupMembership group;
  switch (decision.verdict) {
    case kAccept: {
      // ACC-26, reference choice: the request stays and can be accepted with less. The same goes
      // for a QOS or a group that cannot be.
      if (!decision.callee_data_valid || !decision.qos_valid) return WSAEFAULT;
      if (const int error = judge_qos(offer, decision, answer.qos); error != 0) return error;
      if (const int error = group.join(decision.group); error != 0) return error;
      if (const int error = group.claim(offer.caller); error != 0) return error;
      const int error = take(request, true, answer, accepted);
      if (error == 0) static_cast<NetSocket&>(*accepted.socket).group_ = std::move(group);
      return error;
    }
    case kReject:
      // ACC-27, reference choice: callee data goes nowhere.
      if (!queue_->try_with(request, [&] { queue_->refuse(request, RejectReason::kRefused); })) {
        queue_->dismiss(request);
      }
      return WSAECONNREFUSED;
    case kDefer:
      is_deferred = true;
      return WSATRY_AGAIN;
    default:
      // ACC-08, reference choice: no verdict, so the request stays at the head.
      return WSAEINVAL;
  }
}

int NetSocket::judge_qos(const Offer& offer, const Decision& decision,
                         std::optional<Qos>& answer) const {
  if (!offer.qos) {
    answer = qos_;
    return 0;
  }
  if (!decision.qos || decision.qos == offer.qos) return 0;
  if (const int error = check(*decision.qos, *entry_.limits->qos); error != 0) return error;
  answer = mirrored(changed(offer.qos, *decision.qos));
  return 0;
}

Acceptance NetSocket::standing_answer() const {
  return {connect_data_.outgoing, qos_};
}

int NetSocket::take(const std::shared_ptr<Request>& request, bool is_conditional,
                    const Acceptance& answer, Accepted& accepted) {
  // First, so that nothing is accepted that could not be given out.
  auto made = std::make_shared<NetSocket>(entry_);
  Link& link = request->channel.link();
  const bool is_asked = request->channel.connection().peer_qos().has_value();
  int error = 0;
  const auto answers = [&] {
    if (!request->is_answered) {
      // Without a condition function what the caller asked for holds, if it asked for anything.
      const bool has_answer = answer.qos && (is_conditional || !is_asked);
      error = link.accept(answer.callee_data, has_answer ? answer.qos : std::nullopt).error();
    } else if (!request->is_acceptable()) {
      error = WSAECONNRESET;
    } else if (is_conditional && is_asked && answer.qos) {
      // Connected already: what the condition function made of it comes as a change. If the peer
      // cannot be told, it stays what it was.
      (void)link.set_qos(*answer.qos);
    }
  };
  if (!queue_->try_with(request, answers)) error = WSAENOBUFS;
  if (error != 0) {
    if (!request->is_acceptable()) queue_->dismiss(request);
    // Plain accept does not have the code for a withdrawn request (section 11).
    return error == WSAEACCES && !is_conditional ? WSAECONNRESET : error;
  }
  made->adopt(queue_->take(request), *request, *this);
  accepted.caller = request->caller;
  accepted.socket = std::move(made);
  return 0;
}

void NetSocket::adopt(Channel channel, const Request& request, const NetSocket& listener) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  channel_.emplace(std::move(channel));
  is_accepted_ = true;
  is_transport_connected_ = true;
  local_ = request.callee;
  peer_ = request.caller;
  connected_at_ = now();
  // ACC-34 to ACC-36.
  options_ = listener.options_;
  connect_data_.reserved = listener.connect_data_.reserved;
  disconnect_data_ = listener.disconnect_data_;
  is_blocking_ = listener.is_blocking_;
  event_object_ = listener.event_object_;
  // The system has given the connection the options that the listener had at its beginning.
  const auto have = listener.is_inheritance_known_ ? std::optional(native_options()) : std::nullopt;
  apply_options(channel_->fd(), native_options(), have);
  channel_->set_keep_alive(options_.keep_alive);
  channel_->set_may_coalesce(may_coalesce());
  pump(event_object_ ? Pump::kDry : Pump::kOut);
  if (event_object_) signal(record_.select(listener.record_.mask(), conditions()));
  settle();
}

}  // namespace ws2
