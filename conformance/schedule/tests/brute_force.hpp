// All schedules of a few steps, found the slow way: every sequence of items that the rules of
// schedule.hpp allow, judged by nothing but the sequence itself.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/case/model.hpp"
#include "conformance/schedule/schedule.hpp"

namespace ws2conform {

class BruteForce {
 public:
  explicit BruteForce(const std::vector<Step>& steps);

  // Every complete sequence. Empty where steps wait for one another.
  const std::set<std::string>& sequences() const { return sequences_; }

  // How many there are where those that swapping two adjacent ends turns into one another are one.
  // Arithmetic does not count: it comes as soon as it can, so the other items say where.
  std::size_t classes() const;

  // The class of a sequence, the same for all of its members.
  std::string class_of(const std::string& sequence) const;

  // Whether there is one that differs in the place of the suite's arithmetic at most.
  bool has_but_for_arithmetic(const std::string& sequence) const;

  // Steps of two lanes, the lower first, whose calls come right after one another in some
  // sequence, and the other way round in another that is otherwise the same.
  using Pair = std::pair<std::size_t, std::size_t>;
  std::set<Pair> pairs() const;

  static std::string encode(const Schedule& schedule);

 private:
  enum class Role { kAction, kWaiter, kPending, kAcceptor, kCondition, kInternal };

  Role role(std::size_t step) const;
  std::size_t index_of(const std::string& id) const;
  bool allowed(const Schedule& before, const ScheduleItem& item) const;
  bool allowed_but_for_internals(const Schedule& before, const ScheduleItem& item) const;
  void extend(Schedule& sequence);
  std::string without_arithmetic(const std::string& sequence) const;

  const std::vector<Step>& steps_;
  std::set<std::string> sequences_;
  std::set<std::string> without_arithmetic_;
};

}  // namespace ws2conform
