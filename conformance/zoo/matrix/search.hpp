// Random walks on one fault: whether they find it, nobody telling them where to look.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/zoo/matrix/exposure.hpp"

namespace ws2conform::zoo {

// One walk, as it is run.
struct Trial {
  Instance instance;
  std::vector<Schedule> schedules;
};

struct Searched {
  FaultEntry fault;
  bool reached = false;  // by any of the walks
  // The first walk that fails where the fault is reached, and fails so again; the rest is of that.
  std::optional<std::size_t> found;
  std::string id;
  std::string check;
  std::string message;
};

// Uses the calling thread's adapters only.
Searched search(const FaultEntry& fault, const host::Iut& iut, const std::vector<Trial>& trials,
                const ExposureSettings& settings);

// For people and programs. `walks`: how many there were to be.
std::string row_text(const Searched& row);
std::string figure(const std::vector<Searched>& rows, std::size_t walks);
nlohmann::json search_json(const std::vector<Searched>& rows, std::size_t walks);

}  // namespace ws2conform::zoo
