// Cases run on one fault.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/execution/walk.hpp"
#include "conformance/zoo/matrix/table.hpp"

namespace ws2conform::zoo {

enum class Outcome {
  kNotReached,   // the case passes, and the fault made no difference
  kPassed,       // the fault was reached, and the case passes all the same
  kKilled,       // reached, and a check that the fault names is red
  kWrongReason,  // red, but unreached, or at a check that the fault does not name
};

std::string_view to_string(Outcome outcome);

// What one case made of one fault.
struct Cell {
  std::string case_id;
  Outcome outcome = Outcome::kNotReached;
  bool reached = false;
  std::string instance;  // that was red; else the last that ran
  std::string check;     // that was red: "OPERATION ASPECT", or an invariant's ID
  std::string message;
  std::string replay_id;
  bool takes_time = false;  // it was red in haste, and not otherwise
};

struct ExposureSettings {
  std::string edition = "documented";
  std::uint64_t seed = 1;
  std::size_t schedules = 1;         // of an instance
  std::size_t instances = 2;         // of a case that the fault does not name
  std::size_t named_instances = 24;  // and of one that it does
  std::size_t named_schedules = 4;
  Patience patience;   // of a run
  Patience certainty;  // of the run again that shows that a red was no accident
};

// One case with its instances that apply.
struct Subject {
  const Case* source;
  std::vector<Instance> instances;
  // Something in it takes longer than the suite's haste allows, whatever it runs on: it is run with
  // the usual patience alone.
  bool takes_time = false;
};

// Every case that may reach the fault, until it is red for the right reason. Uses the calling
// thread's adapters only.
std::vector<Cell> expose(const FaultEntry& fault, const host::Iut& iut,
                         const std::vector<Subject>& subjects, const ExposureSettings& settings);

}  // namespace ws2conform::zoo
