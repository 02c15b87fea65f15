#include "conformance/execution/contradiction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "conformance/case/octets.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

std::optional<long long> number(const json& object, const char* name) {
  if (!object.contains(name) || !object.at(name).is_number_integer()) return std::nullopt;
  return object.at(name).get<long long>();
}

// The lengths of one buffer in a reply, and the request's field that offered it.
struct Buffer {
  const char* length;
  const char* octets;
  const char* offered;
  bool cut;  // the octets shown are cut at what was offered, the length is not
};

std::string contradiction(const Buffer& buffer, const json& request, const json& reply) {
  const auto length = number(reply, buffer.length);
  if (!length || !reply.contains(buffer.octets) || !reply.at(buffer.octets).is_string()) return "";
  const auto octets = from_base64(reply.at(buffer.octets).get<std::string>());
  if (!octets) return "";
  const auto shown = static_cast<long long>(octets->size());
  const auto offered = number(request, buffer.offered);
  if (offered && shown > *offered) {
    return fmt::format("{} has {} octets, {} were offered", buffer.octets, shown, *offered);
  }
  const long long wanted = buffer.cut && offered ? std::min(*length, *offered) : *length;
  if (shown == wanted) return "";
  return fmt::format("{} is {}, {} has {} octets", buffer.length, *length, buffer.octets, shown);
}

}  // namespace

std::string contradiction(const json& request, const json& reply) {
  if (reply.contains("touched")) {
    const json& touched = reply.at("touched");
    const auto is_name = [](const json& name) { return name.is_string(); };
    if (!touched.is_array() || !std::all_of(touched.begin(), touched.end(), is_name)) {
      return "touched is no list of names";
    }
    if (!reply.contains("error")) return "touched tells of a call that failed, and it did not";
  }
  const auto op = request.find("op");
  if (op == request.end() || !op->is_string()) return "";
  const std::string_view operation = op->get_ref<const std::string&>();
  if (operation == "recv" || operation == "WSARecv") {
    return contradiction({"returns", "data", "length", false}, request, reply);
  }
  if (operation == "WSARecvDisconnect") {
    return contradiction({"len", "data", "capacity", true}, request, reply);
  }
  if (operation == "WSAConnect") {
    return contradiction({"callee_len", "callee_data", "callee_capacity", true}, request, reply);
  }
  return "";
}

}  // namespace ws2conform
