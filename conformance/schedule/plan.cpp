#include "conformance/schedule/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/case/operations.hpp"

namespace ws2conform {

bool has_condition(const Step& step) {
  return std::any_of(step.fields.begin(), step.fields.end(), [](const Field& field) {
    return field.name == "condition" && field.value == "true";
  });
}

bool leaves_open(const Step& step) {
  return step.operation == "condition" &&
         std::none_of(step.fields.begin(), step.fields.end(),
                      [](const Field& field) { return field.name == "verdict"; });
}

Plan::Plan(const std::vector<Step>& steps) : steps_(steps) {
  using Lane = std::pair<std::string, int>;  // of an actor
  std::map<Lane, std::size_t> lanes;
  std::map<Lane, std::size_t> last_of_lane;
  std::map<Lane, std::size_t> open_accept;  // whose condition function is open
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const Lane lane{step.actor, step.lane};
    const Operation* operation = find_operation(step.operation);
    const Waiting waiting = operation ? operation->waiting : Waiting::kNever;
    Node node;
    node.lane = lanes.try_emplace(lane, lanes.size()).first->second;
    for (const std::string& id : step.after) node.causes.push_back(index_of(id, step.place));
    if (const auto found = last_of_lane.find(lane); found != last_of_lane.end()) {
      node.previous = found->second;
    }
    switch (waiting) {
      case Waiting::kNever:
        if (const auto open = open_accept.find(lane);
            step.operation == "decide" && open != open_accept.end()) {
          node.upcall_of = open->second;
          nodes_[open->second].completers.push_back(i);
          open_accept.erase(open);
        }
        break;
      case Waiting::kInternal:
        node.role = Role::kInternal;
        break;
      case Waiting::kInitiates:
        for (const auto& completer : {step.until, step.by}) {
          if (completer) node.completers.push_back(index_of(*completer, step.place));
        }
        if (!node.completers.empty()) node.role = Role::kPending;
        break;
      case Waiting::kWaits:
        node.role = node.causes.empty() ? Role::kAction : Role::kWaiter;
        if (has_condition(step)) node.role = Role::kPending;
        break;
      case Waiting::kUpcall:
        node.role = Role::kUpcall;
        if (node.previous && has_condition(steps[*node.previous])) {
          node.upcall_of = node.previous;
          node.leaves_open =
              leaves_open(step) && std::any_of(steps.begin() + static_cast<std::ptrdiff_t>(i),
                                               steps.end(), [&](const Step& later) {
                                                 return in_one_lane(later, step) &&
                                                        later.operation == "decide";
                                               });
          if (node.leaves_open) open_accept[lane] = *node.previous;
          Node& accept = nodes_[*node.previous];
          accept.completers.push_back(i);
          // What causes the acceptor's return causes the upcall, which comes before it.
          node.causes.insert(node.causes.end(), accept.causes.begin(), accept.causes.end());
          accept.causes.clear();
        }
        break;
    }
    nodes_.push_back(std::move(node));
    last_of_lane[lane] = i;
  }
  lanes_ = lanes.size();
  check_progress();
}

std::size_t Plan::index_of(const std::string& id, const SourcePlace& place) const {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].id == id) return i;
    ids.push_back(steps_[i].id);
  }
  throw InputError(place, "no step has the ID \"" + id + "\"" + did_you_mean(id, ids));
}

bool Plan::finished(const State& state) const {
  return state.find_first_not_of(kDone) == State::npos;
}

// Whether others that come `after` the step may go on. A connect that is pending has had its
// effect, the request, once it is begun.
bool Plan::effective(const State& state, std::size_t step) const {
  const Operation* operation = find_operation(steps_[step].operation);
  const bool initiates = operation && operation->waiting == Waiting::kInitiates;
  return state[step] == kDone || (state[step] == kBegun && initiates);
}

bool Plan::all_effective(const State& state, const std::vector<std::size_t>& steps) const {
  return std::all_of(steps.begin(), steps.end(),
                     [&](std::size_t step) { return effective(state, step); });
}

bool Plan::startable(const State& state, std::size_t step) const {
  if (state[step] != kNotBegun) return false;
  const Node& node = nodes_[step];
  if (node.upcall_of && node.upcall_of == node.previous) return state[*node.upcall_of] == kBegun;
  if (!node.previous) return true;
  const Node& previous = nodes_[*node.previous];
  // What comes after a decision comes after the call that it is for.
  const bool over =
      !previous.upcall_of || previous.leaves_open || state[*previous.upcall_of] == kDone;
  return state[*node.previous] == kDone && over;
}

bool Plan::may_end(const State& state, std::size_t step) const {
  const Node& node = nodes_[step];
  if (state[step] != kBegun) return false;
  if (std::any_of(node.completers.begin(), node.completers.end(), [&](std::size_t completer) {
        return nodes_[completer].upcall_of == step && state[completer] != kDone;
      })) {
    return false;
  }
  const bool waits = node.role == Role::kWaiter;
  return all_effective(state, node.completers) && (!waits || all_effective(state, node.causes));
}

std::optional<ScheduleItem> Plan::option(const State& state, std::size_t step) const {
  using Kind = ScheduleItem::Kind;
  if (may_end(state, step)) return ScheduleItem{Kind::kEnd, step};
  if (!startable(state, step)) return std::nullopt;
  const Node& node = nodes_[step];
  const bool caused = all_effective(state, node.causes);
  if (node.role == Role::kWaiter) return ScheduleItem{caused ? Kind::kWhole : Kind::kBegin, step};
  if (!caused) return std::nullopt;
  return ScheduleItem{node.role == Role::kPending ? Kind::kBegin : Kind::kWhole, step};
}

// Whether `step` could have ended before the last end of `tail` that is written after it. The ends
// of a tail are in the smallest of their possible orders exactly if this is true of none of them.
bool Plan::could_have_ended_before(const State& state, const Tail& tail, std::size_t step) const {
  State before = state;
  for (auto item = tail.rbegin(); item != tail.rend(); ++item) {
    const bool end = item->kind == ScheduleItem::Kind::kEnd;
    before[item->step] = end ? kBegun : kNotBegun;
    if (!may_end(before, step)) return false;
    if (end && step < item->step) return true;
  }
  return false;
}

Plan::Tail Plan::followed_by(const Tail& tail, const ScheduleItem& item) const {
  if (item.kind != ScheduleItem::Kind::kEnd && nodes_[item.step].role != Role::kInternal) return {};
  Tail longer = tail;
  longer.push_back(item);
  return longer;
}

std::vector<ScheduleItem> Plan::options(const State& state, const Tail& tail) const {
  std::vector<ScheduleItem> found;
  // In each lane nothing can be done behind the first step that is not begun.
  std::vector<bool> is_over(lanes_);
  std::size_t lanes_over = 0;
  for (std::size_t i = 0; i < nodes_.size() && lanes_over < lanes_; ++i) {
    if (state[i] == kDone || is_over[nodes_[i].lane]) continue;
    if (state[i] == kNotBegun) {
      is_over[nodes_[i].lane] = true;
      ++lanes_over;
    }
    const std::optional<ScheduleItem> item = option(state, i);
    if (!item) continue;
    // The suite's own arithmetic is done as soon as it can be: nobody can tell when it was.
    if (nodes_[i].role == Role::kInternal) return {*item};
    if (item->kind == ScheduleItem::Kind::kEnd && could_have_ended_before(state, tail, i)) continue;
    found.push_back(*item);
  }
  return found;
}

std::vector<ScheduleItem> Plan::options_ahead(State& state, Tail& tail, Schedule* done) const {
  while (true) {
    std::vector<ScheduleItem> found = options(state, tail);
    if (found.size() != 1) return found;
    apply(state, found.front());
    tail = followed_by(tail, found.front());
    if (done != nullptr) done->push_back(found.front());
  }
}

void Plan::apply(State& state, const ScheduleItem& item) {
  state[item.step] = item.kind == ScheduleItem::Kind::kBegin ? kBegun : kDone;
}

// Whatever can be done now can be done later as well, so one walk that takes any option finds out
// whether some steps can never be reached.
void Plan::check_progress() const {
  State state = initial();
  while (true) {
    const std::vector<ScheduleItem> next = options(state, {});
    if (next.empty()) break;
    apply(state, next.front());
  }
  if (finished(state)) return;
  std::vector<std::string> stuck;
  const SourcePlace* place = nullptr;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (state[i] == kDone) continue;
    stuck.push_back(steps_[i].id);
    if (place == nullptr) place = &steps_[i].place;
  }
  throw InputError(*place,
                   fmt::format("a cycle: steps {} wait for one another (by `after`, `until`, "
                               "`by` and the order of each actor's steps)",
                               fmt::join(stuck, ", ")));
}

}  // namespace ws2conform
