#include "conformance/execution/probe.hpp"

#include <fmt/format.h>

#include <set>

#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// False when nothing more can be asked.
bool ask(Actor& actor, const host::Iut& iut, const Patience& patience, json request) {
  const std::string operation = request.at("op");
  request = actor.conversation->numbered(std::move(request));
  actor.conversation->send(request);
  const auto received =
      actor.conversation->receive(request.at("id"), host::Clock::now() + patience.call);
  const auto* message = std::get_if<host::Message>(&received);
  if (message == nullptr) return false;
  if (!message->body.contains("returns") && !message->body.contains("error")) return true;
  throw CannotDrive(fmt::format(
      "{}: its adapter is not to be believed: asked for {}, {}, it answers {} and not "
      "\"unsupported\"; `ws2conform doctor` examines it",
      iut.file, operation,
      operation == kMadeUpOperation ? "which does not exist" : "which its hello does not list",
      message->body.dump()));
}

}  // namespace

std::vector<std::string> undeclared_operations(const Hello& hello) {
  std::set<std::string> gaps;
  for (const std::string& name : operation_names()) {
    for (const std::string& call : adapter_calls(*find_operation(name))) {
      if (hello.operations.count(call) == 0) gaps.insert(call);
    }
  }
  return {gaps.begin(), gaps.end()};
}

json gap_request(const std::string& operation, const Hello& hello) {
  json request = {{"op", operation}};
  const Operation* known = find_operation(operation);
  if (known == nullptr) return request;
  for (const FieldSpec& field : known->arguments) {
    if (field.name == "as") request["as"] = "gap";
    if (field.name == "socket") request["socket"] = "gap";
    if (field.name == "event") request["event"] = "gap";
  }
  if (operation == "socket") request["provider"] = hello.providers.front().name;
  return request;
}

void probe(Actor& actor, const host::Iut& iut, const Patience& patience) {
  if (!ask(actor, iut, patience, {{"op", kMadeUpOperation}})) return;
  for (const std::string& operation : undeclared_operations(actor.hello)) {
    if (!ask(actor, iut, patience, gap_request(operation, actor.hello))) return;
  }
}

}  // namespace ws2conform
