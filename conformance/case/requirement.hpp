// Requirements: the testable statements of the specification, as data.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ws2conform {

// Where an expectation comes from. Only kDocumented can make an implementation non-conformant.
enum class Provenance { kDocumented, kWindows, kReferenceChoice };
std::string_view to_string(Provenance provenance);

enum class Level { kMust, kShould, kMay };
std::string_view to_string(Level level);

struct Requirement {
  std::string id;         // "SEED-A16"
  std::string statement;  // in the project's own words
  Level level = Level::kMust;
  std::string source;  // document and section
  Provenance provenance = Provenance::kDocumented;
  std::string file;  // where it is written
  int line = 0;
};

using Requirements = std::map<std::string, Requirement>;  // by ID

}  // namespace ws2conform
