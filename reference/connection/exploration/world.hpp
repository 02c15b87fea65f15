#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connection/connection.hpp"
#include "connection/event_record.hpp"
#include "connection/exploration/action.hpp"

namespace ws2 {

/// How much each application may do of what could go on for ever. Everything else is bounded by
/// itself: it ends something, or it changes nothing.
struct Bounds {
  unsigned caller_sends = 1;
  unsigned acceptor_sends = 1;
  unsigned qos_changes = 0;  ///< of each
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// A cell of the state table that an action went through.
using Cell = std::pair<State, Input>;

/// What came of an action.
struct Outcome {
  /// Of a call: 0 or the WSA error number.
  int error = 0;
  /// What a receive, a peek or a fetch of disconnect data gave.
  std::string octets;
  bool end_of_message = false;
  Violation violation = Violation::kNone;
  /// What WSAEnumNetworkEvents gives the acting end's application afterwards.
  NetworkEvents events;
  std::array<std::optional<Cell>, 2> cells;
};

/// Two ends of one connection and the two channels between them: two cores, a network-event record
/// with everything selected at each, and a transport that behaves like TCP under a wire::Link.
/// There is no clock: whatever has a deadline may time out, and what is on its way may take any
/// time. Small enough to be copied at every step.
///
/// The n-th octet that an end sends has the value n, so that what arrives shows where it belongs.
class World {
 public:
  World(const Limits& limits, const Bounds& bounds);

  /// All that can happen next.
  void enabled(std::vector<Action>& actions) const;
  /// `action` is one of those.
  Outcome apply(Action action);

  /// Equal octets, equal future.
  void write_state(StateWriter& out) const;

  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] const Connection& core(Side side) const { return at(side).core; }
  /// There is an acceptor once the transport has connected.
  [[nodiscard]] bool exists(Side side) const { return side == Side::kCaller || connected_; }
  /// The application has let go of the socket, or is gone with its process.
  [[nodiscard]] bool is_closed(Side side) const { return at(side).is_closed; }
  /// The transport of this end is closed: nothing more is sent or received.
  [[nodiscard]] bool is_gone(Side side) const { return at(side).is_gone; }
  /// Nothing more happens at this end, and nobody holds it.
  [[nodiscard]] bool is_over(Side side) const;
  [[nodiscard]] bool is_cut() const { return is_cut_; }
  [[nodiscard]] std::size_t on_its_way_to(Side side) const { return at(side).inbox.size(); }
  /// What WSAEnumNetworkEvents would give after selecting all events anew.
  [[nodiscard]] NetworkEvents events_if_selected(Side side) const;
  /// The core is passed what arrives at this end.
  [[nodiscard]] bool listens(Side side) const {
    return exists(side) && !is_gone(side) && takes_input(at(side));
  }
  /// A core wanted to say something after the end of its octets, which no transport can carry.
  [[nodiscard]] bool spoke_after_its_end() const { return spoke_after_its_end_; }

  /// The events that are selected.
  static constexpr int kEverything = fd::kRead | fd::kWrite | fd::kConnect | fd::kQos | fd::kClose;

  static constexpr char kCallerData = 'q';
  static constexpr char kCalleeData = 'a';
  /// What this end's WSASendDisconnect carries.
  static constexpr char disconnect_data(Side side) { return side == Side::kCaller ? 'C' : 'A'; }

 private:
  /// Something on its way: a unit, or what the transport says.
  struct Item {
    enum class Kind : unsigned char {
      kRequest,
      kAccept,
      kReject,
      kData,
      kDisconnect,
      kQos,
      kEnd,
      kReset,
    };
    Kind kind;
    bool end_of_message = false;
    std::uint32_t number = 0;  ///< reason of a reject, revision of a QOS
    std::string octets = {};
    std::optional<Qos> qos = {};

    void write_state(StateWriter& out) const;
  };
  struct End {
    explicit End(Connection connection)
        : core(std::move(connection)), record(core.limits().edition) {}
    Connection core;
    EventRecord record;
    std::vector<Item> inbox = {};
    unsigned sends_left = 0;
    unsigned qos_changes_left = 0;
    std::uint8_t sent = 0;  ///< octets, as far as their values go
    bool is_closed = false;
    bool has_ended = false;  ///< the end of its octets is on the way or past
    bool is_gone = false;
    bool input_ended = false;  ///< the end of the peer's octets has come
    bool may_fail = false;     ///< its transport was cut
  };
  class Sink;

  [[nodiscard]] End& at(Side side) { return side == Side::kCaller ? caller_ : acceptor_; }
  [[nodiscard]] const End& at(Side side) const {
    return side == Side::kCaller ? caller_ : acceptor_;
  }
  void enabled_calls(Side side, std::vector<Action>& actions) const;
  void enabled_happenings(Side side, std::vector<Action>& actions) const;
  [[nodiscard]] bool takes_input(const End& end) const;
  [[nodiscard]] bool can_time_out(Side side) const;
  /// The link would close the descriptor as soon as everything is written.
  [[nodiscard]] bool wants_to_finish(const End& end) const;

  void call(Side side, Act act, Outcome& outcome, Sink& sink);
  void happen(Side side, Act act, Outcome& outcome, Sink& sink);
  void arrive(Side side, const Item& item, Outcome& outcome, Sink& sink);
  void post(Side from, Item item);
  void end_octets(Side side);
  void leave(Side side);
  void reset(Side side);
  [[nodiscard]] Conditions conditions(const End& end) const;

  Limits limits_;
  End caller_;
  End acceptor_;
  bool connected_ = false;
  bool is_cut_ = false;
  bool spoke_after_its_end_ = false;
};

}  // namespace ws2
