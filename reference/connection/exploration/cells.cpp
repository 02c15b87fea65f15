#include "connection/exploration/cells.hpp"

#include <array>
#include <string>

namespace ws2 {
namespace {

using enum State;
using enum Input;

constexpr CellClaim never(std::string_view reason) {
  return {Reach::kNever, reason};
}

constexpr std::string_view kReasons[] = {
    "nothing is connected before the request",
    "only a request that was offered is decided on",
    "there is no socket before the accept",
    "the handle is gone",
    "nothing is read any more for a connection that is lost or over",
    "a one-shot disconnect ends both directions at once",
    "nothing is limited in time",
};

bool is_unit(Input input) {
  return input >= kPeerRequest && input <= kPeerRelease;
}

CellClaim claim_of_call(State state, Input input) {
  if (input == kAccept || input == kReject) {
    return state == kOffered || state == kRefused ? CellClaim{} : never(kReasons[1]);
  }
  if (input == kAbort) return {};
  // A request that came to nothing is let go of by its listener, also when its time was over
  // before.
  if (input == kClose) return state == kClosing ? never(kReasons[3]) : CellClaim{};
  if (state == kAwaitingRequest || state == kOffered) return never(kReasons[2]);
  return state == kClosing || state == kClosed ? never(kReasons[3]) : CellClaim{};
}

std::string mark_of(const CellClaim& made) {
  if (made.reach == Reach::kTwoEnds) return "";
  if (made.reach == Reach::kHostilePeer) return " †";
  for (std::size_t i = 0; i < std::size(kReasons); ++i) {
    if (made.reason == kReasons[i]) return " (" + std::to_string(i + 1) + ")";
  }
  return " ?";
}

}  // namespace

std::string outcome_of(State state, Input input) {
  const Transition& entry = transition(state, input);
  switch (entry.allowed) {
    case Allowed::kYes:
      return entry.next == state ? "stays" : "→ " + std::string(to_string(entry.next));
    case Allowed::kIgnored:
      return "ignored";
    case Allowed::kError:
      return "fails: " + std::to_string(entry.error);
    case Allowed::kFailure:
      return "fails as lost";
    case Allowed::kViolation:
      return "violation";
  }
  return {};
}

CellClaim claim(State state, Input input) {
  if (input <= kAbort) return claim_of_call(state, input);
  if (state == kIdle) return never(kReasons[0]);
  if (state == kAborted || (state == kClosed && is_unit(input))) return never(kReasons[4]);
  if (state == kRemoteEnded && input == kPeerRelease) return never(kReasons[5]);
  const bool is_open =
      state == kEstablished || state == kLocalEnded || state == kRemoteEnded || state == kBothEnded;
  if (input == kTimeOut) return is_open ? never(kReasons[6]) : CellClaim{};
  const bool is_rude = transition(state, input).allowed == Allowed::kViolation ||
                       (state == kRefused && is_unit(input)) ||
                       (state == kAwaitingRequest && input == kTransportEnd);
  return is_rude ? CellClaim{Reach::kHostilePeer, {}} : CellClaim{};
}

std::string cell_table() {
  std::string text = "| |";
  for (std::size_t s = 0; s < kStateCount; ++s)
    text += " " + std::string(to_string(static_cast<State>(s))) + " |";
  text += "\n|---|";
  for (std::size_t s = 0; s < kStateCount; ++s) text += "---|";
  text += "\n";
  for (std::size_t i = 0; i < kInputCount; ++i) {
    const auto input = static_cast<Input>(i);
    text += "| **" + std::string(to_string(input)) + "** |";
    for (std::size_t s = 0; s < kStateCount; ++s) {
      const auto state = static_cast<State>(s);
      text += " " + outcome_of(state, input) + mark_of(claim(state, input)) + " |";
    }
    text += "\n";
  }
  text += "\n";
  for (std::size_t i = 0; i < std::size(kReasons); ++i)
    text += std::to_string(i + 1) + ". " + std::string(kReasons[i]) + "\n";
  return text;
}

}  // namespace ws2
