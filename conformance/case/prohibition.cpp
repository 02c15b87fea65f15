#include "conformance/case/prohibition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/case/loader.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/order.hpp"
#include "conformance/case/request.hpp"
#include "conformance/schedule/plan.hpp"

namespace ws2conform {
namespace {

const std::vector<std::string> kForbidden = {"FD_READ",   "FD_WRITE",  "FD_ACCEPT", "FD_CONNECT",
                                             "FD_CLOSE",  "FD_QOS",    "condition", "receive",
                                             "recv-zero", "WSAEDISCON"};

Prohibition load(const YamlFile& file, const YAML::Node& node,
                 const std::vector<std::string>& actors) {
  std::vector<std::string> keys = actors;
  keys.insert(keys.end(), {"socket", "from", "until", "requirement", "provenance"});
  require_known_keys(file, node, keys, "what must not be seen");
  Prohibition prohibition;
  prohibition.place = file.place(node);
  for (const auto& member : node) {
    const std::string key = member.first.Scalar();
    const std::string value = member.second.IsScalar() ? member.second.Scalar() : "";
    if (key == "from") {
      prohibition.from = value;
    } else if (key == "until") {
      prohibition.until = value;
    } else if (key == "socket") {
      prohibition.socket = value;
    } else if (key == "requirement") {
      prohibition.requirement = value;
    } else if (key == "provenance") {
      prohibition.provenance = parse_provenance(value, file.place(member.second));
    } else if (!prohibition.actor.empty()) {
      throw InputError(file.place(member.first), "what must not be seen has one actor");
    } else {
      prohibition.actor = key;
      prohibition.operation = value;
    }
  }
  if (prohibition.actor.empty()) {
    throw InputError(prohibition.place,
                     fmt::format("it names no actor; the actors are {}", fmt::join(actors, ", ")));
  }
  const bool axis = !prohibition.operation.empty() && prohibition.operation.front() == '$';
  if (!axis &&
      std::find(kForbidden.begin(), kForbidden.end(), prohibition.operation) == kForbidden.end()) {
    throw InputError(
        prohibition.place,
        fmt::format("\"{}\" cannot be forbidden, {} can{}", prohibition.operation,
                    fmt::join(kForbidden, ", "), did_you_mean(prohibition.operation, kForbidden)));
  }
  return prohibition;
}

std::optional<std::size_t> find_step(const std::vector<Step>& steps,
                                     const std::optional<std::string>& id,
                                     const SourcePlace& place) {
  if (!id) return std::nullopt;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].id == *id) return i;
    ids.push_back(steps[i].id);
  }
  throw InputError(place, "no step has the ID \"" + *id + "\"" + did_you_mean(*id, ids));
}

// Whether the history of the step can show what is forbidden.
bool looks(const Step& step, const Prohibition& prohibition) {
  if (step.actor != prohibition.actor) return false;
  if (prohibition.operation == "condition") return has_condition(step);
  if (socket_of(step) != prohibition.socket_name()) return false;
  const Operation& operation = *find_operation(step.operation);
  if (find_operation(prohibition.operation)->is_indication()) {
    return operation.is_indication() || operation.name == "WSAEnumNetworkEvents";
  }
  const auto calls = adapter_calls(operation);
  return std::any_of(calls.begin(), calls.end(), [](const std::string& call) {
    return call == "recv" || call == "WSARecv" || call == "WSAGetOverlappedResult";
  });
}

void lint(const Instance& instance, const Prohibition& prohibition, Order& order) {
  const std::vector<Step>& steps = instance.steps;
  const auto from = find_step(steps, prohibition.from, prohibition.place);
  const auto until = find_step(steps, prohibition.until, prohibition.place);
  const auto& listed = instance.source->requirements;
  if (prohibition.requirement &&
      std::find(listed.begin(), listed.end(), *prohibition.requirement) == listed.end()) {
    throw InputError(prohibition.place, "requirement " + *prohibition.requirement +
                                            " is not among the case's requirements");
  }
  bool seen = false;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!looks(steps[i], prohibition)) continue;
    // Over, in every schedule, when the prohibition begins; or only after it has ended.
    const bool before = from && order.over_after(*from).count(i) > 0;
    const bool after = until && order.over_after(i).count(*until) > 0;
    if (before || after) continue;
    seen = true;
    const bool inside = (!from || (*from != i && order.over_after(i).count(*from) > 0)) &&
                        (!until || order.over_before(*until).count(i) > 0);
    if (inside && steps[i].operation == prohibition.operation) {
      throw InputError(steps[i].place,
                       fmt::format("a contradiction: step {} expects what must not be seen: {}",
                                   steps[i].id, to_string(prohibition)));
    }
  }
  if (!seen) {
    throw InputError(
        prohibition.place,
        fmt::format("a dead expectation: no step of {} could show it in time", prohibition.actor));
  }
}

}  // namespace

std::vector<Prohibition> load_prohibitions(const YamlFile& file, const YAML::Node& node,
                                           const std::vector<std::string>& actors) {
  std::vector<Prohibition> prohibitions;
  for (const auto& item : node) prohibitions.push_back(load(file, item, actors));
  return prohibitions;
}

std::string to_string(const Prohibition& prohibition) {
  const std::string& operation = prohibition.operation;
  std::string text = operation == "condition"   ? "no call of the condition function"
                     : operation == "receive"   ? "no octets received"
                     : operation == "recv-zero" ? "no receive of zero octets"
                                                : "no " + operation;
  text += " at " + prohibition.actor;
  if (!prohibition.socket.empty()) text += " on socket " + prohibition.socket;
  if (prohibition.from) text += " after step " + *prohibition.from + " is over";
  if (prohibition.until) {
    text +=
        fmt::format("{} before step {} begins", prohibition.from ? " and" : "", *prohibition.until);
  }
  return text;
}

void lint_prohibitions(const Instance& instance) {
  Order order(instance.steps);
  for (const Prohibition& prohibition : instance.must_not) lint(instance, prohibition, order);
}

}  // namespace ws2conform
