#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connection/event_record.hpp"
#include "connection/exploration/action.hpp"
#include "connection/exploration/circuit.hpp"

namespace ws2 {

/// How much each application may do of what could go on for ever. Everything else is bounded by
/// itself: it ends something, or it changes nothing.
struct Bounds {
  unsigned caller_sends = 1;
  unsigned acceptor_sends = 1;
  unsigned qos_changes = 0;  ///< of each
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

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

/// Two ends of one connection and the circuit between them, with a network-event record at each
/// that has everything selected. Whatever has a deadline may time out.
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

  [[nodiscard]] const Limits& limits() const { return circuit_.limits(); }
  [[nodiscard]] const Connection& core(Side side) const { return circuit_.core(side); }
  /// There is an acceptor once the transport has connected.
  [[nodiscard]] bool exists(Side side) const {
    return side == Side::kCaller || circuit_.is_connected();
  }
  /// The application has let go of the socket, or is gone with its process.
  [[nodiscard]] bool is_closed(Side side) const { return at(side).is_closed; }
  /// The transport of this end is closed: nothing more is sent or received.
  [[nodiscard]] bool is_gone(Side side) const { return circuit_.is_gone(side); }
  /// Nothing more happens at this end, and nobody holds it.
  [[nodiscard]] bool is_over(Side side) const;
  [[nodiscard]] bool is_cut() const { return circuit_.is_cut(); }
  [[nodiscard]] std::size_t on_its_way_to(Side side) const { return circuit_.on_its_way_to(side); }
  /// What WSAEnumNetworkEvents would give after selecting all events anew.
  [[nodiscard]] NetworkEvents events_if_selected(Side side) const;
  /// The core is passed what arrives at this end.
  [[nodiscard]] bool listens(Side side) const {
    return exists(side) && !is_gone(side) && circuit_.takes_input(side);
  }
  /// A core wanted to say something after the end of its octets, which no transport can carry.
  [[nodiscard]] bool spoke_after_its_end() const { return circuit_.spoke_after_its_end(); }

  /// The events that are selected.
  static constexpr int kEverything = fd::kRead | fd::kWrite | fd::kConnect | fd::kQos | fd::kClose;

  static constexpr char kCallerData = 'q';
  static constexpr char kCalleeData = 'a';
  /// What this end's WSASendDisconnect carries.
  static constexpr char disconnect_data(Side side) { return side == Side::kCaller ? 'C' : 'A'; }

 private:
  struct End {
    explicit End(const Edition& edition) : record(edition) {}
    EventRecord record;
    unsigned sends_left = 0;
    unsigned qos_changes_left = 0;
    std::uint8_t sent = 0;  ///< octets, as far as their values go
    bool is_closed = false;
  };

  [[nodiscard]] End& at(Side side) { return side == Side::kCaller ? caller_ : acceptor_; }
  [[nodiscard]] const End& at(Side side) const {
    return side == Side::kCaller ? caller_ : acceptor_;
  }
  void enabled_calls(Side side, std::vector<Action>& actions) const;
  void enabled_happenings(Side side, std::vector<Action>& actions) const;

  void call(Side side, Act act, Outcome& outcome);
  void happen(Side side, Act act, Outcome& outcome);
  [[nodiscard]] Conditions conditions(Side side) const;

  Circuit circuit_;
  End caller_;
  End acceptor_;
};

}  // namespace ws2
