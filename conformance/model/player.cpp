#include "conformance/model/player.hpp"

#include <algorithm>

#include "conformance/case/instance.hpp"
#include "conformance/case/octets.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/request.hpp"

namespace ws2conform::model {
namespace {

using Kind = ScheduleItem::Kind;

constexpr std::chrono::milliseconds kPatience{5000};

const Operation& operation_of(const Step& step) {
  return *find_operation(step.operation);
}

// The time that a call may take is the suite's, and as long as it needs.
nlohmann::json without_patience(nlohmann::json request, const Step& step) {
  const bool said = std::any_of(step.fields.begin(), step.fields.end(),
                                [](const Field& field) { return field.name == "timeout"; });
  const std::string op = request.value("op", "");
  if ((op == "WSAWaitForMultipleEvents" || op == "select") && !said) request.erase("timeout");
  return request;
}

}  // namespace

Player::Player(const Instance& instance, const Plan& plan, const std::string& edition,
               const ws2::Limits& limits, bool judges)
    : instance_(&instance),
      plan_(&plan),
      steps_(&instance.steps),
      net_(instance.provider, limits),
      progress_(instance, edition),
      state_(plan.initial()),
      judges_(judges),
      family_(axis_value(instance.axes, "family", "AF_INET")) {
  if (!instance.relay.empty()) throw Outside("the relay is not in the model");
  for (const Step& step : instance.steps) {
    if (step.lane > 1) throw Outside("lanes of one actor are not in the model");
  }
  run_opening();
}

void Player::run_opening() {
  const Plan::State own = state_;
  steps_ = &instance_->opening;
  state_ = Plan::State(instance_->opening.size(), Plan::kNotBegun);
  const auto go_on = [this] {
    if (active_ && mailbox_.count(step(active_->item).actor) == 0 &&
        net_.ready(step(active_->item).actor)) {
      arrive(step(active_->item).actor);
      return;
    }
    const auto happenings = net_.enabled();
    if (happenings.empty()) throw Outside("its opening does not come to its end");
    net_.apply(happenings.front());
  };
  for (const ScheduleItem& item : opening_schedule(instance_->opening)) {
    take(item);
    while (active_ && !progress_.stopped()) go_on();
  }
  if (progress_.stopped()) throw Outside("its opening fails");
  steps_ = &instance_->steps;
  state_ = own;
  just_done_.clear();
}

std::optional<std::size_t> Player::awaited() const {
  if (!active_) return std::nullopt;
  return active_->item.step;
}

std::vector<Move> Player::moves() const {
  std::vector<Move> found;
  if (progress_.stopped() || finished()) return found;
  if (!active_) {
    for (const ScheduleItem& item : plan_->options(state_, {})) {
      found.push_back({Move::Kind::kItem, {}, {}, item});
    }
  }
  for (const auto& [actor, id] : open_) {
    if (id != 0 && mailbox_.count(actor) == 0 && net_.ready(actor)) {
      found.push_back({Move::Kind::kArrival, {}, actor, {}});
    }
  }
  for (const Happening& happening : net_.enabled()) {
    found.push_back({Move::Kind::kHappening, happening, {}, {}});
  }
  return found;
}

void Player::make(const Move& move) {
  just_done_.clear();
  switch (move.kind) {
    case Move::Kind::kHappening:
      net_.apply(move.happening);
      break;
    case Move::Kind::kArrival:
      arrive(move.actor);
      break;
    case Move::Kind::kItem:
      take(move.item);
      break;
  }
}

void Player::record(Event::Kind kind, std::chrono::nanoseconds at, const Step& step, json body) {
  using enum Event::Kind;
  if (kind == kReturn || kind == kIndication || kind == kCondition) outcome_ = body;
  if (judges_ || step.opening) progress_.on({kind, at, step.actor, step.id, std::move(body)});
}

void Player::take(const ScheduleItem& item) {
  const Step& taken = step(item);
  const Operation& operation = operation_of(taken);
  active_ = Active{item, {}, {}};
  if (operation.name == "limits") {
    const ws2::Limits& limits = net_.limits();
    record(Event::Kind::kComputed, tick(), taken,
           {{"caller_data_max", limits.caller_data.value_or(0)},
            {"callee_data_max", limits.callee_data.value_or(0)},
            {"disconnect_data_max", limits.disconnect_data.value_or(0)},
            {"disconnect_reply_max", limits.one_shot ? 0 : limits.disconnect_data.value_or(0)}});
    return complete();
  }
  if (operation.name == "decide") {
    const json verdict = verdict_of(taken, progress_.bindings());
    open_[taken.actor] = std::exchange(suspended_[taken.actor], 0);
    json told = verdict;
    told["id"] = open_[taken.actor];
    record(Event::Kind::kVerdict, tick(), taken, told);
    net_.decide(taken.actor, verdict);
    arrive_if_ready(taken.actor);
    return complete();
  }
  if (operation.name == "vanish") {
    record(Event::Kind::kCall, tick(), taken, {{"op", "vanish"}});
    net_.vanish(taken.actor);
    open_.erase(taken.actor);
    mailbox_.erase(taken.actor);
    record(Event::Kind::kReturn, tick(), taken, {{"returns", 0}});
    return complete();
  }
  if (operation.waiting == Waiting::kInternal) {
    record(Event::Kind::kComputed, tick(), taken, computed_values(taken, progress_.bindings()));
    return complete();
  }
  if (operation.waiting != Waiting::kUpcall && item.kind != Kind::kEnd) begin(taken);
  if (item.kind == Kind::kBegin) return complete();
  advance();
}

void Player::begin(const Step& taken) {
  if (is_windowed(taken)) throw Outside("time is not in the model");
  if (operation_of(taken).is_indication()) {
    if (unclaimed_[{taken.actor, socket_of(taken)}].count(taken.operation) == 0) {
      wait_for_event(taken);
    }
    return;
  }
  json request =
      request_of(taken, *instance_, family_, loopback_of(family_), progress_.bindings(), kPatience);
  if (taken.operation == "WSAEventSelect" && request.at("event").is_string()) {
    event_objects_[{taken.actor, socket_of(taken)}] = request.at("event");
  }
  issue(taken, without_patience(std::move(request), taken));
}

void Player::issue(const Step& taken, json request) {
  request["id"] = ++next_id_;
  open_[taken.actor] = next_id_;
  record(Event::Kind::kCall, tick(), taken, request);
  net_.issue(taken.actor, request);
  if (active_) active_->request = request;
  asked_[taken.actor] = request.at("op");
  // What it finds it could have found as well: that it waits a moment adds nothing.
  arrive_if_ready(taken.actor);
}

void Player::wait_for_event(const Step& taken) {
  const auto found = event_objects_.find({taken.actor, socket_of(taken)});
  if (found == event_objects_.end()) throw Outside("nobody selected events for the socket");
  issue(taken, {{"op", "WSAWaitForMultipleEvents"},
                {"events", json::array({found->second})},
                {"wait_all", false}});
}

void Player::arrive_if_ready(const std::string& actor) {
  if (open_[actor] == 0 || mailbox_.count(actor) != 0 || !net_.ready(actor)) return;
  json body = net_.answer(actor);
  body["id"] = open_[actor];
  Plan::State when = state_;
  if (active_ && when[active_->item.step] == Plan::kNotBegun) {
    when[active_->item.step] = Plan::kBegun;
  }
  mailbox_[actor] = {std::move(body), tick(), std::move(when)};
}

void Player::arrive(const std::string& actor) {
  arrive_if_ready(actor);
  if (active_ && step(active_->item).actor == actor) advance();
}

void Player::advance() {
  while (active_ && !progress_.stopped()) {
    const Step& current = step(active_->item);
    const bool indication = operation_of(current).is_indication();
    if (indication && open_[current.actor] == 0) {  // claimed without a call
      advance_indication(current, {});
      continue;
    }
    const auto found = mailbox_.find(current.actor);
    if (found == mailbox_.end()) return;
    const Message message = std::move(found->second);
    mailbox_.erase(found);
    if (operation_of(current).waiting == Waiting::kUpcall) {
      if (!advance_condition(current, message)) return;
      continue;
    }
    if (message.body.contains("condition")) {  // a call that the case has no step for
      record(Event::Kind::kCondition, message.at, current, message.body.at("condition"));
      return;
    }
    open_[current.actor] = 0;
    if (indication) {
      if (!advance_indication(current, message)) return;
    } else if (current.operation == "receive") {
      if (!advance_receive(current, message)) return;
    } else {
      record(Event::Kind::kReturn, message.at, current, message.body);
      complete();
    }
  }
}

// Waits and enumerates until the event is in the record. False while it waits.
bool Player::advance_indication(const Step& current, Message message) {
  const std::string socket = socket_of(current);
  auto& unclaimed = unclaimed_[{current.actor, socket}];
  if (!message.body.is_null()) {
    record(Event::Kind::kPartial, message.at, current, message.body);
    if (asked_[current.actor] == "WSAWaitForMultipleEvents" && message.body.contains("returns")) {
      issue(current, {{"op", "WSAEnumNetworkEvents"},
                      {"socket", socket},
                      {"event", event_objects_.at({current.actor, socket})}});
      return true;
    }
    if (!message.body.contains("network_events")) {
      record(Event::Kind::kIndication, message.at, current, message.body);
      complete();
      return true;
    }
    for (const auto& [event, error] : message.body.at("network_events").items()) {
      unclaimed[event] = error;
    }
  }
  const auto found = unclaimed.find(current.operation);
  if (found == unclaimed.end()) {
    wait_for_event(current);
    return mailbox_.count(current.actor) != 0;
  }
  record(Event::Kind::kIndication, tick(), current,
         {{"network_event", current.operation}, {"error", found->second}});
  unclaimed.erase(found);
  complete();
  return true;
}

// Receives until as many octets have come as the step expects. False while it waits.
bool Player::advance_receive(const Step& current, const Message& message) {
  record(Event::Kind::kPartial, message.at, current, message.body);
  const auto wanted = std::find_if(current.fields.begin(), current.fields.end(),
                                   [](const Field& field) { return field.name == "data"; });
  const std::string expected =
      octets_value(wanted->value, progress_.bindings(), wanted->place).value_or("");
  const std::string part = from_base64(message.body.value("data", "")).value_or("");
  active_->received += part;
  if (!part.empty() && active_->received.size() < expected.size()) {
    issue(current, request_of(current, *instance_, family_, loopback_of(family_),
                              progress_.bindings(), kPatience));
    return mailbox_.count(current.actor) != 0;
  }
  json outcome = {{"returns", active_->received.size()}, {"data", to_base64(active_->received)}};
  if (message.body.contains("error")) {
    outcome = {{"error", message.body.at("error")}, {"data", to_base64(active_->received)}};
  }
  record(Event::Kind::kIndication, tick(), current, outcome);
  complete();
  return true;
}

bool Player::advance_condition(const Step& current, const Message& message) {
  if (!message.body.contains("condition")) {
    open_[current.actor] = 0;
    record(Event::Kind::kReturn, message.at, current, message.body);
    return false;
  }
  record(Event::Kind::kCondition, message.at, current, message.body.at("condition"));
  if (progress_.stopped()) return false;
  if (leaves_open(current)) {
    suspended_[current.actor] = std::exchange(open_[current.actor], 0);
  } else {
    const json verdict = verdict_of(current, progress_.bindings());
    json told = verdict;
    told["id"] = open_[current.actor];
    record(Event::Kind::kVerdict, tick(), current, told);
    net_.decide(current.actor, verdict);
    arrive_if_ready(current.actor);
  }
  complete();
  return true;
}

void Player::complete() {
  const ScheduleItem item = active_->item;
  Plan::apply(state_, item);
  if (item.kind != Kind::kBegin) just_done_.push_back(item.step);
  active_.reset();
}

void Player::write_state(ws2::StateWriter& out) const {
  net_.write_state(out);
  out.put(std::string_view(state_));
  out.put(active_ ? static_cast<int>(active_->item.step) + 1 : 0);
  if (active_) {
    out.put(active_->item.kind);
    out.put(std::string_view(active_->received));
  }
  for (const auto& [actor, message] : mailbox_) {
    json body = message.body;
    body.erase("id");
    out.put(std::string_view(actor));
    out.put(std::string_view(body.dump()));
    out.put(std::string_view(message.when));
  }
  for (const auto& [key, events] : unclaimed_) {
    for (const auto& [event, error] : events) {
      out.put(std::string_view(key.second));
      out.put(std::string_view(event));
      out.put(std::string_view(error.dump()));
    }
  }
  for (const auto& [actor, id] : open_) out.put(id != 0);
  for (const auto& [actor, operation] : asked_) out.put(std::string_view(operation));
  for (const auto& [name, binding] : progress_.bindings()) {
    out.put(std::string_view(name));
    out.put(std::string_view(binding.wire.dump()));
  }
}

}  // namespace ws2conform::model
