#include "connection/tests/pair.hpp"

#include <algorithm>

namespace ws2 {

Pair::Pair(const Limits& limits, Duration latency)
    : latency_(latency),
      caller_{Connection::caller(limits), {}},
      acceptor_{Connection::acceptor(limits, TimePoint{0}), {}} {}

void Pair::forward(Side from, RecordingSink& sink) {
  End& sender = end(from);
  std::deque<OnItsWay>& inbox = end(other(from)).inbox;
  const TimePoint due = now_ + latency_;
  for (const RecordedUnit& unit : sink.units) {
    if (sender.ended || sender.reset) break;
    inbox.push_back({due, unit});
    // Where a direction ends the transport's end follows, as on the wire.
    if (unit.is<DisconnectUnit>() || unit.is<RejectUnit>()) {
      inbox.push_back({due, TransportEnd{}});
      sender.ended = true;
    }
  }
  if (sender.connection.wants_transport_abort() && !sender.reset) {
    inbox.push_back({due, TransportReset{}});
    sender.reset = true;
  }
}

CallResult Pair::request(std::string_view caller_data, std::optional<std::size_t> callee_capacity,
                         const std::optional<Qos>& qos) {
  RecordingSink sink;
  const Bytes data = bytes_of(caller_data);
  const CallResult result = caller().request(data, callee_capacity, qos, now_, sink);
  forward(Side::kCaller, sink);
  return result;
}

CallResult Pair::accept(std::string_view callee_data, const std::optional<Qos>& qos) {
  RecordingSink sink;
  const Bytes data = bytes_of(callee_data);
  const CallResult result = acceptor().accept(data, qos, sink);
  forward(Side::kAcceptor, sink);
  return result;
}

CallResult Pair::reject(RejectReason reason) {
  RecordingSink sink;
  const CallResult result = acceptor().reject(reason, now_, sink);
  forward(Side::kAcceptor, sink);
  return result;
}

CallResult Pair::send(Side side, std::string_view text, bool end_of_message) {
  RecordingSink sink;
  const Bytes data = bytes_of(text);
  const CallResult result = at(side).send(data, end_of_message, sink);
  forward(side, sink);
  return result;
}

CallResult Pair::send_disconnect(Side side, std::optional<std::string_view> data) {
  RecordingSink sink;
  const Bytes outbound = bytes_of(data.value_or(""));
  const CallResult result =
      at(side).send_disconnect(data ? std::optional<ByteView>(outbound) : std::nullopt, sink);
  forward(side, sink);
  return result;
}

CallResult Pair::shutdown(Side side, ShutdownHow how) {
  RecordingSink sink;
  const CallResult result = at(side).shutdown(how, sink);
  forward(side, sink);
  return result;
}

CallResult Pair::set_qos(Side side, const Qos& qos) {
  RecordingSink sink;
  const CallResult result = at(side).set_qos(qos, sink);
  forward(side, sink);
  return result;
}

void Pair::close(Side side) {
  RecordingSink sink;
  at(side).close(now_, sink);
  forward(side, sink);
}

void Pair::abort(Side side) {
  RecordingSink sink;
  at(side).abort();
  forward(side, sink);
}

void Pair::vanish(Side side) {
  end(other(side)).inbox.push_back({now_ + latency_, TransportEnd{}});
  end(side).ended = true;
  end(side).reset = true;
}

Pair::Read Pair::receive(Side side, std::size_t size, ReceiveMode mode) {
  Bytes buffer(size);
  const Received received = at(side).receive(buffer, mode);
  return {received.result.error(), text_of(ByteView(buffer).first(received.bytes))};
}

Pair::Read Pair::recv_disconnect(Side side, std::optional<std::size_t> size) {
  Bytes buffer(size.value_or(0));
  const RecvDisconnected fetched =
      at(side).recv_disconnect(size ? std::optional<MutableByteView>(buffer) : std::nullopt);
  return {fetched.result.error(), text_of(ByteView(buffer).first(fetched.bytes))};
}

void Pair::deliver_to(Side side) {
  End& receiver = end(side);
  const OnItsWay next = receiver.inbox.front();
  receiver.inbox.pop_front();
  now_ = std::max(now_, next.due);
  RecordingSink sink;
  if (const auto* unit = std::get_if<RecordedUnit>(&next.what)) {
    const Violation violation = receiver.connection.on_unit(unit->view(), now_, sink);
    violated_ = violated_ || violation != Violation::kNone;
  } else if (std::holds_alternative<TransportEnd>(next.what)) {
    receiver.connection.on_transport_end();
  } else {
    receiver.connection.on_transport_reset();
  }
  forward(side, sink);
}

std::optional<TimePoint> Pair::next_delivery() const {
  std::optional<TimePoint> due;
  for (Side side : {Side::kCaller, Side::kAcceptor}) {
    if (end(side).inbox.empty()) continue;
    const TimePoint one = end(side).inbox.front().due;
    if (!due || one < *due) due = one;
  }
  return due;
}

bool Pair::run_next(TimePoint until) {
  Side delivery = Side::kCaller;
  if (end(delivery).inbox.empty() ||
      (!acceptor_.inbox.empty() && acceptor_.inbox.front().due < caller_.inbox.front().due)) {
    delivery = Side::kAcceptor;
  }
  const std::optional<TimePoint> due = next_delivery();
  for (Side side : {Side::kCaller, Side::kAcceptor}) {
    const std::optional<TimePoint> timer = at(side).deadline();
    if (!timer || *timer > until || (due && *timer >= *due)) continue;
    now_ = std::max(now_, *timer);
    RecordingSink sink;
    at(side).on_time(now_);
    forward(side, sink);
    return true;
  }
  if (!due || *due > until) return false;
  deliver_to(delivery);
  return true;
}

void Pair::settle() {
  while (const auto due = next_delivery()) run_next(*due);
}

void Pair::advance(Duration duration) {
  const TimePoint until = now_ + duration;
  while (run_next(until)) {
  }
  now_ = std::max(now_, until);
}

void Pair::establish(std::string_view caller_data, std::string_view callee_data) {
  static_cast<void>(request(caller_data));
  settle();
  static_cast<void>(accept(callee_data));
  settle();
}

}  // namespace ws2
