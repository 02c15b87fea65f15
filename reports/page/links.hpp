// The names by which parts of the page are linked to.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

std::string case_anchor(const std::string& case_id);    // "case-ID"
std::string requirement_anchor(const std::string& id);  // "req-ID"
std::string area_anchor(const std::string& area);       // "area-NAME", of the ledger
bool needs_attention(Verdict verdict);                  // shown among the failures

// Anchors of a run's instances: made of case and axes, so that a link outlives the run.
class Links {
 public:
  explicit Links(const RunResult& run);

  // By position in run.instances. Under "case-" in the list of cases, "failure-" among the
  // failures.
  const std::string& instance(std::size_t index) const { return instances_[index]; }
  std::string failure(std::size_t index) const;

 private:
  std::vector<std::string> instances_;
};

}  // namespace ws2conform::reports
