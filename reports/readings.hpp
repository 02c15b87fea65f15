// Which readings an implementation chose where the specification is ambiguous.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// A case in which a reading was seen, on the providers that showed it there.
struct ReadingPlace {
  std::string case_id;
  std::vector<std::string> providers;  // each once, as they come; empty without such an axis
};

struct ReadingSeen {
  std::string name;
  std::string meaning;        // from the ledger; empty where it does not know the name
  std::size_t schedules = 0;  // that showed it
  std::vector<ReadingPlace> places;
};

// Never a verdict: each of the readings is allowed.
struct ReadingsOfRequirement {
  std::string requirement;
  std::string question;             // its statement; empty where the ledger does not know it
  std::vector<ReadingSeen> seen;    // as they come
  std::vector<std::string> unseen;  // the ledger's other readings
};

// Those of the requirements of which this run saw a reading, by ID.
std::vector<ReadingsOfRequirement> readings(const RunResult& run);

// Of all places, each once, as they come.
std::vector<std::string> providers(const ReadingSeen& seen);

// A line for each requirement, "ACC-08  kept (stream, tcp)", below a heading. Empty for none.
std::string readings_text(const RunResult& run);

}  // namespace ws2conform::reports
