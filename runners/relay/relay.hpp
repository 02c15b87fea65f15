// Sits between two actors: every connection that an actor makes through it is two TCP connections,
// octets, FIN and RST being passed on in both directions as what they are, as late and in such
// pieces as asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "runners/relay/capture.hpp"
#include "runners/relay/sighting.hpp"
#include "runners/relay/treatment.hpp"

namespace ws2conform::relay {

// The system gave the relay no socket.
class RelayError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Runs in a thread of its own, so that it never waits for the suite; its functions return when that
// thread has done what they ask for.
class Relay {
 public:
  // `capture`: where everything is recorded; null for no recording.
  explicit Relay(std::shared_ptr<CaptureFile> capture);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // A schedule begins: nothing is treated, random delays start from `seed`. Throws
  // std::runtime_error when the recording cannot be written.
  void begin(const Label& label, std::uint64_t seed);

  // Where `actor` must connect to reach `target`. That is `target` itself where nobody listens
  // there: only the target's own system can refuse as it would without the relay.
  std::string front(const std::string& actor, const std::string& target);

  // For the connections of `actor` that there are and those to come. Counts from what the sender
  // has written by now, as far as the system has passed it on.
  void treat(const std::string& actor, Direction direction, const Treatment& treatment);

  // Waits until a hold that is in force has kept something back, or `until`, or until there is no
  // connection left whose it could be. Whether it has.
  bool await_held(const std::string& actor, Direction direction, Clock::time_point until);

  // Ends a hold.
  void release(const std::string& actor, Direction direction);

  // The relay's own addresses stand for those of the other end: the address of a front for its
  // target, the address that the relay calls from for the caller's. Other addresses stand for
  // themselves.
  std::string stands_for(const std::string& address) const;

  // Number of connections, and the cuts and holds that never made a difference, as sentences.
  struct Outcome {
    std::size_t connections = 0;
    std::vector<std::string> unreached;
    // Each cut when it came, and each hold when it kept something back for the first time.
    struct Done {
      Clock::time_point at;
      std::string actor;
      Direction direction;
      std::string what;  // "cut after 8 octets: reset"
    };
    std::vector<Done> done;  // in the order of time
    std::vector<Sighting> seen;
  };

  // The schedule is over: what is still open is reset.
  Outcome end();

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace ws2conform::relay
