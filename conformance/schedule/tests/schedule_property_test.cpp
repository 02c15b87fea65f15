// The generated schedules of small partial orders against those found by brute force.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <ostream>
#include <set>

#include "conformance/case/source.hpp"
#include "conformance/schedule/schedule.hpp"
#include "conformance/schedule/tests/brute_force.hpp"
#include "conformance/schedule/tests/steps.hpp"

namespace ws2conform::schedule_property_test {
namespace {

using namespace testing_steps;

// Numbers that a shape of steps is made from; small ones make simple steps.
using Numbers = std::vector<int>;

std::string written(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    text += step.id + " " + step.actor + "/" + std::to_string(step.lane) + " " + step.operation;
    for (const std::string& id : step.after) text += " after " + id;
    if (step.until) text += " until " + *step.until;
    if (step.by) text += " by " + *step.by;
    text += "\n";
  }
  return text;
}

class Shape {
 public:
  explicit Shape(Numbers numbers) : numbers_(std::move(numbers)) {}

  std::vector<Step> steps() {
    const int actors = 2 + next(2);
    const int count = 2 + next(5);
    while (static_cast<int>(steps_.size()) < count) {
      add("a" + std::to_string(next(actors)), next(3) == 0 ? 2 : 1);
    }
    for (Step& step : steps_) {
      if (step.operation == "condition") continue;
      for (int i = next(3); i > 0; --i) order(step);
      if (step.operation == "connect" && next(2) == 1) {
        if (const std::string other = of_another_lane(step); !other.empty()) {
          (next(2) == 0 ? step.until : step.by) = other;
        }
      }
    }
    return std::move(steps_);
  }

 private:
  int next(int bound) {
    const int number = at_ < numbers_.size() ? numbers_[at_++] : 0;
    return number % bound;
  }

  void add(const std::string& actor, int lane) {
    const std::size_t before = steps_.size();
    const std::string id = std::to_string(steps_.size() + 1);
    switch (next(6)) {
      case 0:
      case 1:
        steps_.push_back(step(id, actor, "closesocket"));
        break;
      case 2:
        steps_.push_back(step(id, actor, "recv"));
        break;
      case 3:
        steps_.push_back(step(id, actor, "connect"));
        break;
      case 4:
        steps_.push_back(step(id, actor, "compute"));
        break;
      default:
        steps_.push_back(conditional(id, actor));
        steps_.push_back(step(std::to_string(steps_.size() + 1), actor, "condition"));
    }
    for (std::size_t i = before; i < steps_.size(); ++i) steps_[i].lane = lane;
  }

  std::string of_another_lane(const Step& step) {
    const bool any = next(4) == 0;  // mostly an earlier step: fewer cycles
    std::vector<std::string> others;
    for (const Step& other : steps_) {
      if (!any && &other == &step) break;
      if (!in_one_lane(other, step)) others.push_back(other.id);
    }
    return others.empty() ? "" : others[next(static_cast<int>(others.size()))];
  }

  void order(Step& step) {
    const std::string other = of_another_lane(step);
    if (!other.empty()) step.after.push_back(other);
  }

  Numbers numbers_;
  std::size_t at_ = 0;
  std::vector<Step> steps_;
};

rc::Gen<Numbers> numbers() {
  return rc::gen::resize(rc::kNominalSize,
                         rc::gen::container<Numbers>(40, rc::gen::inRange(0, 60)));
}

using Pair = BruteForce::Pair;
using Kind = ScheduleItem::Kind;

// The calls that are issued together, if any are.
std::optional<Pair> pair_of(const Schedule& schedule) {
  const auto first = std::find_if(schedule.begin(), schedule.end(), [](const ScheduleItem& item) {
    return item.kind == Kind::kTogether;
  });
  if (first == schedule.end()) return std::nullopt;
  return Pair{first->step, std::next(first)->step};
}

// With these two one after the other, either way.
std::vector<Schedule> as_orders(Schedule schedule) {
  const auto first = std::find_if(schedule.begin(), schedule.end(), [](const ScheduleItem& item) {
    return item.kind == Kind::kTogether;
  });
  first->kind = Kind::kWhole;
  Schedule swapped = schedule;
  std::swap(swapped[first - schedule.begin()], swapped[first - schedule.begin() + 1]);
  return {schedule, swapped};
}

RC_GTEST_PROP(Schedules, AreThoseOfBruteForce, ()) {
  const std::vector<Step> steps = Shape(*numbers()).steps();
  RC_LOG() << written(steps);
  const BruteForce expected(steps);
  RC_TAG(expected.sequences().empty() ? "a cycle" : "a partial order");

  ScheduleList list;
  try {
    list = schedules(steps, 1000000, 0);
  } catch (const InputError& error) {
    RC_LOG() << error.what();
    RC_ASSERT(expected.sequences().empty());
    return;
  }
  RC_ASSERT(!list.sampled);
  RC_ASSERT(list.possible == list.schedules.size());
  std::set<std::string> found;
  std::set<Pair> pairs;
  for (const Schedule& schedule : list.schedules) {
    RC_LOG() << to_string(schedule, steps) << "\n";
    if (const auto pair = pair_of(schedule)) {
      for (const Schedule& one_by_one : as_orders(schedule)) {
        RC_ASSERT(expected.has_but_for_arithmetic(BruteForce::encode(one_by_one)));
      }
      RC_ASSERT(!in_one_lane(steps[pair->first], steps[pair->second]));
      RC_ASSERT(pairs.insert(*pair).second);
      continue;
    }
    const std::string sequence = BruteForce::encode(schedule);
    RC_ASSERT(expected.sequences().count(sequence) == 1U);
    RC_ASSERT(found.insert(expected.class_of(sequence)).second);
  }
  RC_ASSERT(found.size() == expected.classes());
  RC_ASSERT(pairs == expected.pairs());
  RC_ASSERT(pairs.size() == list.together);
}

RC_GTEST_PROP(Schedules, OfASampleAreDistinctValidAndTheSameForTheSameSeed, ()) {
  const std::vector<Step> steps = Shape(*numbers()).steps();
  RC_LOG() << written(steps);
  const BruteForce expected(steps);
  RC_PRE(expected.sequences().size() >= 2U);
  const std::size_t possible = schedules(steps, 1000000, 0).schedules.size();
  RC_PRE(possible >= 2U);
  const auto limit = *rc::gen::inRange<std::size_t>(1, possible);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();

  const ScheduleList sample = schedules(steps, limit, seed);
  RC_ASSERT(sample.sampled);
  RC_ASSERT(sample.possible == possible);
  RC_ASSERT(sample.schedules.size() == limit);
  std::set<std::string> found;
  for (const Schedule& schedule : sample.schedules) {
    if (pair_of(schedule)) {
      RC_ASSERT(found.insert(to_string(schedule, steps)).second);
      continue;
    }
    const std::string sequence = BruteForce::encode(schedule);
    RC_ASSERT(expected.sequences().count(sequence) == 1U);
    RC_ASSERT(found.insert(expected.class_of(sequence)).second);
  }
  RC_ASSERT(schedules(steps, limit, seed).schedules == sample.schedules);
}

}  // namespace
}  // namespace ws2conform::schedule_property_test
