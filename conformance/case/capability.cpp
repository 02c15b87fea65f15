#include "conformance/case/capability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "conformance/case/bindings.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/schedule/plan.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

template <typename T>
T member(const json& object, const char* name) {
  if (!object.contains(name)) throw std::runtime_error(fmt::format("no \"{}\"", name));
  try {
    return object.at(name).get<T>();
  } catch (const json::exception&) {
    throw std::runtime_error(
        fmt::format("\"{}\" has the wrong type: {}", name, object.at(name).dump()));
  }
}

template <typename T>
T member_or(const json& object, const char* name, T otherwise) {
  return object.contains(name) ? member<T>(object, name) : otherwise;
}

// JSON's integers and nothing that could be turned into one.
template <typename T>
T integer_or(const json& object, const char* name, T otherwise, T least) {
  if (!object.contains(name)) return otherwise;
  if (!object.at(name).is_number_integer()) {
    throw std::runtime_error(
        fmt::format("\"{}\" has the wrong type: {}", name, object.at(name).dump()));
  }
  const T value = member<T>(object, name);
  if (value < least) {
    throw std::runtime_error(fmt::format("\"{}\" is less than {}: {}", name, least, value));
  }
  return value;
}

Provider parse_provider(const json& object) {
  if (!object.is_object()) throw std::runtime_error("a provider is no object");
  Provider provider;
  provider.name = member<std::string>(object, "name");
  provider.flags = member<std::set<std::string>>(object, "flags");
  provider.families = member_or<std::set<std::string>>(object, "families", {"AF_INET"});
  provider.capabilities = member_or<std::set<std::string>>(object, "capabilities", {});
  provider.caller_data_max = integer_or<long long>(object, "caller_data_max", 0, 0);
  provider.callee_data_max = integer_or<long long>(object, "callee_data_max", 0, 0);
  provider.disconnect_data_max = integer_or<long long>(object, "disconnect_data_max", 0, 0);
  provider.disconnect_reply_max = integer_or<long long>(object, "disconnect_reply_max", 0, 0);

  const auto claims = [&](const char* flag) { return provider.flags.count(flag) > 0; };
  const auto add = [&](bool holds, const char* capability) {
    if (holds) provider.capabilities.insert(capability);
  };
  add(claims("XP1_CONNECT_DATA"), "connect-data");
  add(claims("XP1_DISCONNECT_DATA"), "disconnect-data");
  add(claims("XP1_DISCONNECT_DATA") && provider.disconnect_reply_max > 0, "disconnect-reply");
  add(claims("XP1_GRACEFUL_CLOSE"), "graceful-close");
  add(claims("XP1_QOS_SUPPORTED"), "qos");
  const bool messages = claims("XP1_MESSAGE_ORIENTED") && !claims("XP1_PSEUDO_STREAM");
  add(messages, "message-oriented");
  add(messages && claims("XP1_PARTIAL_MESSAGE"), "partial-messages");
  add(!messages, "byte-stream");
  return provider;
}

// The first user data of `step` that is beyond what the provider says it carries, as a sentence. A
// step that must fail may be about just that.
std::string beyond_limit(const Step& step, const Provider& provider, const std::string& who) {
  const auto named = [&](const char* name) {
    return std::find_if(step.fields.begin(), step.fields.end(),
                        [&](const Field& field) { return field.name == name; });
  };
  if (named("error") != step.fields.end() || !step.readings.empty()) return "";
  const std::tuple<std::string_view, const char*, long long, const char*> limits[] = {
      {"WSAConnect", "caller_data", provider.caller_data_max, "caller data"},
      {"condition", "callee_data", provider.callee_data_max, "callee data"},
      {"WSASendDisconnect", "data", provider.disconnect_data_max, "disconnect data"},
  };
  for (const auto& [operation, name, limit, what] : limits) {
    const auto field = named(name);
    if (step.operation != operation || field == step.fields.end()) continue;
    const auto names = references(field->value);
    // A value of the conversation, or one that the case measures by the limit itself.
    if (!names.empty()) continue;
    const auto octets = octets_value(field->value, {}, field->place);
    if (octets && static_cast<long long>(octets->size()) > limit) {
      return fmt::format("{} carries {} octets of {}, the case needs {}", who, limit, what,
                         octets->size());
    }
  }
  return "";
}

}  // namespace

std::string family_of(const Instance& instance, const Provider& provider) {
  const bool only_ipv6 = provider.families == std::set<std::string>{"AF_INET6"};
  return axis_value(instance.axes, "family", only_ipv6 ? "AF_INET6" : "AF_INET");
}

std::map<std::string, long long> limits_of(const Provider& provider) {
  return {{"caller_data_max", provider.caller_data_max},
          {"callee_data_max", provider.callee_data_max},
          {"disconnect_data_max", provider.disconnect_data_max},
          {"disconnect_reply_max", provider.disconnect_reply_max}};
}

const Provider* Hello::provider(const std::string& name) const {
  const auto found = std::find_if(providers.begin(), providers.end(),
                                  [&](const Provider& p) { return p.name == name; });
  return found == providers.end() ? nullptr : &*found;
}

Hello parse_hello(const json& message) {
  if (!message.is_object()) throw std::runtime_error("it is no object");
  if (!message.contains("hello")) throw std::runtime_error("no \"hello\"");
  const long long version = integer_or<long long>(message, "hello", 0, 0);
  if (version != 1) {
    throw std::runtime_error(fmt::format("it speaks protocol version {}, this suite 1", version));
  }
  Hello hello;
  hello.implementation = member<std::string>(message, "implementation");
  hello.version = member<std::string>(message, "version");
  hello.lanes = integer_or<int>(message, "lanes", 1, 1);
  hello.nested = member_or<bool>(message, "nested", false);
  hello.reads_ahead = member_or<bool>(message, "reads_ahead", false);
  hello.operations = member<std::set<std::string>>(message, "operations");
  if (message.contains("only")) hello.only = parse_offer(message.at("only"));
  for (const json& provider : member<std::vector<json>>(message, "providers")) {
    Provider parsed = parse_provider(provider);
    if (hello.provider(parsed.name) != nullptr) {
      throw std::runtime_error(fmt::format("two providers are called \"{}\"", parsed.name));
    }
    hello.providers.push_back(std::move(parsed));
  }
  if (hello.providers.empty()) throw std::runtime_error("it lists no provider");
  return hello;
}

std::vector<std::string> capability_names() {
  return {"connect-data",
          "disconnect-data",
          "disconnect-reply",
          "graceful-close",
          "qos",
          "message-oriented",
          "byte-stream",
          "conditional-accept",
          "delayed-accept",
          "events",
          "half-close",
          "overlapped",
          "relayable",
          "connection-timeout",
          "keep-alive",
          "partial-messages"};
}

std::string declared_gap(const Instance& instance, const std::string& actor, const Hello& hello,
                         const std::string& iut) {
  const Provider* provider = hello.provider(instance.provider);
  if (provider == nullptr) {
    return fmt::format("{} has no provider \"{}\"", iut, instance.provider);
  }
  const std::string who = fmt::format("provider {} of {}", provider->name, iut);
  const auto claims = [&](const std::string& c) { return provider->capabilities.count(c) > 0; };
  for (const std::string& capability : instance.source->needs) {
    if (!claims(capability)) return fmt::format("{} does not claim {}", who, capability);
  }
  for (const std::string& capability : instance.source->lacks) {
    if (claims(capability)) {
      return fmt::format("{} claims {}, the case is about its absence", who, capability);
    }
  }
  if (!instance.relay.empty() && !claims("relayable")) {
    return fmt::format("{} does not claim relayable", who);
  }
  const std::string family = family_of(instance, *provider);
  if (provider->families.count(family) == 0) {
    return fmt::format("{} does not serve {}", who, family);
  }
  if (const int lanes = lanes_of(instance, actor); hello.lanes < lanes) {
    return fmt::format("the adapter of {} holds {} {} open at once, the case needs {}", iut,
                       hello.lanes, hello.lanes == 1 ? "call" : "calls", lanes);
  }
  OfferedSteps offered(hello.only, actor);
  std::set<int> open;  // the lanes in which a condition function is open
  for (const auto* steps : {&instance.opening, &instance.steps}) {
    for (const Step& step : *steps) {
      if (step.actor != actor) continue;
      const Operation& operation = *find_operation(step.operation);
      const bool within = open.count(step.lane) > 0 && step.operation != "decide";
      if (within && !hello.nested) {
        return fmt::format("the adapter of {} makes no calls while its condition function is open",
                           iut);
      }
      if (step.operation == "condition" && leaves_open(step)) open.insert(step.lane);
      if (step.operation == "decide") open.erase(step.lane);
      std::string capability(operation.capability);
      if (has_condition(step)) capability = "conditional-accept";
      if (!capability.empty() && !claims(capability)) {
        return fmt::format("{} does not claim {}", who, capability);
      }
      const std::string beyond = beyond_limit(step, *provider, who);
      if (!beyond.empty()) return beyond;
      for (const std::string& call : adapter_calls(operation)) {
        if (hello.operations.count(call) == 0) {
          return fmt::format("the adapter of {} does not offer {}", iut, call);
        }
      }
      const std::string gap = offered.gap(step);
      if (!gap.empty()) return fmt::format("the adapter of {} does not offer {}", iut, gap);
    }
  }
  return "";
}

}  // namespace ws2conform
