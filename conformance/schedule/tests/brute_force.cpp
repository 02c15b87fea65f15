#include "conformance/schedule/tests/brute_force.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

using Kind = ScheduleItem::Kind;

char code(const ScheduleItem& item) {
  return static_cast<char>('A' + 3 * item.step + static_cast<std::size_t>(item.kind));
}

bool is_end(char c) {
  return (c - 'A') % 3 == static_cast<int>(Kind::kEnd);
}

bool contains(const Schedule& sequence, Kind kind, std::size_t step) {
  return std::find(sequence.begin(), sequence.end(), ScheduleItem{kind, step}) != sequence.end();
}

bool begun(const Schedule& sequence, std::size_t step) {
  return contains(sequence, Kind::kBegin, step);
}

bool over(const Schedule& sequence, std::size_t step) {
  return contains(sequence, Kind::kWhole, step) || contains(sequence, Kind::kEnd, step);
}

}  // namespace

BruteForce::BruteForce(const std::vector<Step>& steps) : steps_(steps) {
  Schedule sequence;
  extend(sequence);
  for (const std::string& found : sequences_) {
    without_arithmetic_.insert(without_arithmetic(found));
  }
}

std::string BruteForce::without_arithmetic(const std::string& sequence) const {
  std::string rest;
  for (const char c : sequence) {
    if (role((c - 'A') / 3) != Role::kInternal) rest += c;
  }
  return rest;
}

std::string BruteForce::encode(const Schedule& schedule) {
  std::string text;
  for (const ScheduleItem& item : schedule) text += code(item);
  return text;
}

bool BruteForce::has_but_for_arithmetic(const std::string& sequence) const {
  return without_arithmetic_.count(without_arithmetic(sequence)) > 0;
}

std::set<BruteForce::Pair> BruteForce::pairs() const {
  std::set<Pair> found;
  const auto is_call = [](char c) { return (c - 'A') % 3 == static_cast<int>(Kind::kWhole); };
  for (const std::string& sequence : without_arithmetic_) {
    for (std::size_t i = 0; i + 1 < sequence.size(); ++i) {
      if (!is_call(sequence[i]) || !is_call(sequence[i + 1])) continue;
      const auto first = static_cast<std::size_t>((sequence[i] - 'A') / 3);
      const auto second = static_cast<std::size_t>((sequence[i + 1] - 'A') / 3);
      std::string swapped = sequence;
      std::swap(swapped[i], swapped[i + 1]);
      const bool calls = role(first) != Role::kCondition && role(second) != Role::kCondition;
      if (calls && !in_one_lane(steps_[first], steps_[second]) &&
          without_arithmetic_.count(swapped) > 0) {
        found.insert(std::minmax(first, second));
      }
    }
  }
  return found;
}

BruteForce::Role BruteForce::role(std::size_t index) const {
  const Step& step = steps_[index];
  switch (find_operation(step.operation)->waiting) {
    case Waiting::kInitiates:
      return step.until || step.by ? Role::kPending : Role::kAction;
    case Waiting::kWaits:
      for (const Field& field : step.fields) {
        if (field.name == "condition" && field.value == "true") return Role::kAcceptor;
      }
      return step.after.empty() ? Role::kAction : Role::kWaiter;
    case Waiting::kUpcall:
      return Role::kCondition;
    case Waiting::kInternal:
      return Role::kInternal;
    case Waiting::kNever:
      break;
  }
  return Role::kAction;
}

std::size_t BruteForce::index_of(const std::string& id) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].id == id) return i;
  }
  throw std::logic_error("no step " + id);
}

bool BruteForce::allowed_but_for_internals(const Schedule& before, const ScheduleItem& item) const {
  const Step& step = steps_[item.step];
  const Role its = role(item.step);
  if (over(before, item.step)) return false;

  // Whether what comes after step `id` may go on: it is over, or it is a call that has asked.
  const auto effective = [&](const std::string& id) {
    const std::size_t other = index_of(id);
    const bool asks = find_operation(steps_[other].operation)->waiting == Waiting::kInitiates;
    return over(before, other) || (asks && begun(before, other));
  };
  const auto all = [&](const std::vector<std::string>& ids) {
    return std::all_of(ids.begin(), ids.end(), effective);
  };

  // The step before of the same lane.
  std::size_t previous = steps_.size();
  for (std::size_t i = 0; i < item.step; ++i) {
    if (in_one_lane(steps_[i], step)) previous = i;
  }
  const bool first = previous == steps_.size();

  if (item.kind == Kind::kEnd) {
    if (!begun(before, item.step)) return false;
    if (its == Role::kWaiter) return all(step.after);
    if (its == Role::kPending) return effective(step.until ? *step.until : *step.by);
    // An acceptor returns once its condition function has: the step that follows it.
    for (std::size_t i = item.step + 1; i < steps_.size(); ++i) {
      if (in_one_lane(steps_[i], step)) return over(before, i);
    }
    return false;
  }

  if (begun(before, item.step)) return false;
  if (its == Role::kCondition) {
    return item.kind == Kind::kWhole && begun(before, previous) && !over(before, previous) &&
           all(steps_[previous].after);
  }
  if (!first && !over(before, previous)) return false;
  if (!first && role(previous) == Role::kCondition) {
    std::size_t acceptor = previous;
    for (std::size_t i = 0; i < previous; ++i) {
      if (in_one_lane(steps_[i], step)) acceptor = i;
    }
    if (!over(before, acceptor)) return false;
  }
  switch (its) {
    case Role::kWaiter:  // late, as a whole; or early, in two
      return all(step.after) == (item.kind == Kind::kWhole);
    case Role::kAcceptor:
      return item.kind == Kind::kBegin;
    case Role::kPending:
      return item.kind == Kind::kBegin && all(step.after);
    default:
      return item.kind == Kind::kWhole && all(step.after);
  }
}

// The suite's own arithmetic comes as soon as it can, the first written first.
bool BruteForce::allowed(const Schedule& before, const ScheduleItem& item) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (role(i) != Role::kInternal) continue;
    if (allowed_but_for_internals(before, {Kind::kWhole, i})) {
      return item == ScheduleItem{Kind::kWhole, i};
    }
  }
  return allowed_but_for_internals(before, item);
}

void BruteForce::extend(Schedule& sequence) {
  bool finished = true;
  for (std::size_t i = 0; i < steps_.size(); ++i) finished = finished && over(sequence, i);
  if (finished) {
    sequences_.insert(encode(sequence));
    return;
  }
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    for (const Kind kind : {Kind::kWhole, Kind::kBegin, Kind::kEnd}) {
      const ScheduleItem item{kind, i};
      if (!allowed(sequence, item)) continue;
      sequence.push_back(item);
      extend(sequence);
      sequence.pop_back();
    }
  }
}

std::string BruteForce::class_of(const std::string& sequence) const {
  std::set<std::string> members = {without_arithmetic(sequence)};
  std::deque<std::string> unseen = {*members.begin()};
  while (!unseen.empty()) {
    std::string member = std::move(unseen.front());
    unseen.pop_front();
    for (std::size_t i = 0; i + 1 < member.size(); ++i) {
      if (!is_end(member[i]) || !is_end(member[i + 1])) continue;
      std::swap(member[i], member[i + 1]);
      if (without_arithmetic_.count(member) > 0 && members.insert(member).second)
        unseen.push_back(member);
      std::swap(member[i], member[i + 1]);
    }
  }
  return *members.begin();
}

std::size_t BruteForce::classes() const {
  std::set<std::string> found;
  for (const std::string& sequence : sequences_) found.insert(class_of(sequence));
  return found.size();
}

}  // namespace ws2conform
