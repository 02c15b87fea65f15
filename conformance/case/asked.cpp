#include "conformance/case/asked.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/case/hash.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/relay.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// The order in which a case writes them is nobody's business.
json arguments_of(const Step& step) {
  const Operation* operation = find_operation(step.operation);
  json arguments = json::object();
  for (const Field& field : step.fields) {
    // The suite's arithmetic has no arguments of fixed names; what it comes to is sent.
    if (operation == nullptr || operation->waiting == Waiting::kInternal ||
        operation->argument(field.name) != nullptr) {
      arguments[field.name] = field.value;
    }
  }
  return arguments;
}

json asked(const Step& step) {
  std::vector<std::string> after = step.after;
  std::sort(after.begin(), after.end());
  return {step.id,
          step.actor,
          step.lane,
          step.operation,
          arguments_of(step),
          after,
          step.by.value_or(""),
          step.until.value_or("")};
}

json asked(const RelayRule& rule) {
  return {way_of(rule), treatment_text(rule), rule.from.value_or(""), rule.until.value_or("")};
}

}  // namespace

std::string asked_hash(const Instance& instance) {
  json all = json::array();
  for (const Step& step : instance.opening) all.push_back(asked(step));
  for (const Step& step : instance.steps) all.push_back(asked(step));
  for (const RelayRule& rule : instance.relay) all.push_back(asked(rule));
  if (instance.rounds > 0) all.push_back({instance.rounds, instance.source->rounds.start});
  return fmt::format("{:016x}", fnv1a(all.dump(-1, ' ', false, json::error_handler_t::replace)));
}

}  // namespace ws2conform
