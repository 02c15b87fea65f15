// Event objects and network events.
#include <algorithm>
#include <limits>

#include "conformance/case/octets.hpp"
#include "conformance/model/errors.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {
namespace {

using nlohmann::json;

// In the order of the bits.
constexpr const char* kEventNames[] = {"FD_READ",    "FD_WRITE", "FD_OOB", "FD_ACCEPT",
                                       "FD_CONNECT", "FD_CLOSE", "FD_QOS", "FD_GROUP_QOS"};

std::optional<int> mask_of(const json& names) {
  int mask = 0;
  const auto add = [&](const std::string& name) {
    for (std::size_t i = 0; i < std::size(kEventNames); ++i) {
      if (name == kEventNames[i]) {
        mask |= 1 << i;
        return true;
      }
    }
    return false;
  };
  if (names.is_string()) return add(names.get<std::string>()) ? std::optional(mask) : std::nullopt;
  if (!names.is_array()) return std::nullopt;
  for (const json& name : names) {
    if (!name.is_string() || !add(name.get<std::string>())) return std::nullopt;
  }
  return mask;
}

}  // namespace

std::optional<json> Net::event_object_call(const std::string& actor, const json& request) {
  const std::string op = request.at("op");
  if (op == "WSACreateEvent") {
    events_[key_of(actor, request.at("as"))] = {};
    return json{{"returns", request.at("as")}};
  }
  if (op != "WSASetEvent" && op != "WSAResetEvent" && op != "WSACloseEvent") return std::nullopt;
  const auto found = events_.find(key_of(actor, request.at("event")));
  if (found == events_.end()) throw Outside("there is no such event object");
  if (found->second.closed) return result(kInvalidHandle);
  if (op == "WSACloseEvent") {
    found->second.closed = true;
  } else {
    found->second.set = op == "WSASetEvent";
  }
  return result(0, 1);
}

std::optional<json> Net::waited(const std::string& actor, const json& request) const {
  const json& names = request.at("events");
  std::optional<std::size_t> first;
  bool all = true;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const EventObject& object = events_.at(key_of(actor, names[i]));
    if (object.closed) return result(kInvalidHandle);
    if (object.set && !first) first = i;
    all = all && object.set;
  }
  if (first && (all || !request.value("wait_all", false))) return json{{"returns", *first}};
  if (request.value("timeout", json()) == 0) return json{{"returns", "WSA_WAIT_TIMEOUT"}};
  return std::nullopt;
}

json Net::select_events(const std::string& actor, Socket& s, const json& request) {
  const auto mask = mask_of(request.at("network_events"));
  if (!mask) throw Outside("such network events are not in the model");
  const json name = request.value("event", json());
  std::string key;
  if (!name.is_null()) {
    key = key_of(actor, name);
    if (events_.count(key) == 0) throw Outside("there is no such event object");
    if (events_.at(key).closed) key.clear();
  }
  if (key.empty() && *mask != 0) return result(WSAEINVAL);
  s.event = *mask != 0 ? key : "";
  if (*mask != 0) s.blocking = false;
  signal(s, s.record.select(*mask, conditions(s)));
  return result(0);
}

json Net::enumerate_events(const std::string& actor, Socket& s, const json& request) {
  const json name = request.value("event", json());
  const auto found = name.is_null() ? events_.end() : events_.find(key_of(actor, name));
  if (!name.is_null() && found == events_.end()) throw Outside("there is no such event object");
  if (request.value("no_buffer", false)) return result(WSAEFAULT);
  if (!name.is_null()) {
    if (found->second.closed) return result(WSAEINVAL);
    found->second.set = false;
  }
  const ws2::NetworkEvents taken = s.record.take();
  json shown = json::object();
  for (std::size_t i = 0; i < std::size(kEventNames); ++i) {
    if ((taken.bits >> i & 1) == 0) continue;
    shown[kEventNames[i]] = taken.errors[i] == 0 ? json(0) : json(error_name(taken.errors[i]));
  }
  json reply = {{"returns", 0}, {"network_events", shown}, {"strays", json::array()}};
  if ((taken.bits & ws2::fd::kConnect) != 0) {
    s.broken = 0;
    if (s.shows_callee) {
      reply["callee_len"] = s.callee_len;
      reply["callee_data"] = s.callee_data;
    }
  }
  return reply;
}

}  // namespace ws2conform::model
