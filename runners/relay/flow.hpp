// One direction of a connection on its way through the relay: what came, and what goes on when.
// Touches no socket and reads no clock.
#pragma once

#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "runners/relay/treatment.hpp"

namespace ws2conform::relay {

// What all connections of a schedule share in one direction: like one cable, it lets nothing
// overtake, whatever connection it belongs to. (A hold keeps back its own connections only.)
struct Cable {
  std::mt19937_64 random;
  Clock::time_point last_due{};
};

// One thing on its way to the receiver.
struct Item {
  enum class Kind : std::uint8_t { kOpen, kOctets, kFin, kReset };
  Kind kind = Kind::kOctets;
  std::string octets;
  Clock::time_point due{};
};

class Flow {
 public:
  // `cable` must outlive it.
  explicit Flow(Cable& cable) : cable_(cable) {}

  // What the sender did. After a cut its octets and its FIN are lost; a reset is not.
  void open(Clock::time_point now);
  void octets(Clock::time_point now, std::string_view octets);
  void fin(Clock::time_point now);
  void reset(Clock::time_point now);

  void treat(Clock::time_point now, const Treatment& treatment);
  void release() {
    released_for_nothing_ = held_ && !held_at_;
    held_ = false;
  }

  // What is next for the receiver, once its time has come; nothing while held. `took` says how many
  // of its octets the receiver has taken; a whole item goes with them.
  const Item* ready(Clock::time_point now) const;
  void took(std::size_t octets);

  // A reset does not wait for octets that the receiver has no room for: they are lost with it.
  bool reset_is_due(Clock::time_point now) const;
  void drop_to_reset();

  // When ready() may change its answer by itself; nothing where it will not.
  std::optional<Clock::time_point> next(Clock::time_point now) const;

  std::size_t queued() const { return queued_; }  // octets
  bool empty() const { return items_.empty() && gathered_.empty(); }

  // Of cut and hold: whether it ever made a difference.
  bool cut_reached() const { return cut_at_.has_value(); }
  bool hold_reached() const { return held_at_.has_value(); }
  // Nothing had come when the hold was released, and something did later: the sender was slower
  // than the hold was meant to make it.
  bool came_after_hold() const { return came_after_hold_; }
  // A cut that neither end is told of has been reached: what came before it is still passed on.
  bool is_silent() const { return cut_at_.has_value() && cut_by_ == Treatment::End::kSilence; }
  // And since when.
  std::optional<Clock::time_point> cut_at() const { return cut_at_; }
  std::optional<Clock::time_point> held_at() const { return held_at_; }

 private:
  void pass(Clock::time_point now, std::string_view octets);
  void flush(Clock::time_point now);
  void push(Clock::time_point now, Item::Kind kind, std::string octets);
  void check_cut(Clock::time_point now);

  Cable& cable_;
  std::deque<Item> items_;
  std::string gathered_;  // kept by coalesce
  std::size_t queued_ = 0;
  std::size_t split_ = 0;     // 0: no
  std::size_t coalesce_ = 0;  // 0: no
  std::chrono::microseconds least_{0};
  std::chrono::microseconds most_{0};
  std::optional<std::size_t> left_before_cut_;
  Treatment::End cut_by_ = Treatment::End::kReset;
  std::optional<Clock::time_point> cut_at_;
  bool held_ = false;
  std::optional<Clock::time_point> held_at_;
  bool released_for_nothing_ = false;
  bool came_after_hold_ = false;
  bool ended_ = false;  // a FIN or a reset is among what came
};

}  // namespace ws2conform::relay
