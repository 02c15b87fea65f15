// Steps that are made of several calls.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/case/octets.hpp"
#include "conformance/case/request.hpp"
#include "conformance/execution/walk.hpp"

namespace ws2conform {
namespace {

using host::Clock;
using nlohmann::json;

// `fill` and `drain` give up on an implementation that takes, or yields, without end.
constexpr long long kRepeatedLimit = 64LL << 20U;

bool is_any_excused(const std::vector<host::Lateness>& all) {
  return std::any_of(all.begin(), all.end(),
                     [](const host::Lateness& lateness) { return lateness.is_excused(); });
}

}  // namespace

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

std::vector<host::Lateness> Walk::lateness_of_all() const {
  std::vector<host::Lateness> all;
  for (const auto& [name, role] : roles_) {
    if (!role.gone) all.emplace_back(role.actor->adapter->pid());
  }
  return all;
}

// Until then, or until the step's adapter says something.
void Walk::let_pass(const Step& step, Clock::time_point until) {
  host::Adapter& adapter = *role_of(step).actor->adapter;
  while (!adapter.spoke() && Clock::now() < until) actors_.context().run_one_until(until);
}

// Waits and enumerates until the event is in the record.
void Walk::finish_indication(const Step& step) {
  Lane& lane = lane_of(step);
  const std::string socket = socket_of(step);
  auto& unclaimed = unclaimed_[{step.actor, socket}];
  Clock::time_point until = deadline();
  std::vector<host::Lateness> lateness;  // of all adapters, once the time is over
  bool held_up = false;                  // some of them
  // A wait that was begun early may have timed out while other steps were going on.
  bool early = lane.open != 0;
  while (unclaimed.count(step.operation) == 0) {
    // Only events that nobody asked for, until the time is over: they may come for ever.
    const bool last = Clock::now() >= until;
    if (lane.open == 0) wait_for_event(step, until, false);
    // Looked at while it waits: who only waits sleeps then.
    if (!lateness.empty()) {
      let_pass(step, Clock::now() + (until - Clock::now()) / 2);
      held_up = is_any_excused(lateness);
    }
    // The adapter's own wait ends at `until`; its answer may take a little longer. What the suite
    // itself takes, when it is held up, is not the adapter's.
    const Clock::time_point answer_until =
        std::max(until, Clock::now()) + actors_.patience().call / 2;
    const auto waited = reply(step, Event::Kind::kPartial, answer_until);
    if (!waited) return;
    const bool timed_out = (*waited)->value("returns", json(nullptr)) == "WSA_WAIT_TIMEOUT";
    if (std::exchange(early, false) && timed_out) continue;
    // The wait ended by the clock, whoever got a processor meanwhile. Those that should have
    // brought the event about, or noticed it, have a little more time to do so, and again while
    // they would go on and cannot.
    if (timed_out && (lateness.empty() || held_up)) {
      if (lateness.empty()) lateness = lateness_of_all();
      until = Clock::now() + actors_.patience().call / 50;
      continue;
    }
    const Event::Body missed = {
        {"event", fmt::format("not recorded within {} ms", actors_.patience().call.count())}};
    if (timed_out || !(*waited)->contains("returns")) {
      const Event::Body outcome = (*waited)->contains("returns") ? missed : *waited;
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
      record(Event::Kind::kIndication, Clock::now(), step.actor, step.id, missed);
      return;
    }
  }
  record(Event::Kind::kIndication, Clock::now(), step.actor, step.id,
         {{"network_event", step.operation}, {"error", unclaimed[step.operation]}});
  unclaimed.erase(step.operation);
}

// Receives until as many octets have come as the step expects, or no more do. Each of the calls has
// the whole of the suite's patience: what passes between them is the suite's.
void Walk::finish_receive(const Step& step, Event::Body received) {
  const auto wanted = std::find_if(step.fields.begin(), step.fields.end(),
                                   [](const Field& field) { return field.name == "data"; });
  const std::string expected =
      octets_value(wanted->value, progress_.bindings(), wanted->place).value_or("");
  std::string data;
  while (true) {
    const bool more = received->contains("data") && received->at("data").is_string();
    const auto decoded = from_base64(more ? received->at("data").get<std::string>() : "");
    if (!decoded) {  // told by whoever judges the outcome
      record(Event::Kind::kIndication, Clock::now(), step.actor, step.id, received);
      return;
    }
    const std::string& part = *decoded;
    data += part;
    if (part.empty() || data.size() >= expected.size()) break;
    send(step, request_of(step), Event::Kind::kCall, false);
    const auto next = reply(step, Event::Kind::kPartial, deadline());
    if (!next) return;
    received = *next;
  }
  json outcome = {{"returns", data.size()}, {"data", to_base64(data)}};
  for (const char* kind : {"returns", "error", "unsupported", "adapter_error"}) {
    if (received->contains(kind) && !received->contains("returns")) {
      outcome = {{kind, received->at(kind)}, {"data", to_base64(data)}};
    }
  }
  record(Event::Kind::kIndication, Clock::now(), step.actor, step.id, outcome);
}

// `fill` sends until no more is taken: the octets of a pattern that goes on from call to call.
// `drain` receives until no more comes.
void Walk::finish_repeated(const Step& step, json last) {
  const bool fills = step.operation == "fill";
  const auto moved = [&last] {
    const json returns = last.value("returns", json());
    return returns.is_number_integer() ? returns.get<long long>() : -1;
  };
  long long octets = 0;
  while ((fills ? moved() >= 0 : moved() > 0) && octets < kRepeatedLimit) {
    octets += moved();
    json request = request_of(step);
    if (fills) request["data"] = fill_data(octets);
    send(step, std::move(request), Event::Kind::kCall, false);
    const auto next = reply(step, Event::Kind::kPartial, deadline());
    if (!next) return;
    last = **next;
  }
  last["octets"] = octets;
  last.erase("data");
  record(Event::Kind::kIndication, Clock::now(), step.actor, step.id, last);
}

}  // namespace ws2conform
