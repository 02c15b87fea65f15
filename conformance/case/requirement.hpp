// Requirements: the testable statements of the specification, as data.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ws2conform {

// Where an expectation comes from. Only kDocumented can make an implementation non-conformant.
enum class Provenance { kDocumented, kWindows, kReferenceChoice };
std::string_view to_string(Provenance provenance);

enum class Level { kMust, kShould, kMay };
std::string_view to_string(Level level);

// What became of a requirement. What is tested follows from the cases and is not written down.
enum class State {
  kOpen,           // no state is written: cases test it, or have yet to
  kExcluded,       // on purpose, for a reason
  kUntestable,     // nothing outside can show it
  kSilent,         // the text says nothing: readings
  kContradictory,  // the text says two things: readings
};
std::string_view to_string(State state);

struct Requirement {
  std::string id;         // "SEED-A16"
  std::string statement;  // in the project's own words
  Level level = Level::kMust;
  std::string source;  // document and section
  Provenance provenance = Provenance::kDocumented;
  std::vector<std::string> needs;  // capabilities of the providers it is about
  std::vector<std::string> lacks;  // capabilities that those do not have
  State state = State::kOpen;
  std::string reason;                           // of kExcluded and kUntestable
  std::map<std::string, std::string> readings;  // of kSilent and kContradictory: word, meaning
  std::string suite;                            // what the suite does about the readings
  std::vector<std::string> wording;             // fingerprints of the sentences it is taken from
  std::string file;                             // where it is written
  int line = 0;
};

using Requirements = std::map<std::string, Requirement>;  // by ID

// Whether the ledger says that nothing can or shall test it.
inline bool is_left_out(const Requirement& requirement) {
  return requirement.state == State::kExcluded || requirement.state == State::kUntestable;
}

}  // namespace ws2conform
