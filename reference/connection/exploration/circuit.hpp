#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connection/connection.hpp"
#include "connection/exploration/side.hpp"

namespace ws2 {

/// Whatever is on its way may take any time: no clock is needed.
inline constexpr TimePoint kNow{0};

inline std::string text_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

/// A cell of the state table that something went through.
using Cell = std::pair<State, Input>;

/// What an arrival did to a core.
struct Passage {
  Violation violation = Violation::kNone;
  std::array<std::optional<Cell>, 2> cells;
};

/// Two cores and the two channels between them, over a transport that behaves like TCP under a
/// wire::Link. There is no clock: what is on its way may take any time. Small enough to be copied
/// at every step.
///
/// Calls are made on core() with a Sink of that side; settle() must follow whatever was done.
class Circuit {
 public:
  /// Turns what a core says into what is on its way, as the codecs do.
  class Sink final : public UnitSink {
   public:
    Sink(Circuit& circuit, Side side) : circuit_(circuit), side_(side) {}
    void put(const Unit& unit) override;

   private:
    Circuit& circuit_;
    Side side_;
  };

  explicit Circuit(const Limits& limits);

  [[nodiscard]] Connection& core(Side side) { return at(side).core; }
  [[nodiscard]] const Connection& core(Side side) const { return at(side).core; }
  [[nodiscard]] const Limits& limits() const { return limits_; }

  /// Carries out the resets that the cores want.
  void settle();

  /// The transport connects: from now on there is an acceptor.
  Passage connect();
  [[nodiscard]] bool is_connected() const { return connected_; }

  /// The next thing on its way to this end arrives.
  [[nodiscard]] bool can_deliver(Side side) const;
  Passage deliver(Side side);
  /// The reset on its way to this end arrives, and nothing before it.
  [[nodiscard]] bool can_overtake(Side side) const;
  void overtake(Side side);
  /// All has been written, and the transport's descriptor is to be closed.
  [[nodiscard]] bool can_finish(Side side) const;
  void finish(Side side);
  /// The process of this end is gone, and the system ends its octets.
  void vanish(Side side);
  /// This end's transport fails, or is not to be had.
  void fail(Side side, int error);
  /// From now on nothing arrives anywhere.
  void cut();
  [[nodiscard]] bool is_cut() const { return is_cut_; }
  /// Its transport was cut, and it has not been told.
  [[nodiscard]] bool may_fail(Side side) const { return at(side).may_fail; }
  [[nodiscard]] bool can_time_out(Side side) const;

  /// The transport of this end is closed: nothing more is sent or received.
  [[nodiscard]] bool is_gone(Side side) const { return at(side).is_gone; }
  /// The core is passed what arrives at this end.
  [[nodiscard]] bool takes_input(Side side) const;
  [[nodiscard]] std::size_t on_its_way_to(Side side) const { return at(side).inbox.size(); }
  /// A core wanted to say something after the end of its octets, which no transport can carry.
  [[nodiscard]] bool spoke_after_its_end() const { return spoke_after_its_end_; }

  /// Equal octets, equal future.
  void write_state(StateWriter& out) const;
  void write_state(Side side, StateWriter& out) const;

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
    explicit End(Connection connection) : core(std::move(connection)) {}
    Connection core;
    std::vector<Item> inbox = {};
    bool has_ended = false;  ///< the end of its octets is on the way or past
    bool is_gone = false;
    bool input_ended = false;  ///< the end of the peer's octets has come
    bool may_fail = false;
  };

  [[nodiscard]] End& at(Side side) { return side == Side::kCaller ? caller_ : acceptor_; }
  [[nodiscard]] const End& at(Side side) const {
    return side == Side::kCaller ? caller_ : acceptor_;
  }
  Passage arrive(Side side, const Item& item);
  void post(Side from, Item item);
  void end_octets(Side side);
  void leave(Side side);
  void reset(Side side);

  Limits limits_;
  End caller_;
  End acceptor_;
  bool connected_ = false;
  bool is_cut_ = false;
  bool spoke_after_its_end_ = false;
};

}  // namespace ws2
