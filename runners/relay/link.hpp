// One relayed connection: two sockets and the two flows between them.
#pragma once

#include <poll.h>

#include <array>
#include <string>
#include <vector>

#include "runners/relay/capture.hpp"
#include "runners/relay/flow.hpp"
#include "runners/relay/sighting.hpp"

namespace ws2conform::relay {

// Both directions' cables of a schedule.
struct Cables {
  Cable to_server;
  Cable to_client;
};

class Link {
 public:
  // Takes the ownership of `client`, a connected nonblocking socket, and of `calling`, a bound one
  // to call `target` from. `seen` must outlive it.
  Link(std::string actor, int client, int calling, const Address& target, Cables& cables,
       Capture* capture, Sightings& seen);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Calls, as soon as what is treated from the beginning lets it.
  void begin(Clock::time_point now, const std::vector<std::pair<Direction, Treatment>>& treated);

  const std::string& actor() const { return actor_; }
  Flow& flow(Direction direction) {
    return direction == Direction::kToServer ? client_.out : server_.out;
  }

  // From now on, for what the sender writes after what it has written by now.
  void treat(Clock::time_point now, Direction direction, const Treatment& treatment);

  // Adds what is to be polled. polled() is then given the entries from the same place.
  void poll_for(std::vector<pollfd>& list) const;
  void polled(const pollfd* entries, Clock::time_point now);

  // Passes on whatever can be passed on now.
  void move(Clock::time_point now);

  // Takes everything that the ends have sent so far.
  void drain(Clock::time_point now);

  std::optional<Clock::time_point> next(Clock::time_point now) const;
  bool over() const { return over_; }

 private:
  // One end: the actor's, as the relay sees it.
  struct End {
    explicit End(Cable& cable, Capture::Stream seen) : out(cable), stream(seen) {}
    int socket = -1;
    Flow out;                // what this end sent, on its way to the other
    Capture::Stream stream;  // between this end and the relay
    bool called = false;     // the relay is the caller in `stream`
    bool finished = false;   // it has sent its FIN
    bool dead = false;       // it has sent a reset
    bool told_fin = false;   // it has been sent a FIN
    bool full = false;       // it has no room for more
  };

  static constexpr std::size_t kMostQueued = 64 * 1024;  // octets; then the sender waits

  void came(const End& from, std::string what);
  void arrived(const End& to, std::string what);
  ssize_t take(End& end, Clock::time_point now);
  void read(End& end, Clock::time_point now, std::size_t most_queued);
  void notice_reset(End& end, Clock::time_point now);
  void forward(End& from, End& to, Clock::time_point now);
  bool write(End& from, End& to, const Item& item);
  void call();
  void finish_call();
  void abort();
  void note_silence();
  short wanted(const End& end) const;

  std::string actor_;
  Sightings& seen_;
  Address target_;
  End client_;
  End server_;
  enum class Calling { kNotYet, kPending, kDone } calling_ = Calling::kNotYet;
  bool over_ = false;
  bool silent_ = false;  // cut so that neither end is told: nothing is read any more
};

}  // namespace ws2conform::relay
