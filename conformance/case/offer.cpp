#include "conformance/case/offer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/case/bindings.hpp"
#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

constexpr const char* kState = "state";
// Steps lead to two kinds of being connected; an offer of "connected" is for both, one of "sending"
// for the first.
constexpr const char* kConnected = "connected";
constexpr const char* kSendingEnded = "connected, its sending ended";
constexpr const char* kSending = "sending";

// Scalars as cases have them.
json as_written(const json& value) {
  if (value.is_structured()) {
    json written = value;
    for (json& part : written) part = as_written(part);
    return written;
  }
  return value.is_string() || value.is_null() ? value : json(value.dump());
}

const json* field_of(const Step& step, std::string_view name) {
  const auto found = std::find_if(step.fields.begin(), step.fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == step.fields.end() ? nullptr : &found->value;
}

std::string text_of(const Step& step, std::string_view name, const std::string& otherwise) {
  const json* value = field_of(step, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : otherwise;
}

// A pending connect counts as one that succeeds.
bool can_succeed(const Step& step) {
  const auto fails = [](const std::vector<Field>& fields) {
    return std::any_of(fields.begin(), fields.end(), [](const Field& field) {
      return field.name == "error" && field.value != "WSAEWOULDBLOCK";
    });
  };
  if (step.readings.empty()) return !fails(step.fields);
  return std::any_of(step.readings.begin(), step.readings.end(),
                     [&](const Reading& reading) { return !fails(reading.fields); });
}

std::string socket_of(const Step& step, const std::string& actor) {
  const bool listens = find_operation(step.operation)->default_socket == "listener";
  return text_of(step, "socket", listens ? "listener" : actor);
}

}  // namespace

std::vector<std::string> socket_states() {
  return {"fresh", "bound", "listening", kConnected, kSending, "receiving-ended", "closed"};
}

Offer parse_offer(const json& only) {
  Offer offer;
  if (!only.is_object()) throw std::runtime_error("\"only\" is no object: " + only.dump());
  for (const auto& [operation, fields] : only.items()) {
    if (!fields.is_object()) {
      throw std::runtime_error(fmt::format("only: {} is no object: {}", operation, fields.dump()));
    }
    for (const auto& [field, values] : fields.items()) {
      if (!values.is_array()) {
        throw std::runtime_error(
            fmt::format("only: {}.{} is no list: {}", operation, field, values.dump()));
      }
      auto& known = offer[operation][field];
      for (const json& value : values) known.push_back(as_written(value));
    }
  }
  return offer;
}

std::string OfferedSteps::gap(const Step& step) {
  const Operation& operation = *find_operation(step.operation);
  std::vector<std::string> calls = adapter_calls(operation);
  if (operation.waiting == Waiting::kUpcall || operation.name == "decide") calls = {"condition"};
  for (const std::string& call : calls) {
    const std::string gap = gap_of(call, step);
    if (!gap.empty()) return gap;
  }
  follow(step);
  return "";
}

std::string OfferedSteps::gap_of(const std::string& call, const Step& step) const {
  const auto only = offer_.find(call);
  if (only == offer_.end()) return "";
  for (const auto& [field, known] : only->second) {
    const auto is_known = [&known = known](const json& value) {
      return std::find(known.begin(), known.end(), value) != known.end();
    };
    if (field == kState) {
      const std::string state = state_of(step);
      if (state == kSendingEnded && is_known(kConnected)) continue;
      if (state == kConnected && is_known(kSending)) continue;
      if (!is_known(state)) return fmt::format("{} on a socket that is {}", call, state);
      continue;
    }
    const json* value = field_of(step, field);
    if (value == nullptr) continue;
    const Operation& operation = *find_operation(step.operation);
    const bool is_argument = operation.argument(field) != nullptr;
    if (!is_argument && operation.outcome(field) == nullptr) continue;
    if (known.empty()) return fmt::format("{} with {}", call, field);
    if (!is_argument) continue;                 // what comes back is judged
    if (!references(*value).empty()) continue;  // what it will be is not known yet
    const bool all =
        value->is_array() ? std::all_of(value->begin(), value->end(), is_known) : is_known(*value);
    if (all) continue;
    return fmt::format("{} with {} {}", call, field,
                       value->is_string() ? value->get<std::string>() : value->dump());
  }
  return "";
}

std::string OfferedSteps::state_of(const Step& step) const {
  const auto found = states_.find(socket_of(step, actor_));
  return found == states_.end() ? "fresh" : found->second;
}

void OfferedSteps::follow(const Step& step) {
  if (!can_succeed(step)) return;
  const std::string& name = step.operation;
  std::string& own = states_.try_emplace(socket_of(step, actor_), "fresh").first->second;
  if (name == "bind" && own == "fresh") own = "bound";
  if (name == "listen") own = "listening";
  if (name == "connect" || name == "WSAConnect") own = kConnected;
  if (name == "accept" || name == "WSAAccept") states_[text_of(step, "as", actor_)] = kConnected;
  const bool ends_sending = name == "WSASendDisconnect" || name == "shutdown";
  if (ends_sending && own == kConnected) own = kSendingEnded;
  const bool ends_receiving =
      name == "WSARecvDisconnect" || (name == "shutdown" && text_of(step, "how", "") != "SD_SEND");
  if (ends_receiving) own = "receiving-ended";
  if (name == "closesocket") own = "closed";
}

}  // namespace ws2conform
