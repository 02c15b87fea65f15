// What the relay does to the octets of a direction besides passing them on.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ws2conform::relay {

using Clock = std::chrono::steady_clock;

enum class Direction : std::uint8_t { kToServer, kToClient };

// Where several hold at once, a cut counts the octets as the sender gave them; then they are
// coalesced, split, and delayed or held.
struct Treatment {
  enum class Kind : std::uint8_t {
    kSplit,     // pieces of at most `octets`, each written by itself, kBetweenPieces apart
    kCoalesce,  // kept until `octets` have come or the direction ends, then written at once
    kDelay,     // everything arrives between `least` and `most` later, in the order sent
    kHold,      // nothing arrives before release()
    kCut,       // after `octets` more the connection ends
  };
  // How a cut ends it: by a reset of both sides; by a FIN to the receiver, and what the sender
  // sends from then on is lost; or as a cable that is pulled: nothing gets through to either side
  // any more, and nothing that they send is acknowledged.
  enum class End : std::uint8_t { kReset, kFin, kSilence };
  Kind kind = Kind::kDelay;
  std::size_t octets = 0;
  std::chrono::microseconds least{0};
  std::chrono::microseconds most{0};
  End end = End::kReset;

  friend bool operator==(const Treatment&, const Treatment&) = default;
};

// Long enough that a receiver that is waiting is given the piece by itself.
constexpr std::chrono::microseconds kBetweenPieces{50};

}  // namespace ws2conform::relay
