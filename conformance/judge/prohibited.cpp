#include "conformance/judge/prohibited.hpp"

#include <fmt/format.h>

#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

bool is(const json& object, const char* member, const std::string& text) {
  return object.is_object() && object.contains(member) && object.at(member) == text;
}

long long number(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number_integer() ? found->get<long long>() : -1;
}

std::string shown_by_receive(const std::string& forbidden, const json& request, const json& reply) {
  const bool whole = is(request, "op", "recv") || is(request, "op", "WSARecv");
  const bool overlapped = is(request, "op", "WSAGetOverlappedResult");
  if (!whole && !overlapped) return "";
  if (forbidden == "WSAEDISCON") {
    return is(reply, "error", forbidden) ? "fails with WSAEDISCON" : "";
  }
  // A send that is complete has transferred octets as well, but yields no data.
  if (overlapped && (!reply.contains("data") || !reply.at("data").is_string())) return "";
  const long long octets = number(reply, overlapped ? "transferred" : "returns");
  if (forbidden == "receive") return octets > 0 ? fmt::format("{} octets received", octets) : "";
  return octets == 0 && number(request, "length") != 0 ? "zero octets received" : "";
}

}  // namespace

std::string shown(const Prohibition& prohibition, const Event& event, const json& request) {
  if (event.actor != prohibition.actor) return "";
  if (prohibition.operation == "condition") {
    return event.kind == Event::Kind::kCondition ? "the condition function is called" : "";
  }
  const bool reply = event.kind == Event::Kind::kReturn || event.kind == Event::Kind::kPartial;
  if (!reply || !event.body->is_object() || !request.is_object()) return "";
  if (!is(request, "socket", prohibition.socket_name())) return "";
  if (!find_operation(prohibition.operation)->is_indication()) {
    return shown_by_receive(prohibition.operation, request, *event.body);
  }
  const auto events = event.body->find("network_events");
  const bool recorded =
      events != event.body->end() && events->is_object() && events->contains(prohibition.operation);
  return recorded ? prohibition.operation + " is recorded" : "";
}

}  // namespace ws2conform
