#pragma once

#include <deque>
#include <string>
#include <variant>

#include "connection/connection.hpp"
#include "connection/tests/recorded_unit.hpp"

namespace ws2 {

enum class Side { kCaller, kAcceptor };

inline constexpr Side kClient = Side::kCaller;
inline constexpr Side kServer = Side::kAcceptor;

inline Side other(Side side) {
  return side == Side::kCaller ? Side::kAcceptor : Side::kCaller;
}

/// Two connection cores and the channels between them, on virtual time: a world small enough to be
/// copied, so that a test can try every continuation of it.
class Pair {
 public:
  explicit Pair(const Limits& limits = kStreamLimits, Duration latency = std::chrono::seconds(1));

  [[nodiscard]] Connection& at(Side side) { return end(side).connection; }
  [[nodiscard]] Connection& caller() { return at(Side::kCaller); }
  [[nodiscard]] Connection& acceptor() { return at(Side::kAcceptor); }
  [[nodiscard]] TimePoint now() const { return now_; }

  // Calls, with what they give rise to on its way afterwards.
  CallResult request(std::string_view caller_data = {},
                     std::optional<std::size_t> callee_capacity = 512,
                     const std::optional<Qos>& qos = {});
  CallResult accept(std::string_view callee_data = {}, const std::optional<Qos>& qos = {});
  CallResult reject(RejectReason reason = RejectReason::kRefused);
  CallResult send(Side side, std::string_view text, bool end_of_message = true);
  CallResult send_disconnect(Side side, std::optional<std::string_view> data = {});
  CallResult shutdown(Side side, ShutdownHow how);
  CallResult set_qos(Side side, const Qos& qos);
  void close(Side side);
  void abort(Side side);
  /// The process at this end is gone: its octets end, whatever the core would have said.
  void vanish(Side side);

  struct Read {
    int error;
    std::string text;
    friend bool operator==(const Read&, const Read&) = default;
  };
  Read receive(Side side, std::size_t size = 512, ReceiveMode mode = {});
  /// Without a size the buffer argument is NULL.
  Read recv_disconnect(Side side, std::optional<std::size_t> size = 512);

  // Time and the way between.
  [[nodiscard]] bool in_flight_to(Side side) const { return !end(side).inbox.empty(); }
  /// Whether either end found the other breaking the protocol in what was delivered.
  [[nodiscard]] bool violated() const { return violated_; }
  /// Delivers the next thing on its way to that end, however late it would be.
  void deliver_to(Side side);
  /// Delivers and lets timers run out, in order of time, until nothing is on its way any more.
  /// Timers that are due later than the last delivery do not run out.
  void settle();
  /// Lets time pass: what is due within it happens.
  void advance(Duration duration);
  /// A request on its way, arrived and accepted.
  void establish(std::string_view caller_data = {}, std::string_view callee_data = {});

 private:
  struct TransportEnd {};
  struct TransportReset {};
  struct OnItsWay {
    TimePoint due;
    std::variant<RecordedUnit, TransportEnd, TransportReset> what;
  };
  struct End {
    Connection connection;
    std::deque<OnItsWay> inbox;
    bool ended = false;  ///< the transport's end is on its way or past
    bool reset = false;  ///< likewise its reset
  };

  [[nodiscard]] End& end(Side side) { return side == Side::kCaller ? caller_ : acceptor_; }
  [[nodiscard]] const End& end(Side side) const {
    return side == Side::kCaller ? caller_ : acceptor_;
  }
  void forward(Side from, RecordingSink& sink);
  [[nodiscard]] std::optional<TimePoint> next_delivery() const;
  bool run_next(TimePoint until);

  Duration latency_;
  TimePoint now_{0};
  bool violated_ = false;
  End caller_;
  End acceptor_;
};

/// A pair whose request was accepted, nothing on its way any more.
inline Pair connected(const Limits& limits = kStreamLimits) {
  Pair pair(limits);
  pair.establish();
  return pair;
}

}  // namespace ws2
