#pragma once

#include <memory>
#include <optional>

#include "connection/connection.hpp"
#include "wire/codec.hpp"

namespace ws2 {

/// A connection together with its provider's codec: octets in and out instead of units. This is
/// what a shell with a real transport holds for each socket. Not thread-safe.
///
/// After any call the shell does three things, in this order and as far as the transport lets it:
/// writes output() and says how much with on_written(); does transport_step(); sees to deadline().
class Link final : private UnitSink {
 public:
  [[nodiscard]] static std::unique_ptr<Link> caller(const Limits& limits,
                                                    std::unique_ptr<Codec> codec);
  [[nodiscard]] static std::unique_ptr<Link> acceptor(const Limits& limits,
                                                      std::unique_ptr<Codec> codec, TimePoint now);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// For the queries; every input goes through the link.
  [[nodiscard]] const Connection& connection() const { return connection_; }

  // ---- calls, with the contracts of Connection
  // ---------------------------------------------------

  CallResult request(ByteView caller_data, std::optional<std::size_t> callee_capacity,
                     const std::optional<Qos>& qos, TimePoint now);
  CallResult accept(ByteView callee_data, const std::optional<Qos>& qos);
  CallResult reject(RejectReason reason, TimePoint now);

  struct [[nodiscard]] Sent {
    CallResult result;
    std::size_t bytes = 0;  ///< octets taken
  };
  /// Takes as much as there is room for, a message whole or not at all; WSAEWOULDBLOCK for none.
  Sent send(ByteView bytes, bool end_of_message = true);
  /// Likewise, but what is taken need not be copied: it is lent_output() until it is written or
  /// keep_lent() is called, up to which the octets must stay where they are.
  Sent lend(ByteView bytes, bool end_of_message = true);
  void keep_lent();
  Received receive(MutableByteView buffer, ReceiveMode mode = {});
  CallResult send_disconnect(std::optional<ByteView> data);
  RecvDisconnected recv_disconnect(std::optional<MutableByteView> buffer);
  CallResult shutdown(ShutdownHow how);
  /// WSAEWOULDBLOCK where the peer has not taken what was said to it before.
  CallResult set_qos(const Qos& qos);
  void note_qos_read() { connection_.note_qos_read(); }
  void close(TimePoint now);
  void abort();
  /// Something went wrong in the middle of another call, and the connection is in no state to go
  /// on: aborts it, WSAECONNABORTED for the application. Needs no memory.
  void give_up() { connection_.give_up(); }

  // ---- the transport
  // -----------------------------------------------------------------------------

  /// Caller: TCP is connected. Acceptor: to be told right after construction.
  void on_transport_connected(TimePoint now);
  /// Octets of the peer, however they were cut on the way. All are taken.
  void on_bytes(ByteView bytes, TimePoint now);
  /// How many of the peer's next octets are what receive() would give out at once into a buffer of
  /// `room` octets: they may be read into it directly. 0: all must pass through on_bytes().
  [[nodiscard]] std::size_t direct_input(std::size_t room) const;
  /// How many of them are data, whether or not they may be read directly. Behind those, and where
  /// awaits_head(), come the Codec::kHeadSize octets that stand before everything.
  [[nodiscard]] std::size_t body_rest() const { return codec_->body().rest; }
  [[nodiscard]] bool awaits_head() const { return codec_->is_between_units(); }
  void on_direct_input(std::size_t bytes) {
    codec_->skip_body(bytes);
    connection_.on_direct_data();
  }
  void on_transport_end(TimePoint now);
  void on_transport_reset();
  void on_transport_failure(int error);

  /// What is to be written; ends with the next call of a non-const function. Empty before the
  /// transport is connected and after it is lost.
  [[nodiscard]] ByteView output() const;
  /// What follows it.
  [[nodiscard]] ByteView lent_output() const;
  void on_written(std::size_t bytes);
  [[nodiscard]] TransportStep transport_step() const;
  void on_half_closed() { half_closed_ = true; }
  /// output() is all that is left to send, and kHalfClose follows it: both may share a segment.
  [[nodiscard]] bool ends_with_output() const {
    return after_output_ == TransportStep::kHalfClose && !half_closed_;
  }
  /// Reading the transport makes sense: false while the application leaves `unread_limit` octets
  /// unread, before a bare TCP connection is accepted, and once nothing more can come.
  [[nodiscard]] bool wants_input() const;

  [[nodiscard]] std::optional<TimePoint> deadline() const;
  void on_time(TimePoint now);

  // ---- flow control
  // ------------------------------------------------------------------------------

  static constexpr std::size_t kOutputLimit = 256 * 1024;
  void set_output_limit(std::size_t bytes) { output_limit_ = bytes; }
  void set_unread_limit(std::size_t bytes) { unread_limit_ = bytes; }
  /// A send would be taken, at least in part, or fail at once for good (FD_WRITE's condition).
  [[nodiscard]] bool writable() const;
  /// All octets were written, the own end included if there is one (what a lingering close waits
  /// for).
  [[nodiscard]] bool flushed() const;
  /// Why the peer's octets were given up, for diagnostics.
  [[nodiscard]] Malformed malformed() const { return malformed_; }

 private:
  Link(Connection connection, std::unique_ptr<Codec> codec);

  void put(const Unit& unit) override;
  void deliver(const Unit& unit, TimePoint now);
  void lose_transport();
  /// Nothing said here on can matter: the connection is lost, refused or over.
  [[nodiscard]] bool deaf() const;

  Connection connection_;
  std::unique_ptr<Codec> codec_;
  [[nodiscard]] bool may_write() const;
  [[nodiscard]] std::size_t pending_output() const { return output_.size() + lent_.size(); }

  ByteQueue output_;
  bool lends_ = false;
  ByteView lent_;  ///< behind output_
  std::size_t output_limit_ = kOutputLimit;
  std::size_t unread_limit_ = 256 * 1024;
  TransportStep after_output_ = TransportStep::kNone;
  bool transport_connected_ = false;
  bool transport_lost_ = false;
  bool input_ended_ = false;  ///< the peer's octets have ended
  bool half_closed_ = false;
  Malformed malformed_ = Malformed::kNone;
};

}  // namespace ws2
