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

}  // namespace

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
