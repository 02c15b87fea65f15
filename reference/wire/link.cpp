#include "wire/link.hpp"

#include <algorithm>
#include <utility>

#include "ws2/errors.h"

namespace ws2 {

Link::Link(Connection connection, std::unique_ptr<Codec> codec)
    : connection_(std::move(connection)), codec_(std::move(codec)) {}

std::unique_ptr<Link> Link::caller(const Limits& limits, std::unique_ptr<Codec> codec) {
  return std::unique_ptr<Link>(new Link(Connection::caller(limits), std::move(codec)));
}

std::unique_ptr<Link> Link::acceptor(const Limits& limits, std::unique_ptr<Codec> codec,
                                     TimePoint now) {
  return std::unique_ptr<Link>(new Link(Connection::acceptor(limits, now), std::move(codec)));
}

void Link::put(const Unit& unit) {
  if (transport_lost_) return;
  keep_lent();
  if (const auto* data = std::get_if<DataUnit>(&unit);
      data != nullptr && lends_ && codec_->encode_head(*data, output_)) {
    lent_ = data->bytes;
    return;
  }
  const TransportStep step = codec_->encode(unit, output_);
  if (step != TransportStep::kNone) after_output_ = step;
}

// ---- calls
// ---------------------------------------------------------------------------------------

CallResult Link::request(ByteView caller_data, std::optional<std::size_t> callee_capacity,
                         const std::optional<Qos>& qos, TimePoint now) {
  return connection_.request(caller_data, callee_capacity, qos, now, *this);
}

CallResult Link::accept(ByteView callee_data, const std::optional<Qos>& qos) {
  return connection_.accept(callee_data, qos, *this);
}

CallResult Link::reject(RejectReason reason, TimePoint now) {
  return connection_.reject(reason, now, *this);
}

Link::Sent Link::send(ByteView bytes, bool end_of_message) {
  // What is wrong with the call comes before the question of room, which would only put it off.
  if (const CallResult result = connection_.check_send(bytes.size()); !result.ok())
    return {result, 0};
  const bool messages = connection_.limits().message_boundaries;
  const std::size_t room = output_limit_ - std::min(output_limit_, pending_output());
  if (room == 0 && (messages || !bytes.empty())) return {CallResult(WSAEWOULDBLOCK), 0};
  const ByteView taken = messages ? bytes : bytes.first(std::min(room, bytes.size()));
  if (const CallResult result = connection_.send(taken, end_of_message, *this); !result.ok())
    return {result, 0};
  return {{}, taken.size()};
}

Link::Sent Link::lend(ByteView bytes, bool end_of_message) {
  lends_ = true;
  const Sent sent = send(bytes, end_of_message);
  lends_ = false;
  return sent;
}

void Link::keep_lent() {
  output_.append(std::exchange(lent_, {}));
}

Received Link::receive(MutableByteView buffer, ReceiveMode mode) {
  return connection_.receive(buffer, mode);
}

CallResult Link::send_disconnect(std::optional<ByteView> data) {
  return connection_.send_disconnect(data, *this);
}

RecvDisconnected Link::recv_disconnect(std::optional<MutableByteView> buffer) {
  return connection_.recv_disconnect(buffer);
}

CallResult Link::shutdown(ShutdownHow how) {
  return connection_.shutdown(how, *this);
}

CallResult Link::set_qos(const Qos& qos) {
  // However often it is changed, what is kept for the peer has a bound.
  if (output_.size() >= output_limit_) return CallResult(WSAEWOULDBLOCK);
  return connection_.set_qos(qos, *this);
}

void Link::close(TimePoint now) {
  connection_.close(now, *this);
}

void Link::abort() {
  connection_.abort();
}

// ---- the transport
// -------------------------------------------------------------------------------

bool Link::deaf() const {
  switch (connection_.state()) {
    case State::kRefused:
    case State::kAborted:
    case State::kClosed:
      return true;
    default:
      return connection_.wants_transport_abort();
  }
}

void Link::deliver(const Unit& unit, TimePoint now) {
  // A violation has aborted the connection by the time this returns; its kind says nothing more
  // to a transport.
  static_cast<void>(connection_.on_unit(unit, now, *this));
}

void Link::on_transport_connected(TimePoint now) {
  transport_connected_ = true;
  if (const auto unit = codec_->implied_by_connection(connection_.role())) deliver(*unit, now);
}

void Link::on_bytes(ByteView bytes, TimePoint now) {
  while (!bytes.empty() && !deaf()) {
    const Decoded decoded = codec_->decode(bytes);
    if (decoded.malformed != Malformed::kNone) {
      malformed_ = decoded.malformed;
      connection_.on_malformed();
      return;
    }
    if (decoded.unit) deliver(*decoded.unit, now);
    bytes = bytes.subspan(decoded.consumed);
  }
}

std::size_t Link::direct_input(std::size_t room) const {
  if (!wants_input() || !connection_.gives_out_at_once()) return 0;
  const Codec::Body body = codec_->body();
  if (!connection_.limits().message_boundaries) return std::min(body.rest, room);
  // A message is given out whole.
  const bool is_message = body.ends_message && !body.has_begun && body.rest <= room;
  return is_message ? body.rest : 0;
}

void Link::on_transport_end(TimePoint now) {
  if (input_ended_) return;
  input_ended_ = true;
  if (const auto unit = codec_->implied_by_end()) deliver(*unit, now);
  connection_.on_transport_end();
}

void Link::lose_transport() {
  transport_lost_ = true;
  output_.clear();
  lent_ = {};
}

void Link::on_transport_reset() {
  lose_transport();
  connection_.on_transport_reset();
}

void Link::on_transport_failure(int error) {
  lose_transport();
  connection_.on_transport_failure(error);
}

bool Link::may_write() const {
  return transport_connected_ && !transport_lost_ && !connection_.wants_transport_abort();
}

ByteView Link::output() const {
  return may_write() ? output_.front() : ByteView();
}

ByteView Link::lent_output() const {
  return may_write() ? lent_ : ByteView();
}

void Link::on_written(std::size_t bytes) {
  const std::size_t own = std::min(bytes, output_.size());
  output_.consume(own);
  lent_ = lent_.subspan(bytes - own);
}

TransportStep Link::transport_step() const {
  if (transport_lost_) return TransportStep::kClose;
  if (connection_.wants_transport_abort() || after_output_ == TransportStep::kAbort)
    return TransportStep::kAbort;
  if (pending_output() != 0) return TransportStep::kNone;
  if (after_output_ == TransportStep::kHalfClose && !half_closed_) return TransportStep::kHalfClose;
  if (!deaf()) return TransportStep::kNone;
  // The caller of a rejected request must have read the reject before the descriptor goes away.
  const bool awaits_caller =
      connection_.state() == State::kRefused && half_closed_ && !input_ended_;
  return awaits_caller ? TransportStep::kNone : TransportStep::kClose;
}

bool Link::wants_input() const {
  if (!transport_connected_ || transport_lost_ || input_ended_) return false;
  if (connection_.wants_transport_abort()) return false;
  // What a caller sends on bare TCP before it is accepted belongs to the accepted connection, and
  // waits in the transport.
  if (connection_.state() == State::kOffered && !connection_.limits().delayed_accept) return false;
  return connection_.wants_input(unread_limit_);
}

std::optional<TimePoint> Link::deadline() const {
  switch (transport_step()) {
    case TransportStep::kAbort:
    case TransportStep::kClose:
      return std::nullopt;
    case TransportStep::kNone:
    case TransportStep::kHalfClose:
      break;
  }
  return connection_.deadline();
}

void Link::on_time(TimePoint now) {
  if (deadline()) connection_.on_time(now);
}

// ---- flow control
// --------------------------------------------------------------------------------

bool Link::writable() const {
  if (!connection_.send_allowed()) return false;
  return connection_.state() == State::kAborted || pending_output() < output_limit_;
}

bool Link::flushed() const {
  if (pending_output() != 0) return false;
  return after_output_ != TransportStep::kHalfClose || half_closed_;
}

}  // namespace ws2
