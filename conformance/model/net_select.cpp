// select.
#include "conformance/model/errors.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {

using nlohmann::json;

std::optional<json> Net::selected(const std::string& actor, const json& request) const {
  const auto is_in = [this](const char* set, const Socket& s) {
    const std::string_view name(set);
    if (s.listening) return name == "read" && free_head(s).has_value();
    if (!is_connected(s)) return name == "except" && s.outcome.value_or(0) != 0;
    if (name == "read") return core(s).receive_ready();
    return name == "write" && core(s).send_allowed();
  };
  json reply = result(0);
  std::size_t asked = 0;
  std::size_t count = 0;
  bool any_closed = false;
  for (const auto& [set, shown] : {std::pair("read", "readable"), std::pair("write", "writable"),
                                   std::pair("except", "failed")}) {
    reply[shown] = json::array();
    for (const json& name : request.value(set, json::array())) {
      const Socket* s = find(key_of(actor, name));
      if (s == nullptr) throw Outside("there is no such socket");
      ++asked;
      any_closed = any_closed || s->closed;
      if (s->closed || !is_in(set, *s)) continue;
      reply[shown].push_back(name);
      ++count;
    }
  }
  if (any_closed) return result(WSAENOTSOCK);
  if (asked == 0) return result(WSAEINVAL);
  if (count == 0 && request.value("timeout", json()) != 0) return std::nullopt;
  reply["returns"] = count;
  return reply;
}

}  // namespace ws2conform::model
