// What the model says of the cases: what they forbid although it can happen, and what they allow
// although it cannot.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "conformance/model/exploration.hpp"

namespace ws2conform::model {

struct Finding {
  enum class Kind { kTooStrict, kTooLax };
  Kind kind = Kind::kTooStrict;
  std::string case_id;
  std::string step;  // empty for what is not of one step
  std::string message;
  std::vector<std::string> way;  // of kTooStrict: how it comes to that
  std::string file;
  int line = 0;
  std::string because;  // why it may stay; empty: it may not
};

std::string_view to_string(Finding::Kind kind);

// Everything explored of one case.
class CaseFindings {
 public:
  // `source` must outlive it.
  explicit CaseFindings(const Case& source) : source_(source) {}

  void add(const Instance& instance, Explored explored);

  // An alternative counts as never seen only where every instance was explored. The readings of an
  // ambiguous requirement are what implementations differ in, the model has but one of each.
  std::vector<Finding> findings() const;

 private:
  void add_lax(std::size_t step, const std::string& message, std::vector<Finding>& found) const;

  const Case& source_;
  bool complete_ = true;  // no instance was outside of the model
  bool any_ = false;
  std::vector<StepOutcomes> steps_;
  std::vector<Finding> strict_;
};

// A finding that may stay, and why.
struct Justification {
  std::string case_id;
  std::string step;
  Finding::Kind kind = Finding::Kind::kTooStrict;
  std::string because;
  SourcePlace place;
};

// A list of {case, step, finding, because}. Throws InputError.
std::vector<Justification> load_justifications(const std::filesystem::path& path);

// Gives findings their reasons; those that are about none, which are errors too.
std::vector<Justification> justify(const std::vector<Justification>& justifications,
                                   std::vector<Finding>& findings);

}  // namespace ws2conform::model
