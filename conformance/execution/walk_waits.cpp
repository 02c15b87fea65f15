// Waits that end by a clock of the adapter's.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/case/request.hpp"
#include "conformance/execution/walk.hpp"

namespace ws2conform {

using host::Clock;
using nlohmann::json;

void Walk::wait_for_event(const Step& step, Clock::time_point deadline, bool announce) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  const auto found = event_objects_.find({step.actor, socket_of(step)});
  if (found == event_objects_.end()) {
    throw InputError(step.place, "nobody selected events for socket \"" + socket_of(step) + "\"");
  }
  send(step,
       {{"op", "WSAWaitForMultipleEvents"},
        {"events", json::array({found->second})},
        {"wait_all", false},
        {"timeout", std::max<long long>(0, left.count())}},
       Event::Kind::kCall, announce);
}

std::chrono::milliseconds Walk::moment() const {
  return actors_.patience().call / 50;
}

// Whether a wait of the step that has timed out is made again. It ended by the clock, whoever got a
// processor meanwhile: those that should have brought about what is waited for, or noticed it, have
// a moment more, and again while they would go on and cannot.
bool Walk::has_overtime(Overtime& overtime) const {
  if (!overtime.adapters.empty()) return overtime.is_held_up;
  for (const auto& [name, role] : roles_) {
    if (!role.gone) overtime.adapters.emplace_back(role.actor->adapter->pid());
  }
  return true;
}

// In the middle of the moment: who only waits sleeps then.
void Walk::look(Overtime& overtime, const Step& step) {
  if (overtime.adapters.empty()) return;
  const Clock::time_point middle = Clock::now() + moment() / 2;
  host::Adapter& adapter = *role_of(step).actor->adapter;
  while (!adapter.spoke() && Clock::now() < middle) actors_.context().run_one_until(middle);
  overtime.is_held_up =
      std::any_of(overtime.adapters.begin(), overtime.adapters.end(),
                  [](const host::Lateness& lateness) { return lateness.is_excused(); });
}

// A wait for which the case gives no time.
void Walk::finish_wait(const Step& step) {
  const json timed_out = step.operation == "select" ? json(0) : json("WSA_WAIT_TIMEOUT");
  Overtime overtime;
  while (true) {
    look(overtime, step);
    const auto message = answer(step, answer_deadline(*lane_of(step).request));
    if (!message) return;
    const Event::Body& outcome = message->second;
    const bool again = outcome->value("returns", json()) == timed_out && has_overtime(overtime);
    record(again ? Event::Kind::kPartial : Event::Kind::kReturn, message->first, step.actor,
           step.id, outcome);
    if (!again || progress_.stopped()) return;
    json request = request_of(step);
    request["timeout"] = moment().count();
    send(step, std::move(request), Event::Kind::kCall, false);
  }
}

// Waits and enumerates until the event is in the record.
void Walk::finish_indication(const Step& step) {
  Lane& lane = lane_of(step);
  const std::string socket = socket_of(step);
  auto& unclaimed = unclaimed_[{step.actor, socket}];
  Clock::time_point until = deadline();
  Overtime overtime;
  // A wait that was begun early may have timed out while other steps were going on.
  bool early = lane.open != 0;
  while (unclaimed.count(step.operation) == 0) {
    // Only events that nobody asked for, until the time is over: they may come for ever.
    const bool last = Clock::now() >= until;
    if (lane.open == 0) wait_for_event(step, until, false);
    look(overtime, step);
    // The adapter's own wait ends at `until`; its answer may take a little longer. What the suite
    // itself takes, when it is held up, is not the adapter's.
    const Clock::time_point answer_until =
        std::max(until, Clock::now()) + actors_.patience().call / 2;
    const auto waited = reply(step, Event::Kind::kPartial, answer_until);
    if (!waited) return;
    const bool timed_out = (*waited)->value("returns", json(nullptr)) == "WSA_WAIT_TIMEOUT";
    if (std::exchange(early, false) && timed_out) continue;
    if (timed_out && has_overtime(overtime)) {
      until = Clock::now() + moment();
      continue;
    }
    const auto missed = [this]() -> Event::Body {
      return {{"event", fmt::format("not recorded within {} ms", actors_.patience().call.count())}};
    };
    if (timed_out || !(*waited)->contains("returns")) {
      const Event::Body outcome = (*waited)->contains("returns") ? missed() : *waited;
      record(Event::Kind::kIndication, Clock::now(), step.actor, step.id, outcome);
      return;
    }
    send(step,
         {{"op", "WSAEnumNetworkEvents"},
          {"socket", socket},
          {"event", event_objects_.at({step.actor, socket})}},
         Event::Kind::kCall, false);
    const auto events = reply(step, Event::Kind::kPartial, deadline());
    if (!events) return;
    if (!(*events)->contains("network_events") || !(*events)->at("network_events").is_object()) {
      record(Event::Kind::kIndication, Clock::now(), step.actor, step.id, *events);
      return;
    }
    for (const auto& [event, error] : (*events)->at("network_events").items())
      unclaimed[event] = error;
    if (last && unclaimed.count(step.operation) == 0) {
      record(Event::Kind::kIndication, Clock::now(), step.actor, step.id, missed());
      return;
    }
  }
  record(Event::Kind::kIndication, Clock::now(), step.actor, step.id,
         {{"network_event", step.operation}, {"error", unclaimed[step.operation]}});
  unclaimed.erase(step.operation);
}

}  // namespace ws2conform
