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

// The walks that every fault is searched with.
struct Walks {
  std::size_t budget = 0;  // how many there were to be
  std::string edition;
  std::uint64_t digest = 0;  // of all of them
};

// For people and programs.
std::string row_text(const Searched& row);
std::string figure(const std::vector<Searched>& rows, const Walks& walks);
nlohmann::json search_json(const std::vector<Searched>& rows, const Walks& walks);

// The rows of an earlier search with the same walks, for those of the faults that it has: what was
// cut off can go on. Nothing where the walks were others, or in another form.
std::vector<Searched> rows_of_search(const nlohmann::json& json, const Walks& walks,
                                     const std::vector<FaultEntry>& faults);

}  // namespace ws2conform::zoo
