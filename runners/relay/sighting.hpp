// What the relay saw of the connections of a schedule, and when.
#pragma once

#include <string>
#include <vector>

#include "runners/relay/treatment.hpp"

namespace ws2conform::relay {

struct Sighting {
  Clock::time_point at;
  std::string actor;  // whose connection
  Direction direction = Direction::kToServer;
  bool arrived = false;  // the relay has passed it on; else it came to the relay
  std::string what;      // "8 octets", "FIN", "RST"
};

// The first of a schedule: who sends an octet at a time would fill the history.
class Sightings {
 public:
  static constexpr std::size_t kMost = 100;

  void add(Sighting sighting) {
    if (all_.size() < kMost) all_.push_back(std::move(sighting));
  }
  const std::vector<Sighting>& all() const { return all_; }  // in the order of time
  void clear() { all_.clear(); }

 private:
  std::vector<Sighting> all_;
};

}  // namespace ws2conform::relay
