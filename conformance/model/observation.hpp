// What the calls of a case come to when they are made one after the other, as far as that does not
// depend on when things arrive.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/model/player.hpp"

namespace ws2conform::model {

// The schedule in which each step begins, and ends if it can, before what is written after it.
Schedule in_order(const std::vector<Step>& steps);

struct Observation {
  // By step, as replies; of the steps before the first doubtful one only.
  std::vector<nlohmann::json> outcomes;
  // The first step whose outcome depends on when things arrive, that may not return, or that is not
  // in the model.
  std::optional<std::size_t> doubtful;
  // What the opening calls addresses: address -> name.
  std::map<std::string, std::string> addresses;
  // One of the states that everything may be in afterwards, with all delivered; absent where a step
  // is doubtful.
  std::optional<Net> net;
};

// Expectations of the instance's own steps count for nothing. Its arguments may name only what its
// opening gives values to. Throws Outside where the opening is not in the model, and InputError.
Observation observe(const Instance& instance, const std::string& edition,
                    const ws2::Limits& limits);

}  // namespace ws2conform::model
