#include "conformance/case/order.hpp"

#include "conformance/schedule/plan.hpp"

namespace ws2conform {
namespace {

void add(const Order::Steps& more, Order::Steps& over) {
  over.insert(more.begin(), more.end());
}

}  // namespace

const Order::Steps& Order::over_before(std::size_t index) {
  if (const auto known = before_.find(index); known != before_.end()) return known->second;
  return before_[index] = find_over_before(index);
}

const Order::Steps& Order::over_after(std::size_t index) {
  if (const auto known = after_.find(index); known != after_.end()) return known->second;
  return after_[index] = find_over_after(index);
}

Order::Steps Order::find_over_before(std::size_t index) {
  Steps over;
  if (const auto previous = previous_of_lane(index)) {
    if (is_upcall(index)) {  // within the acceptor's call
      over = over_before(*previous);
      add_causes(*previous, over);
      return over;
    }
    add(over_after(*previous), over);
    // A condition's acceptor is over, too, when the step after it begins.
    if (is_upcall(*previous)) add(over_after(*previous_of_lane(*previous)), over);
  }
  if (operation(index).waiting != Waiting::kWaits) add_causes(index, over);
  return over;
}

Order::Steps Order::find_over_after(std::size_t index) {
  Steps over = over_before(index);
  over.insert(index);
  if (has_condition(steps_[index])) {
    for (std::size_t i = index + 1; i < steps_.size(); ++i) {
      if (!in_one_lane(steps_[i], steps_[index])) continue;
      if (!is_upcall(i)) break;  // a call that fails before it asks
      add(over_before(i), over);
      over.insert(i);
      break;
    }
  }
  add_causes(index, over);
  for (const auto& completer : {steps_[index].until, steps_[index].by}) {
    if (completer) add_effect(*completer, over);
  }
  return over;
}

const Operation& Order::operation(std::size_t index) const {
  return *find_operation(steps_[index].operation);
}

bool Order::is_upcall(std::size_t index) const {
  return operation(index).waiting == Waiting::kUpcall;
}

std::optional<std::size_t> Order::previous_of_lane(std::size_t index) const {
  for (std::size_t i = index; i-- > 0;) {
    if (in_one_lane(steps_[i], steps_[index])) return i;
  }
  return std::nullopt;
}

void Order::add_causes(std::size_t index, Steps& over) {
  for (const std::string& id : steps_[index].after) add_effect(id, over);
}

// A connect that is pending has had its effect once it is begun.
void Order::add_effect(const std::string& id, Steps& over) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].id != id) continue;
    const bool pending = steps_[i].until || steps_[i].by;
    add(pending ? over_before(i) : over_after(i), over);
  }
}

}  // namespace ws2conform
