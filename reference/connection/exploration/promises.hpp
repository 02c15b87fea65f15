#pragma once

#include <array>
#include <optional>
#include <string>

#include "connection/exploration/world.hpp"

namespace ws2 {

/// What two applications have done and seen, and the promises of the specification that must hold
/// whatever they do and whatever happens on the way.
class Promises {
 public:
  /// To be told of every action, with the world before and after it. The promise that is broken, or
  /// nothing.
  [[nodiscard]] std::optional<std::string> check(const World& before, Action action,
                                                 const Outcome& outcome, const World& after);
  /// What somebody in `world` waits for although it cannot come. `comes_by_itself`: something that
  /// no application does may happen next.
  [[nodiscard]] static std::optional<std::string> waits_in_vain(const World& world,
                                                                bool comes_by_itself);

  /// What later checks in `world` depend on.
  void write_state(const World& world, StateWriter& out) const;

  /// Something abortive has happened: an abort, a time-out, a cut, a withdrawn request ...
  [[nodiscard]] bool disturbed() const { return disturbed_; }

 private:
  struct Account {
    std::uint8_t sent = 0;      ///< octets
    Bytes message_ends = {};    ///< of `sent`, after each message that was finished
    std::uint8_t received = 0;  ///< octets
    std::uint8_t messages = 0;  ///< finished messages among them
    bool ended = false;         ///< gracefully, while connected
    bool has_disconnect_data = false;
    bool receive_off = false;
    bool saw_end = false;  ///< a receive told of the graceful end
    bool was_told_of_close = false;
    bool was_told_of_connect = false;
    std::optional<int> outcome = {};
    std::optional<int> indication = {};
  };
  using Broken = std::optional<std::string>;

  [[nodiscard]] Account& at(Side side) { return accounts_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const Account& at(Side side) const {
    return accounts_[static_cast<std::size_t>(side)];
  }
  void note(const World& before, Action action, const Outcome& outcome, const World& after);
  [[nodiscard]] bool disturbs(const World& before, Action action, const World& after) const;
  [[nodiscard]] Broken check_call(const World& before, Action action, const Outcome& outcome,
                                  const World& after);
  [[nodiscard]] Broken check_receive(Side side, Act act, const Outcome& outcome,
                                     const World& after);
  [[nodiscard]] Broken check_data(Side side, bool is_peek, const Outcome& outcome,
                                  const Limits& limits);
  [[nodiscard]] Broken check_fetch(Side side, const Outcome& outcome, const World& after) const;
  [[nodiscard]] Broken check_set_up(const World& after);
  [[nodiscard]] Broken check_end(Side side, const World& after);
  [[nodiscard]] Broken check_events(Side side, const Outcome& outcome, const World& after);
  [[nodiscard]] Broken check_agreement(const World& after) const;

  std::array<Account, 2> accounts_;
  bool was_accepted_ = false;
  bool was_accepted_with_data_ = false;
  bool was_rejected_ = false;
  bool wanted_no_answer_ = false;  ///< the caller had no room for callee data
  bool disturbed_ = false;
};

}  // namespace ws2
