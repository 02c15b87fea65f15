// Overlapped sends and receives: started by a call, carried on by whoever serves the socket.

#include <limits>

#include "provider/pending.hpp"
#include "ws2/errors.h"

namespace ws2 {

int NetSocket::start_send(std::span<const ByteView> buffers, bool end_of_message, std::size_t& sent,
                          OverlappedDone done) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  pump(Pump::kOut);
  const bool is_first = sends_.empty();
  PendingSend& made = sends_.emplace_back(buffers, end_of_message,
                                          entry_.limits->message_boundaries, std::move(done));
  auto outcome = is_first ? made.task.advance(*channel_) : std::nullopt;
  if (!outcome && !update_watch()) {
    // Nobody would go on with it.
    made.done = [&outcome, &sent](const OverlappedOutcome& told) {
      outcome = told.error;
      sent = told.bytes;
    };
    hand_over_sends();
    signal(record_.after_send(false, conditions()));
    settle();
    return outcome.value_or(WSAENOBUFS);
  }
  if (outcome) {
    sent = made.task.sent();
    sends_.pop_back();
  }
  signal(record_.after_send(false, conditions()));
  settle();
  return outcome.value_or(WSA_IO_PENDING);
}

int NetSocket::start_receive(std::span<const MutableByteView> buffers, const ReceiveCall& call,
                             ReceiveResult& received, OverlappedDone done) {
  const std::lock_guard lock(mutex_);
  const Safeguard safeguard(*this);
  if (is_closed_) return WSAENOTSOCK;
  if (!is_connected()) return WSAENOTCONN;
  if (is_receive_ending_) return WSAESHUTDOWN;
  // Those that are pending come first.
  pump(Pump::kDry);
  const bool is_first = receives_.empty();
  PendingReceive& made = receives_.emplace_back(buffers, call, std::move(done));
  std::optional<int> ended;
  if (is_first) ended = made.task.advance(*channel_, false);
  if (!ended && !update_watch()) ended = WSAENOBUFS;
  int error = WSA_IO_PENDING;
  if (ended) {
    const OverlappedOutcome outcome = made.outcome(*ended);
    error = outcome.error;
    received = {outcome.bytes, outcome.end_of_message};
    receives_.pop_back();
  }
  // With room in the queue again, what the system holds can be looked at.
  pump(Pump::kDry);
  signal(record_.after_receive(error == WSA_IO_PENDING ? 0 : error, conditions()));
  settle();
  return error;
}

bool NetSocket::serve_overlapped() {
  bool is_any_over = false;
  while (!sends_.empty()) {
    PendingSend& next = sends_.front();
    const auto error = next.task.advance(*channel_);
    if (!error) break;
    next.done({*error, next.task.sent()});
    sends_.pop_front();
    is_any_over = true;
  }
  while (!receives_.empty()) {
    PendingReceive& next = receives_.front();
    const auto error = next.task.advance(*channel_, false);
    if (!error) break;
    next.done(next.outcome(*error));
    receives_.pop_front();
    is_any_over = true;
  }
  if (is_receive_ending_ && receives_.empty()) {
    is_receive_ending_ = false;
    (void)channel_->link().shutdown(ShutdownHow::kReceive);
  }
  return is_any_over;
}

void NetSocket::hand_over_sends() {
  if (sends_.empty()) return;
  channel_->link().set_output_limit(std::numeric_limits<std::size_t>::max());
  serve_overlapped();
  channel_->link().set_output_limit(Link::kOutputLimit);
}

void NetSocket::cancel_overlapped() {
  const std::lock_guard lock(mutex_);
  abort_overlapped();
  if (!is_closed_) settle();
}

void NetSocket::abort_overlapped() {
  for (PendingSend& each : sends_) each.done({WSA_OPERATION_ABORTED, each.task.sent()});
  sends_.clear();
  for (PendingReceive& each : receives_) {
    (void)each.task.finish(WSA_OPERATION_ABORTED);
    each.done({WSA_OPERATION_ABORTED, each.task.received().bytes});
  }
  receives_.clear();
}

}  // namespace ws2
