// One end of a connection, as a shell holds it, between a program and a peer that both do anything
// at any time. Time is virtual.
//
// Input: provider, role, then operations: an octet that chooses one, and its arguments.

#include <algorithm>

#include "fuzz/fuzz_target.hpp"
#include "fuzz/octet_source.hpp"
#include "fuzz/providers.hpp"
#include "fuzz/record.hpp"
#include "wire/link.hpp"

namespace ws2 {
namespace {

constexpr std::size_t kOutputLimit = 2048;
constexpr std::size_t kUnreadLimit = 2048;
/// Of what a program sends or a peer says at once.
constexpr std::size_t kMostAtOnce = 4096;
/// Frame headers and set-up frames, besides what the program sends.
constexpr std::size_t kMostOverhead = 4096;

class End {
 public:
  End(OctetSource& source, const FuzzedProvider& provider, Role role)
      : source_(source),
        provider_(provider),
        role_(role),
        link_(role == Role::kCaller
                  ? Link::caller(provider.limits, provider.make_codec(provider.limits))
                  : Link::acceptor(provider.limits, provider.make_codec(provider.limits), now_)),
        said_(provider),
        heard_(provider) {
    link_->set_output_limit(kOutputLimit);
    link_->set_unread_limit(kUnreadLimit);
    if (role == Role::kAcceptor) connect_transport();
  }

  void live() {
    while (!source_.empty()) {
      step();
      check();
    }
    die();
  }

 private:
  // ---- what the program does

  void step() {
    switch (source_.octet() % 21) {
      case 0:
        return peer_says(source_.octets(source_.octet()));
      case 1:
      case 2:
      case 3:
        return peer_says_frame();
      case 4:
        return peer_ends();
      case 5:
        return lose_transport();
      case 6:
        return request();
      case 7:
        return decide();
      case 8:
      case 9:
        return send();
      case 10:
      case 11:
        return receive();
      case 12:
        return send_disconnect();
      case 13:
        return receive_disconnect();
      case 14:
        ok(link_->shutdown(static_cast<ShutdownHow>(source_.octet() % 4)));
        has_turned_off_ = true;
        return;
      case 15:
        link_->close(now_);
        is_let_go_ = true;
        return;
      case 16:
        link_->abort();
        is_let_go_ = true;
        return;
      case 17:
        return connect_transport();
      case 20:
        return ok(link_->set_qos(qos().value_or(Qos())));
      case 18:
        return pass_time(std::chrono::seconds(source_.octet()));
      default:
        return write(source_.below(kMostAtOnce));
    }
  }

  void request() {
    const ByteView data = source_.octets(source_.below(600));
    std::optional<std::size_t> capacity;
    if (source_.octet() % 2 == 0) capacity = source_.below(600);
    ok(link_->request(data, capacity, qos(), now_));
  }

  std::optional<Qos> qos() {
    if (source_.octet() % 4 != 0) return std::nullopt;
    Qos qos;
    for (auto& field : qos.sending.fields) field = source_.octet();
    const ByteView specific = source_.octets(source_.below(1100));
    qos.provider_specific.assign(specific.begin(), specific.end());
    return qos;
  }

  void decide() {
    const std::size_t verdict = source_.octet() % 4;
    if (verdict < 2) {
      const ByteView data = source_.octets(source_.below(600));
      return ok(link_->accept(data, qos()));
    }
    ok(link_->reject(verdict == 2 ? RejectReason::kRefused : RejectReason::kQueueFull, now_));
  }

  void send() {
    const bool end_of_message = source_.octet() % 4 != 0;
    const ByteView octets = source_.octets(source_.below(kMostAtOnce));
    const Link::Sent sent = link_->send(octets, end_of_message);
    ok(sent.result);
    FUZZ_CHECK(sent.bytes <= octets.size());
    if (sent.result.ok()) given_.add(octets.first(sent.bytes), provider_.limits, end_of_message);
  }

  void receive() {
    const ReceiveMode mode{.peek = source_.octet() % 4 == 0, .partial = source_.octet() % 4 == 0};
    Bytes buffer(source_.below(kMostAtOnce));
    const bool is_at_end = link_->connection().close_indication().has_value();
    const Received received = link_->receive(buffer, mode);
    ok(received.result);
    FUZZ_CHECK(received.bytes <= buffer.size());
    FUZZ_CHECK(!is_at_end || received.bytes == 0);
    // Success at the end is how a graceful one looks.
    if (!received.result.ok() || mode.peek || is_at_end) return;
    got_.add(ByteView(buffer).first(received.bytes), provider_.limits, received.end_of_message);
  }

  void send_disconnect() {
    std::optional<ByteView> data;
    if (source_.octet() % 4 != 0) data = source_.octets(source_.below(600));
    ok(link_->send_disconnect(data));
  }

  void receive_disconnect() {
    Bytes buffer(source_.below(600));
    std::optional<MutableByteView> room;
    if (source_.octet() % 4 != 0) room = buffer;
    const RecvDisconnected got = link_->recv_disconnect(room);
    ok(got.result);
    FUZZ_CHECK(got.bytes <= buffer.size());
    if (got.result.ok() && got.bytes != 0) {
      FUZZ_CHECK(std::ranges::equal(ByteView(buffer).first(got.bytes), heard_.disconnect_data()));
    }
    has_turned_off_ = has_turned_off_ || got.result.ok();
  }

  static void ok(CallResult result) {
    // The range of Winsock's error numbers.
    FUZZ_CHECK(result.ok() || (result.error() >= 10004 && result.error() <= 11999));
  }

  // ---- what the transport and the peer do

  void connect_transport() {
    const bool is_asked =
        role_ == Role::kAcceptor || link_->connection().state() == State::kRequesting;
    if (is_transport_connected_ || is_transport_lost_ || !is_asked) return;
    is_transport_connected_ = true;
    link_->on_transport_connected(now_);
  }

  /// As a shell does: only while the link wants octets.
  void peer_says(ByteView octets) {
    if (!is_transport_connected_ || is_transport_lost_ || has_peer_ended_) return;
    while (!octets.empty() && link_->wants_input()) {
      const ByteView piece = octets.first(std::min(octets.size(), 1 + source_.below(512)));
      octets = octets.subspan(piece.size());
      heard_.add(piece);
      link_->on_bytes(piece, now_);
      check();
    }
  }

  void peer_says_frame() {
    ByteQueue frame;
    const auto codec = provider_.make_codec(provider_.limits);
    const ByteView octets = source_.octets(source_.below(kMostAtOnce));
    switch (source_.octet() % 8) {
      case 0:
        codec->encode(RequestUnit{octets.first(std::min<std::size_t>(octets.size(), 16)), qos()},
                      frame);
        break;
      case 1:
        codec->encode(AcceptUnit{octets.first(std::min<std::size_t>(octets.size(), 16)), qos()},
                      frame);
        break;
      case 2:
        codec->encode(RejectUnit{static_cast<RejectReason>(1 + source_.octet() % 3)}, frame);
        break;
      case 3:
        codec->encode(DisconnectUnit{octets}, frame);
        break;
      case 5:
        if (!provider_.limits.qos) break;
        codec->encode(QosUnit{qos().value_or(Qos()), source_.octet()}, frame);
        break;
      case 4:
        for (std::size_t count = source_.below(2048); count > 0; --count) {
          codec->encode(DataUnit{{}, provider_.limits.message_boundaries}, frame);
        }
        break;
      default:
        codec->encode(
            DataUnit{octets, provider_.limits.message_boundaries && source_.octet() % 4 != 0},
            frame);
    }
    const Bytes said(frame.front().begin(), frame.front().end());
    peer_says(said);
  }

  void peer_ends() {
    if (!is_transport_connected_ || is_transport_lost_) return;
    has_peer_ended_ = true;
    link_->on_transport_end(now_);
  }

  void lose_transport() {
    is_transport_lost_ = true;
    if (source_.octet() % 2 == 0) {
      link_->on_transport_reset();
    } else {
      link_->on_transport_failure(10053);
    }
  }

  void pass_time(Duration duration) {
    now_ += duration;
    const auto deadline = link_->deadline();
    if (!deadline || *deadline > now_) return;
    link_->on_time(now_);
    // Whoever waits for deadlines would otherwise never sleep again.
    FUZZ_CHECK(!link_->deadline() || *link_->deadline() > now_);
  }

  void write(std::size_t most) {
    const ByteView output = link_->output();
    const ByteView written = output.first(std::min(most, output.size()));
    said_.add(written);
    // A frame that a peer would call malformed, or one out of order, never leaves.
    FUZZ_CHECK(said_.is_well_formed());
    FUZZ_CHECK(said_.is_in_order(role_));
    FUZZ_CHECK(given_.begins_with(said_.data()));
    link_->on_written(written.size());
    if (link_->transport_step() == TransportStep::kHalfClose) {
      FUZZ_CHECK(link_->output().empty());
      FUZZ_CHECK(!provider_.has_frames || said_.is_whole());
      link_->on_half_closed();
    }
  }

  // ---- what must hold

  void check() {
    const Connection& connection = link_->connection();
    FUZZ_CHECK(link_->output().size() <= kOutputLimit + kMostAtOnce + kMostOverhead);
    check_unread();
    if (connect_outcome_) FUZZ_CHECK(connection.connect_outcome() == connect_outcome_);
    connect_outcome_ = connection.connect_outcome();
    if (!is_let_go_) {
      const auto indication = connection.close_indication();
      if (close_indication_) FUZZ_CHECK(indication == close_indication_);  // EVT-23
      close_indication_ = indication;
      // An end is graceful only if the peer said so.
      if (indication == 0) FUZZ_CHECK(heard_.has_disconnect() || is_bare_tcp_end());
    }
    // What the program was given is what the peer sent, in order.
    FUZZ_CHECK(heard_.data_begins_with(got_));
    const TransportStep step = link_->transport_step();
    if (link_->malformed() != Malformed::kNone || is_transport_lost_) {
      FUZZ_CHECK(step == TransportStep::kAbort || step == TransportStep::kClose);
      FUZZ_CHECK(link_->output().empty() && !link_->wants_input() && !link_->deadline());
    }
    if (is_over_) FUZZ_CHECK(step == TransportStep::kAbort || step == TransportStep::kClose);
    is_over_ = step == TransportStep::kAbort || step == TransportStep::kClose;
  }

  bool is_bare_tcp_end() const { return !provider_.has_frames && has_peer_ended_; }

  /// What is kept for a program that does not read is bounded, whatever the peer sends.
  void check_unread() const {
    if (is_let_go_ || has_turned_off_ || !link_->wants_input()) return;
    if (!link_->connection().readable()) return;
    FUZZ_CHECK(heard_.data_size() - got_.size() <= kUnreadLimit);
  }

  /// The program lets go and the peer falls silent: the connection comes to its end by itself.
  void die() {
    link_->close(now_);
    is_let_go_ = true;
    for (int i = 0; i < 8; ++i) {
      while (!link_->output().empty()) write(SIZE_MAX);
      write(0);
      check();
      if (const auto deadline = link_->deadline()) pass_time(*deadline - std::min(*deadline, now_));
      check();
    }
    FUZZ_CHECK(!link_->deadline());
    const TransportStep step = link_->transport_step();
    FUZZ_CHECK(step == TransportStep::kAbort || step == TransportStep::kClose);
  }

  OctetSource& source_;
  const FuzzedProvider& provider_;
  const Role role_;
  TimePoint now_{0};
  std::unique_ptr<Link> link_;

  bool is_transport_connected_ = false;
  bool is_transport_lost_ = false;
  bool has_peer_ended_ = false;
  bool is_let_go_ = false;
  bool is_over_ = false;  ///< the transport was to be closed or reset
  std::optional<int> connect_outcome_;
  std::optional<int> close_indication_;

  Record said_;                  ///< what this end wrote
  Record heard_;                 ///< what its peer wrote
  Stretch given_;                ///< what the program sent
  Stretch got_;                  ///< what it received
  bool has_turned_off_ = false;  ///< receiving, or may have
};

}  // namespace
}  // namespace ws2

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ws2;
  OctetSource source({data, size});
  const FuzzedProvider& provider = kFuzzedProviders[source.octet() % kFuzzedProviders.size()];
  const Role role = source.octet() % 2 == 0 ? Role::kCaller : Role::kAcceptor;
  End(source, provider, role).live();
  return 0;
}
