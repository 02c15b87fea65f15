// Every schedule of one case against the model, with every order of what is on its way.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/model/player.hpp"

namespace ws2conform::model {

// What a step was seen to come to, over all that was explored.
struct StepOutcomes {
  std::map<std::string, std::uint64_t> observed;  // texts as of a StepRecord, with how often
  bool as_written = false;                        // the main expectation was met
  std::set<std::size_t> alternatives;             // by index, those that were seen
  std::set<std::string> readings;
};

// The model does what the case does not allow.
struct Disallowed {
  std::string step;   // empty for what is not of one step
  std::string check;  // as of a Violation; "hang" where somebody waits in vain
  std::string message;
  std::vector<std::string> way;  // the moves that led there
};

struct Explored {
  std::size_t states = 0;
  bool sampled = false;  // the bound was hit: random schedules were played besides
  std::string outside;   // why the case is not in the model; empty where it is
  std::vector<StepOutcomes> steps;
  std::vector<Disallowed> disallowed;  // the first of each step and check
};

struct ExplorationBounds {
  std::size_t states = 20'000;
  std::size_t samples = 300;  // random schedules, where there are more states
  std::uint64_t seed = 1;
};

Explored explore(const Instance& instance, const std::string& edition, const ws2::Limits& limits,
                 const ExplorationBounds& bounds);

// For people.
std::string to_string(const Move& move, const Instance& instance);

}  // namespace ws2conform::model
