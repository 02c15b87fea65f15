// What concerns an actor's process or the provider, and no socket.
#include <algorithm>
#include <cctype>

#include "conformance/model/errors.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"
#include "ws2/protocol_info.h"

namespace ws2conform::model {
namespace {

using nlohmann::json;

#define FLAG(name) \
  { #name, name }

json flag_values() {
  return {FLAG(XP1_CONNECTIONLESS),
          FLAG(XP1_GUARANTEED_DELIVERY),
          FLAG(XP1_GUARANTEED_ORDER),
          FLAG(XP1_MESSAGE_ORIENTED),
          FLAG(XP1_PSEUDO_STREAM),
          FLAG(XP1_GRACEFUL_CLOSE),
          FLAG(XP1_EXPEDITED_DATA),
          FLAG(XP1_CONNECT_DATA),
          FLAG(XP1_DISCONNECT_DATA),
          FLAG(XP1_SUPPORT_BROADCAST),
          FLAG(XP1_SUPPORT_MULTIPOINT),
          FLAG(XP1_MULTIPOINT_CONTROL_PLANE),
          FLAG(XP1_MULTIPOINT_DATA_PLANE),
          FLAG(XP1_QOS_SUPPORTED),
          FLAG(XP1_INTERRUPT),
          FLAG(XP1_UNI_SEND),
          FLAG(XP1_UNI_RECV),
          FLAG(XP1_IFS_HANDLES),
          FLAG(XP1_PARTIAL_MESSAGE)};
}

#undef FLAG

// A host's address as numbers, or the local host by its name.
json looked_up(const json& request) {
  const bool is_6 = request.value("family", "AF_INET") == "AF_INET6";
  const std::string home = is_6 ? "[::1]" : "127.0.0.1";
  const std::string host = request.at("host");
  std::string service = request.at("service");
  service.erase(0, service.rfind(':') + 1);
  const bool is_port = !service.empty() && std::all_of(service.begin(), service.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
  if (host != "localhost" && host != (is_6 ? "::1" : "127.0.0.1")) {
    throw Outside("looking up " + host + " is not in the model");
  }
  if (!is_port) return result(WSATYPE_NOT_FOUND);
  json reply = result(0);
  reply["addr"] = home + ":" + service;
  return reply;
}

}  // namespace

// Nothing for a call that is about sockets.
std::optional<json> Net::process_call(const std::string& actor, const json& request) {
  const std::string op = request.at("op");
  int& startups = startups_.try_emplace(actor, 1).first->second;
  if (op == "WSAStartup") {
    ++startups;
    return result(0);
  }
  if (op == "WSACleanup") {
    if (startups == 0) return result(WSANOTINITIALISED);
    if (--startups > 0) return result(0);
    return clean_up(actor);
  }
  if (startups == 0) {
    // Out-parameters are as they were, which these do not show.
    for (const char* plain : {"connect", "getsockname", "getpeername", "closesocket", "shutdown",
                              "socket", "send", "recv", "accept", "WSASendDisconnect"}) {
      if (op == plain) return result(WSANOTINITIALISED);
    }
    throw Outside(op + " before WSAStartup is not in the model");
  }
  if (op == "getaddrinfo") return looked_up(request);
  if (op != "WSAEnumProtocols") return std::nullopt;
  // How many there are is the implementation's own.
  return json{
      {"returns", 1}, {"entry", kEntry}, {"directions", "both"}, {"flag_values", flag_values()}};
}

// The last WSACleanup: all ends abortively.
json Net::clean_up(const std::string& actor) {
  const std::string prefix = actor + "/";
  for (auto& [key, operation] : operations_) {
    if (key.rfind(prefix, 0) == 0 && !operation.error) throw Outside("WSACleanup behind a receive");
  }
  for (auto& [key, s] : sockets_) {
    if (key.rfind(prefix, 0) != 0 || s.closed) continue;
    s.lingers = true;
    s.linger = 0;
    (void)close(key);
  }
  for (auto& [key, object] : events_) {
    if (key.rfind(prefix, 0) == 0) object.closed = true;
  }
  return result(0);
}

}  // namespace ws2conform::model
