// A series of walks, on several providers in turn; the same for the same seed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/schedule/schedule.hpp"
#include "conformance/walks/generator.hpp"

namespace ws2conform::walks {

class Series {
 public:
  // Providers with their limits, at least one.
  Series(const std::vector<std::pair<std::string, ws2::Limits>>& providers,
         const std::string& edition, std::uint64_t seed);

  struct Next {
    std::string id;  // "walk-SEED-NUMBER"
    std::string provider;
    std::optional<Generated> generated;  // nothing where none was found
  };
  Next next();

 private:
  std::uint64_t seed_;
  std::size_t made_ = 0;
  std::vector<std::string> providers_;
  std::vector<Generator> generators_;
};

// The schedules under which a walk is run: its steps in the order written, and a small sample.
std::vector<Schedule> schedules_of_a_walk(const Instance& instance, std::uint64_t seed);

}  // namespace ws2conform::walks
