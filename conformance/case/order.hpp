// What the partial order of a case's steps says for every schedule.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"
#include "conformance/case/operations.hpp"

namespace ws2conform {

// Which steps are over, whatever the schedule, when another begins or is over itself. For steps
// whose order has no cycle.
class Order {
 public:
  using Steps = std::set<std::size_t>;  // indices

  // `steps` must outlive it.
  explicit Order(const std::vector<Step>& steps) : steps_(steps) {}

  const Steps& over_before(std::size_t index);

  // `index` included.
  const Steps& over_after(std::size_t index);

 private:
  Steps find_over_before(std::size_t index);
  Steps find_over_after(std::size_t index);
  const Operation& operation(std::size_t index) const;
  bool is_upcall(std::size_t index) const;
  std::optional<std::size_t> previous_of_lane(std::size_t index) const;
  void add_causes(std::size_t index, Steps& over);
  void add_effect(const std::string& id, Steps& over);

  const std::vector<Step>& steps_;
  std::map<std::size_t, Steps> before_;  // known already
  std::map<std::size_t, Steps> after_;
};

}  // namespace ws2conform
