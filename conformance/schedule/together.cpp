#include "conformance/schedule/together.hpp"

#include <set>
#include <unordered_set>
#include <utility>

#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

using Kind = ScheduleItem::Kind;

// Visits every state with several ways on once, by the first way to it.
class Pairs {
 public:
  Pairs(const Plan& plan, const std::vector<Step>& steps) : plan_(plan), steps_(steps) {}

  std::vector<Schedule> find() {
    Schedule prefix;
    visit(plan_.initial(), prefix);
    return std::move(found_);
  }

 private:
  // A call that the walk issues and whose return it then awaits.
  bool is_call(const ScheduleItem& item) const {
    if (item.kind != Kind::kWhole) return false;
    const std::string& name = steps_[item.step].operation;
    const Waiting waiting = find_operation(name)->waiting;
    const bool calls = waiting != Waiting::kUpcall && waiting != Waiting::kInternal;
    return calls && name != "decide" && name != "vanish";
  }

  void visit(Plan::State state, Schedule& prefix) {
    const std::size_t length = prefix.size();
    std::vector<ScheduleItem> options = plan_.options(state, {});
    while (options.size() == 1) {  // there are no pairs
      Plan::apply(state, options.front());
      prefix.push_back(options.front());
      options = plan_.options(state, {});
    }
    if (seen_.insert(state).second) branch(state, options, prefix);
    prefix.resize(length);
  }

  void branch(const Plan::State& state, const std::vector<ScheduleItem>& options,
              Schedule& prefix) {
    for (std::size_t first = 0; first < options.size(); ++first) {
      for (std::size_t second = first + 1; second < options.size(); ++second) {
        note(state, prefix, options[first], options[second]);
      }
    }
    for (const ScheduleItem& item : options) {
      Plan::State next = state;
      Plan::apply(next, item);
      prefix.push_back(item);
      visit(std::move(next), prefix);
      prefix.pop_back();
    }
  }

  void note(Plan::State state, const Schedule& prefix, ScheduleItem first,
            const ScheduleItem& second) {
    if (!is_call(first) || !is_call(second)) return;
    if (in_one_lane(steps_[first.step], steps_[second.step])) return;
    if (!pairs_.insert({first.step, second.step}).second) return;
    Plan::apply(state, first);
    Plan::apply(state, second);
    first.kind = Kind::kTogether;
    Schedule schedule = prefix;
    schedule.push_back(first);
    schedule.push_back(second);
    while (!plan_.finished(state)) {
      schedule.push_back(plan_.options(state, {}).front());
      Plan::apply(state, schedule.back());
    }
    found_.push_back(std::move(schedule));
  }

  const Plan& plan_;
  const std::vector<Step>& steps_;
  std::unordered_set<Plan::State> seen_;
  std::set<std::pair<std::size_t, std::size_t>> pairs_;
  std::vector<Schedule> found_;
};

}  // namespace

std::vector<Schedule> schedules_together(const Plan& plan, const std::vector<Step>& steps) {
  return Pairs(plan, steps).find();
}

}  // namespace ws2conform
