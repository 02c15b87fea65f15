// The partial order of a case's steps, and what may come next in each state of a schedule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"
#include "conformance/schedule/schedule.hpp"

namespace ws2conform {

class Plan {
 public:
  // How far each step is: one character a step, kNotBegun, kBegun or kDone.
  using State = std::string;
  static constexpr char kNotBegun = '0';
  static constexpr char kBegun = '1';
  static constexpr char kDone = '2';

  // Throws InputError for an `after`, `until` or `by` that names no step, and where steps wait for
  // one another. `steps` must outlive the plan.
  explicit Plan(const std::vector<Step>& steps);

  State initial() const { return State(nodes_.size(), kNotBegun); }
  bool finished(const State& state) const;

  // The items that came last: ends, and the suite's own arithmetic between them. Of the orders that
  // those ends could have come in only one is offered.
  using Tail = std::vector<ScheduleItem>;

  // What may come next.
  std::vector<ScheduleItem> options(const State& state, const Tail& tail) const;

  // Goes on while there is only one way to, and appends what is done to `done` where that is given;
  // then what may come next: several, or nothing.
  std::vector<ScheduleItem> options_ahead(State& state, Tail& tail, Schedule* done = nullptr) const;

  // The tail after one more item.
  Tail followed_by(const Tail& tail, const ScheduleItem& item) const;

  static void apply(State& state, const ScheduleItem& item);

 private:
  enum class Role { kAction, kWaiter, kPending, kUpcall, kInternal };

  struct Node {
    Role role = Role::kAction;
    std::size_t lane = 0;             // of all actors' lanes
    std::vector<std::size_t> causes;  // must be effective: before the item, or before a wait's end
    std::vector<std::size_t> completers;   // a pending call's end: must be effective before it
    std::optional<std::size_t> previous;   // step of the same lane
    std::optional<std::size_t> upcall_of;  // the WSAAccept of a condition, or of its decision
    bool leaves_open = false;              // a condition whose decision is a step of its own
  };

  std::size_t index_of(const std::string& id, const SourcePlace& place) const;
  bool effective(const State& state, std::size_t step) const;
  bool all_effective(const State& state, const std::vector<std::size_t>& steps) const;
  bool startable(const State& state, std::size_t step) const;
  bool may_end(const State& state, std::size_t step) const;
  bool could_have_ended_before(const State& state, const Tail& tail, std::size_t step) const;
  std::optional<ScheduleItem> option(const State& state, std::size_t step) const;
  void check_progress() const;

  const std::vector<Step>& steps_;
  std::vector<Node> nodes_;
  std::size_t lanes_ = 0;
};

// True for a WSAAccept that passes a condition function.
bool has_condition(const Step& step);

// True for a condition without a verdict: the function stays open until a `decide`.
bool leaves_open(const Step& step);

}  // namespace ws2conform
