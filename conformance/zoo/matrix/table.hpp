// The table of faults as the faulty adapter itself tells it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case/instance.hpp"
#include "runners/host/iut.hpp"

namespace ws2conform::zoo {

struct FaultEntry {
  std::string name;
  std::string description;
  std::vector<std::string> requirements;  // IDs that it violates
  // Operations of a case, or "provider=NAME", without which it cannot be reached; empty: any case
  // may reach it.
  std::vector<std::string> operations;
  std::vector<std::string> symptoms;  // patterns of the checks that are red for the right reason
  std::vector<std::string> cases;     // that must go red

  bool is_null() const { return name == "none"; }
  bool is_total() const { return name == "breaks-everything"; }
  bool names(const std::string& case_id) const;
  bool may_be_reached_by(const Instance& instance) const;
  // `check`: "OPERATION ASPECT", or an invariant's ID.
  bool explains(const std::string& check) const;
  // Symptoms that do not name their operation or invariant in full: whatever went red, they could
  // be meant.
  std::vector<std::string> vague_symptoms() const;
};

// Throws std::runtime_error where `program` is not there or does not answer.
std::vector<FaultEntry> read_table(const std::filesystem::path& program);

// The reference's adapter, with the program in its place and the fault in it.
host::Iut with_fault(const host::Iut& reference, const std::filesystem::path& program,
                     const FaultEntry& fault);

}  // namespace ws2conform::zoo
