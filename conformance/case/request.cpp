#include "conformance/case/request.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/case/octets.hpp"
#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// The first, where an operation is made of several.
std::string_view call_of(const Operation& operation) {
  return operation.calls.empty() ? operation.name : operation.calls.front();
}

std::string socket_of(const Step& step, const Operation& operation) {
  for (const Field& field : step.fields) {
    if (field.name == "socket" && field.value.is_string()) return field.value;
  }
  return operation.default_socket == "listener" ? "listener" : step.actor;
}

// What a step leaves out because it goes without saying.
void add_defaults(const Step& step, const Operation& operation, const Instance& instance,
                  const std::string& family, const std::string& home, const Bindings& bindings,
                  std::chrono::milliseconds patience, json& request) {
  const std::string_view name = step.operation;
  const auto expects = [&](std::string_view field) {
    return std::any_of(step.fields.begin(), step.fields.end(),
                       [&](const Field& f) { return f.name == field; });
  };
  const auto otherwise = [&](const char* field, json value) {
    if (!request.contains(field)) request[field] = std::move(value);
  };
  if (!operation.default_socket.empty()) otherwise("socket", socket_of(step, operation));
  if (operation.argument("as") != nullptr) otherwise("as", step.actor);
  if (name == "socket") {
    otherwise("family", family);
    request["provider"] = instance.provider;
  }
  if (name == "WSAEnumProtocols") request["provider"] = instance.provider;
  if (name == "WSAEnumProtocols" || name == "getaddrinfo") otherwise("family", family);
  if (name == "select") otherwise("timeout", patience.count());
  if (name == "listen") otherwise("backlog", "SOMAXCONN");
  if (name == "connect" || name == "WSAConnect") {
    if (!request.contains("addr")) {
      request["addr"] = argument_value(FieldType::kAddress, "$listener", bindings, step.place);
    }
    if (expects("callee_data") || expects("callee_len")) otherwise("callee_capacity", 1024);
  }
  if (request.contains("addr") && request["addr"] == "loopback") {
    request["addr"] = home + ":0";
  }
  const std::string_view call = call_of(operation);
  if (call == "recv" || call == "WSARecv") otherwise("length", 4096);
  if (name == "fill") otherwise("data", fill_data(0));
  if (name == "WSARecvDisconnect" && (expects("data") || expects("len")))
    otherwise("capacity", 1024);
  if (name == "WSAEventSelect") otherwise("event", socket_of(step, operation) + ".event");
  if (name == "WSAWaitForMultipleEvents") {
    otherwise("wait_all", false);
    otherwise("timeout", patience.count());
  }
}

}  // namespace

std::string fill_data(long long octets) {
  constexpr std::size_t kOctets = 4096;  // a multiple of the pattern's length, as receives take
  const auto beginning = static_cast<std::size_t>(octets % 256);
  return to_base64(octet_pattern(beginning + kOctets).substr(beginning));
}

std::string loopback_of(const std::string& family) {
  return family == "AF_INET6" ? "[::1]" : "127.0.0.1";
}

std::string socket_of(const Step& step) {
  return socket_of(step, *find_operation(step.operation));
}

json request_of(const Step& step, const Instance& instance, const std::string& family,
                const std::string& home, const Bindings& bindings,
                std::chrono::milliseconds patience) {
  const Operation& operation = *find_operation(step.operation);
  json request = json::object();
  request["op"] = call_of(operation);
  for (const Field& field : step.fields) {
    const FieldSpec* spec = operation.argument(field.name);
    if (spec == nullptr) continue;
    request[field.name] = argument_value(spec->type, field.value, bindings, field.place);
  }
  add_defaults(step, operation, instance, family, home, bindings, patience, request);
  return request;
}

json verdict_of(const Step& step, const Bindings& bindings) {
  json answer = json::object();
  for (const Field& field : step.fields) {
    const FieldSpec* spec = find_operation(step.operation)->argument(field.name);
    if (spec == nullptr) continue;
    json value = argument_value(spec->type, field.value, bindings, field.place);
    // `sqos` is what the function is given, so what it leaves there has a name of its own.
    const std::string name = field.name == "altered_sqos" ? "sqos" : field.name;
    if (!value.is_null()) answer[name] = std::move(value);
  }
  return answer;
}

json computed_values(const Step& step, Bindings bindings) {
  json values = json::object();
  try {
    for (const Field& field : step.fields) {
      const long long value = evaluate(field.value.get<std::string>(), bindings, field.place);
      values[field.name] = value;
      bindings[field.name] = {FieldType::kNumber, value};
    }
  } catch (const std::domain_error& error) {
    values = {{"error", error.what()}};
  }
  return values;
}

}  // namespace ws2conform
