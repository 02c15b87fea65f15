#include "conformance/walks/draft.hpp"

#include <algorithm>
#include <set>

#include "conformance/case/octets.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/request.hpp"
#include "conformance/model/exploration.hpp"
#include "conformance/model/observation.hpp"

namespace ws2conform::walks {
namespace {

using nlohmann::json;

// Octets as cases write them.
json written_octets(const std::string& octets) {
  constexpr std::size_t kWorthAPattern = 8;
  if (octets.size() >= kWorthAPattern && octets == octet_pattern(octets.size())) {
    return {{"pattern", std::to_string(octets.size())}};
  }
  const bool plain = std::all_of(octets.begin(), octets.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (plain) return octets;
  std::string hex;
  for (const char c : octets) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return {{"hex", hex}};
}

// Numbers and the like as the loader gives them.
json as_strings(const json& value) {
  if (value.is_number() || value.is_boolean()) return value.dump();
  if (!value.is_structured()) return value;
  json copy = value;
  for (json& item : copy) item = as_strings(item);
  return copy;
}

// What is compared of each operation's out-parameters, besides its result.
const std::set<std::string>& compared_outcomes() {
  static const std::set<std::string> kCompared = {"data",        "len",
                                                  "callee_data", "callee_len",
                                                  "caller_data", "callee_capacity",
                                                  "value",       "network_events",
                                                  "strays",      "left_flags",
                                                  "same_thread", "callback_data",
                                                  "sqos",        "gqos",
                                                  "agreed",      "addr_length",
                                                  "readable",    "writable",
                                                  "failed",      "transferred",
                                                  "directions",  "flag_values"};
  return kCompared;
}

bool has_field(const Step& step, const char* name) {
  return std::any_of(step.fields.begin(), step.fields.end(),
                     [name](const Field& field) { return field.name == name; });
}

// Addresses are the run's own: the first step that shows one names it, later ones refer to it.
std::string name_of(const std::string& address, std::map<std::string, std::string>& names) {
  const auto [found, is_new] = names.try_emplace(address);
  if (is_new) found->second = "address" + std::to_string(names.size());
  return "$" + found->second;
}

void expect(Step& step, const json& outcome, std::map<std::string, std::string>& addresses) {
  const Operation& operation = *find_operation(step.operation);
  const auto add = [&](const char* name, json value) {
    step.fields.push_back({name, std::move(value), step.place});
  };
  if (operation.is_indication()) {
    if (outcome.contains("error")) add("error", as_strings(outcome.at("error")));
    return;
  }
  if (outcome.contains("error")) {
    add("error", outcome.at("error"));
    return;
  }
  const json returns = outcome.value("returns", json());
  const bool says_more = step.operation == "WSAWaitForMultipleEvents" || step.operation == "send" ||
                         step.operation == "select" ||
                         (step.operation == "WSASend" && !has_field(step, "overlapped"));
  if (says_more) add("returns", as_strings(returns));
  for (const FieldSpec& spec : operation.outcomes) {
    const std::string name(spec.name);
    if (!outcome.contains(name)) continue;
    if (spec.type == FieldType::kAddress && outcome.at(name).is_string()) {
      add(name.c_str(), name_of(outcome.at(name), addresses));
      continue;
    }
    // The provider's entry: whatever it is, it is the same.
    if (outcome.at(name) == model::kEntry) {
      add(name.c_str(), "$entry");
      continue;
    }
    if (compared_outcomes().count(name) == 0) continue;
    const bool offers = step.operation != "WSAConnect" || has_field(step, "callee_capacity");
    const bool fetches = step.operation != "WSARecvDisconnect" || has_field(step, "capacity");
    // FIONBIO's argument is its own.
    const bool tells = step.operation != "ioctlsocket" || !has_field(step, "argument");
    if (!offers || !fetches || !tells) continue;
    const json& value = outcome.at(name);
    if (name == "callee_data" && step.operation == "WSAEnumNetworkEvents" && value.is_null())
      continue;
    if (name == "callee_len" && value.is_null()) continue;
    if (spec.type == FieldType::kOctets && value.is_string()) {
      add(name.c_str(), written_octets(from_base64(value.get<std::string>()).value_or("")));
    } else {
      add(name.c_str(), as_strings(value));
    }
  }
}

// The requirement that says most about a step of that operation.
std::string requirement_of(const std::string& operation) {
  static const std::map<std::string, std::string> kOf = {{"send", "TEAR-04"},
                                                         {"WSASend", "TEAR-04"},
                                                         {"recv", "TEAR-04"},
                                                         {"WSARecv", "TEAR-04"},
                                                         {"WSASendDisconnect", "TEAR-03"},
                                                         {"WSARecvDisconnect", "TEAR-05"},
                                                         {"closesocket", "CLOSE-01"},
                                                         {"shutdown", "SHUT-01"},
                                                         {"connect", "ACC-04"},
                                                         {"WSAConnect", "UDATA-01"},
                                                         {"accept", "ACC-04"},
                                                         {"WSAAccept", "ACC-04"},
                                                         {"condition", "SEED-A03"},
                                                         {"WSAEnumNetworkEvents", "EVT-12"},
                                                         {"listen", "CONN-01"},
                                                         {"getsockname", "SEED-B01"},
                                                         {"getpeername", "SEED-B01"},
                                                         {"WSAIoctl", "QOS-01"}};
  const auto found = kOf.find(operation);
  if (found != kOf.end()) return found->second;
  return find_operation(operation)->capability == "events" ? "EVT-02" : "ERR-02";
}

Case bare_case(const Draft& draft) {
  Case walk;
  walk.id = draft.id;
  walk.title = "Calls one after the other, each with the outcome that the model gives it";
  walk.area = "walks";
  walk.place = {draft.id, 1, 1};
  walk.given = draft.given;
  walk.given_place = walk.place;
  walk.actors = draft.actors;
  if (draft.family != "AF_INET") walk.axes = {{"family", {draft.family}}};
  walk.steps = draft.steps;
  std::set<std::string> ids;
  for (const Step& step : walk.steps) ids.insert(step.id);
  for (std::size_t i = 0; i < walk.steps.size(); ++i) {
    Step& step = walk.steps[i];
    step.place = {draft.id, static_cast<int>(i) + 1, 1};
    step.after.clear();
    if (i > 0 && walk.steps[i - 1].actor != step.actor) step.after = {walk.steps[i - 1].id};
    for (auto* reference : {&step.until, &step.by}) {
      if (*reference && ids.count(**reference) == 0) reference->reset();
    }
  }
  return walk;
}

// Where one disconnect ends both directions its receiver confirms it, and until then the end that
// disconnected may wait in a receive. Who makes no call need not confirm, and nobody knows how
// long.
void leave_out_waits_for_an_idle_end(std::vector<Step>& steps) {
  std::set<std::string> disconnected;
  const auto waits = [&](const Step& step) {
    const bool receives = step.operation == "recv" || step.operation == "WSARecv";
    const bool disconnects = step.operation == "WSASendDisconnect";
    if (!receives && !disconnects) return false;
    const std::string end = step.actor + "/" + socket_of(step);
    if (disconnects) disconnected.insert(end);
    return receives && disconnected.count(end) > 0;
  };
  steps.erase(std::remove_if(steps.begin(), steps.end(), waits), steps.end());
}

}  // namespace

Step call(const std::string& id, const std::string& actor, const std::string& operation,
          std::vector<std::pair<std::string, json>> fields) {
  Step step;
  step.id = id;
  step.actor = actor;
  step.operation = operation;
  for (auto& [name, value] : fields) step.fields.push_back({name, std::move(value), {}});
  return step;
}

std::optional<Derived> derive(Draft& draft, const std::string& provider, const std::string& edition,
                              const ws2::Limits& limits) {
  if (limits.one_shot) leave_out_waits_for_an_idle_end(draft.steps);
  while (true) {
    Derived derived{bare_case(draft), std::nullopt};
    // Where a connect waits for nobody it is over before the next thing is done: what that is could
    // come in between otherwise.
    for (Step& step : derived.walk.steps) {
      if (!limits.delayed_accept) step.by.reset();
    }
    model::Observation observation;
    std::size_t doubtful = 0;
    try {
      const Instance instance = instances(derived.walk, provider).front();
      observation = model::observe(instance, edition, limits);
    } catch (const model::Outside&) {
      return std::nullopt;
    } catch (const InputError& error) {
      // Steps that wait for one another, or a value that is not there.
      if (error.place().line < 1 || draft.steps.empty()) return std::nullopt;
      observation.doubtful =
          std::min(static_cast<std::size_t>(error.place().line - 1), draft.steps.size() - 1);
    }
    if (observation.doubtful) {
      doubtful = *observation.doubtful;
      const std::string gone = draft.steps[doubtful].id;
      draft.steps.erase(draft.steps.begin() + static_cast<std::ptrdiff_t>(doubtful));
      for (Step& step : draft.steps) {
        if (step.until == gone) step.until.reset();
        if (step.by == gone) step.by.reset();
      }
      continue;
    }
    std::set<std::string> requirements;
    for (std::size_t i = 0; i < derived.walk.steps.size(); ++i) {
      expect(derived.walk.steps[i], observation.outcomes[i], observation.addresses);
      requirements.insert(requirement_of(derived.walk.steps[i].operation));
    }
    derived.walk.requirements = {requirements.begin(), requirements.end()};
    derived.net = std::move(observation.net);
    return derived;
  }
}

bool holds_in_the_model(const Case& walk, const std::string& provider, const std::string& edition,
                        const ws2::Limits& limits) {
  model::ExplorationBounds bounds;
  bounds.states = 3000;
  bounds.samples = 50;
  const Instance instance = instances(walk, provider).front();
  const model::Explored explored = model::explore(instance, edition, limits, bounds);
  return explored.outside.empty() && explored.disallowed.empty();
}

}  // namespace ws2conform::walks
