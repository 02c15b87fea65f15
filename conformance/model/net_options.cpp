// Options, those of before WSAConnect among them.
#include <algorithm>

#include "conformance/case/octets.hpp"
#include "conformance/model/errors.hpp"
#include "conformance/model/fields.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {
namespace {

using nlohmann::json;

// Options that the application gets back as it set them: nothing here takes so long that the
// time-outs matter.
bool is_only_kept(const std::string& option) {
  return option == "SO_KEEPALIVE" || option == "SO_RCVTIMEO" || option == "SO_SNDTIMEO" ||
         option == "SO_OOBINLINE";
}

}  // namespace

json Net::get_option(Socket& s, const json& request) {
  const std::string option = request.at("option");
  const auto value = [](json shown) { return json{{"returns", 0}, {"value", std::move(shown)}}; };
  if (request.value("level", "SOL_SOCKET") != "SOL_SOCKET") throw Outside("an option of TCP");
  if (option == "SO_LINGER") return value({{"onoff", s.lingers ? 1 : 0}, {"linger", s.linger}});
  if (option == "SO_DONTLINGER") return value(s.lingers ? 0 : 1);
  if (option == "SO_ACCEPTCONN") return value(s.listening ? 1 : 0);
  if (option == "SO_CONDITIONAL_ACCEPT") return value(s.conditional ? 1 : 0);
  if (option == "SO_TYPE") return value(limits_.message_boundaries ? 5 : 1);
  if (option == "SO_ERROR") {
    const int error = std::exchange(s.broken, 0);
    return value(error == 0 ? json(0) : json(error_name(error)));
  }
  if (option == "SO_PROTOCOL_INFOA") return value(kEntry);
  if (option == "SO_MAX_MSG_SIZE") {
    if (!limits_.message_boundaries) return result(WSAENOPROTOOPT);
    return value(limits_.message);
  }
  if (is_only_kept(option)) {
    const auto found = s.options.find(option);
    return value(found == s.options.end() ? 0 : found->second);
  }
  if (const auto reply = get_user_data(s, option, request)) return *reply;
  throw Outside(option + " is not in the model");
}

json Net::set_option(Socket& s, const json& request) {
  const std::string option = request.at("option");
  const json value = request.value("value", json());
  if (option == "SO_LINGER") {
    s.lingers = value.at("onoff") != 0;
    s.linger = value.at("linger").get<int>();
    return result(0);
  }
  if (option == "SO_DONTLINGER") {
    s.lingers = value == 0;
    return result(0);
  }
  if (option == "SO_ACCEPTCONN" || option == "SO_ERROR" || option == "SO_TYPE") {
    return result(WSAENOPROTOOPT);
  }
  if (option == "SO_CONDITIONAL_ACCEPT") {
    if (s.listening) return result(WSAEINVAL);
    if (value != 0 && !limits_.delayed_accept) return result(WSAENOPROTOOPT);
    s.conditional = value != 0;
    return result(0);
  }
  if (is_only_kept(option)) {
    const bool is_flag = option == "SO_KEEPALIVE" || option == "SO_OOBINLINE";
    s.options[option] = is_flag ? value != 0 : value.get<long long>();
    return result(0);
  }
  if (const auto reply = set_user_data(s, option, request)) return *reply;
  throw Outside(option + " is not in the model");
}

json Net::control(Socket& s, const json& request) {
  const std::string command = request.at("command");
  if (command == "FIONBIO") {
    const bool blocking = request.at("argument") == 0;
    if (blocking && s.record.mask() != 0) return result(WSAEINVAL);
    s.blocking = blocking;
    return {{"returns", 0}, {"value", request.at("argument")}};
  }
  if (command == "FIONREAD") {
    if (s.listening) return result(WSAEINVAL);
    return {{"returns", 0}, {"value", is_connected(s) ? core(s).available() : 0}};
  }
  throw Outside(command + " is not in the model");
}

// Longest data that a socket may give by that option, whether it will call or answer.
std::optional<std::size_t> Net::user_data_limit(const std::string& option) const {
  if (option.rfind("SO_DISC", 0) == 0) return limits_.disconnect_data;
  return std::max(limits_.caller_data, limits_.callee_data);
}

// SO_CONNDATA and SO_DISCDATA; nothing for another option.
std::optional<json> Net::get_user_data(Socket& s, const std::string& option,
                                       const json& request) const {
  const bool connects = option == "SO_CONNDATA";
  if (option == "SO_CONNDATALEN" || option == "SO_DISCDATALEN") return result(WSAENOPROTOOPT);
  if (!connects && option != "SO_DISCDATA") return std::nullopt;
  if (!user_data_limit(option)) return result(WSAENOPROTOOPT);
  json reply = {{"returns", 0}, {"data", ""}};
  const std::size_t reserved = connects ? s.connect_data.reserved : s.disconnect_data.reserved;
  if (!is_connected(s) || reserved == 0) return reply;
  const ws2::Bytes& came = connects ? core(s).caller_data() : core(s).disconnect_data();
  constexpr std::size_t kRoom = 1024;
  if (came.size() > std::min(reserved, request.value("capacity", kRoom))) return result(WSAEFAULT);
  reply["data"] = to_base64(std::string(came.begin(), came.end()));
  return reply;
}

std::optional<json> Net::set_user_data(Socket& s, const std::string& option, const json& request) {
  const bool connects = option.rfind("SO_CONNDATA", 0) == 0;
  if (!connects && option.rfind("SO_DISCDATA", 0) != 0) return std::nullopt;
  const auto limit = user_data_limit(option);
  UserDataOption& held = connects ? s.connect_data : s.disconnect_data;
  if (option == "SO_CONNDATALEN" || option == "SO_DISCDATALEN") {
    if (!limit) return result(WSAENOPROTOOPT);
    if (connects && s.link) return result(WSAEINVAL);
    // LEG-05: too late for what has come already.
    const bool is_late = s.link && !core(s).disconnect_data().empty();
    if (!is_late) held.reserved = request.at("value").get<std::size_t>();
    return result(0);
  }
  const json data = request.value("data", json());
  if (!data.is_string()) return result(WSAEFAULT);
  const std::string octets = from_base64(data.get<std::string>()).value_or("");
  if (!limit) return result(WSAENOPROTOOPT);
  if (octets.size() > *limit) return result(WSAEFAULT);
  if (connects && s.link) return result(WSAEINVAL);
  if (connects && s.listening && !s.conditional) throw Outside("an answer of nobody's choice");
  held.outgoing = octets;
  return result(0);
}

// What goes with the end of sending where the call gives nothing.
std::optional<ws2::ByteView> Net::standing_disconnect_data(const Socket& s) const {
  if (s.disconnect_data.outgoing.empty() || !s.link) return std::nullopt;
  const ws2::State state = core(s).state();
  const bool can_end = state == ws2::State::kEstablished || state == ws2::State::kRemoteEnded;
  return can_end ? std::optional(view_of(s.disconnect_data.outgoing)) : std::nullopt;
}

}  // namespace ws2conform::model
