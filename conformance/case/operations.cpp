#include "conformance/case/operations.hpp"

#include <algorithm>

namespace ws2conform {
namespace {

using enum FieldType;
using enum Waiting;

// Network events as steps: wait for the event object, then WSAEnumNetworkEvents, until the event is
// in the record. `error` is the event's iErrorCode.
Operation indication(std::string_view name) {
  return {.name = name,
          .waiting = kWaits,
          .arguments = {{"socket", kSocket}},
          .outcomes = {},
          .default_socket = "own",
          .success = {},
          .capability = "events",
          .calls = {"WSACreateEvent", "WSAEventSelect", "WSAWaitForMultipleEvents",
                    "WSAEnumNetworkEvents"}};
}

const std::vector<Operation>& operations() {
  static const std::vector<Operation> kOperations = {
      {"socket", kNever, {{"as", kSocket}, {"family", kWord}}, {}, "", {}, "", {}},
      {"bind", kNever, {{"socket", kSocket}, {"addr", kAddress, true}}, {}, "own", 0, "", {}},
      {"listen", kNever, {{"socket", kSocket}, {"backlog", kWord}}, {}, "listener", 0, "", {}},
      {"connect", kInitiates, {{"socket", kSocket}, {"addr", kAddress}}, {}, "own", 0, "", {}},
      {"WSAConnect",
       kInitiates,
       {{"socket", kSocket},
        {"addr", kAddress},
        {"caller_data", kOctets},
        {"callee_capacity", kNumber}},
       {{"callee_data", kOctets}, {"callee_len", kNumber}},
       "own",
       0,
       "",
       {}},
      {"accept",
       kWaits,
       {{"socket", kSocket}, {"as", kSocket}},
       {{"addr", kAddress}},
       "listener",
       {},
       "",
       {}},
      {"WSAAccept",
       kWaits,
       {{"socket", kSocket}, {"as", kSocket}, {"condition", kBoolean}},
       {{"addr", kAddress}},
       "listener",
       {},
       "",
       {}},
      {"condition",
       kUpcall,
       {{"verdict", kWord}, {"callee_data", kOctets}},
       {{"caller_id", kAddress},
        {"caller_data", kOctets},
        {"sqos", kAnything},
        {"gqos", kAnything},
        {"callee_id", kAddress},
        {"callee_capacity", kNumber},
        {"same_thread", kBoolean}},
       "",
       {},
       "conditional-accept",
       {}},
      {"decide",
       kNever,
       {{"verdict", kWord, true}, {"callee_data", kOctets}},
       {},
       "",
       {},
       "conditional-accept",
       {"WSAAccept"}},
      {"vanish", kNever, {}, {}, "", 0, "", {}},
      {"send",
       kNever,
       {{"socket", kSocket}, {"data", kOctets, true}, {"flags", kWords}},
       {},
       "own",
       {},
       "",
       {}},
      {"WSASend",
       kNever,
       {{"socket", kSocket}, {"data", kOctets, true}, {"flags", kWords}},
       {},
       "own",
       {},
       "",
       {}},
      {"recv",
       kWaits,
       {{"socket", kSocket}, {"length", kNumber}, {"flags", kWords}},
       {{"data", kOctets}},
       "own",
       {},
       "",
       {}},
      {"WSARecv",
       kWaits,
       {{"socket", kSocket}, {"length", kNumber}, {"flags", kWords}},
       {{"data", kOctets}},
       "own",
       {},
       "",
       {}},
      {"receive",
       kWaits,
       {{"socket", kSocket}},
       {{"data", kOctets, true}},
       "own",
       {},
       "",
       {"recv"}},
      {"recv-zero", kWaits, {{"socket", kSocket}}, {}, "own", 0, "byte-stream", {"recv"}},
      {"WSAEDISCON", kWaits, {{"socket", kSocket}}, {}, "own", {}, "message-oriented", {"WSARecv"}},
      {"shutdown", kNever, {{"socket", kSocket}, {"how", kWord, true}}, {}, "own", 0, "", {}},
      {"WSASendDisconnect", kNever, {{"socket", kSocket}, {"data", kOctets}}, {}, "own", 0, "", {}},
      {"WSARecvDisconnect",
       kNever,
       {{"socket", kSocket}, {"capacity", kNumber}},
       {{"data", kOctets}, {"len", kNumber}},
       "own",
       0,
       "",
       {}},
      {"closesocket", kNever, {{"socket", kSocket}}, {}, "own", 0, "", {}},
      {"getsockname", kNever, {{"socket", kSocket}}, {{"addr", kAddress}}, "own", 0, "", {}},
      {"getpeername", kNever, {{"socket", kSocket}}, {{"addr", kAddress}}, "own", 0, "", {}},
      {"getsockopt",
       kNever,
       {{"socket", kSocket}, {"level", kWord}, {"option", kWord, true}},
       {{"value", kAnything}},
       "own",
       0,
       "",
       {}},
      {"setsockopt",
       kNever,
       {{"socket", kSocket}, {"level", kWord}, {"option", kWord, true}, {"value", kAnything, true}},
       {},
       "own",
       0,
       "",
       {}},
      {"ioctlsocket",
       kNever,
       {{"socket", kSocket}, {"command", kWord, true}, {"argument", kNumber}},
       {{"value", kNumber}},
       "own",
       0,
       "",
       {}},
      {"WSACreateEvent", kNever, {{"as", kEvent, true}}, {}, "", {}, "events", {}},
      {"WSASetEvent", kNever, {{"event", kEvent, true}}, {}, "", 1, "events", {}},
      {"WSAResetEvent", kNever, {{"event", kEvent, true}}, {}, "", 1, "events", {}},
      {"WSACloseEvent", kNever, {{"event", kEvent, true}}, {}, "", 1, "events", {}},
      {"WSAEventSelect",
       kNever,
       {{"socket", kSocket}, {"event", kEvent}, {"network_events", kWords, true}},
       {},
       "own",
       0,
       "events",
       {}},
      {"WSAWaitForMultipleEvents",
       kWaits,
       {{"events", kWords, true}, {"wait_all", kBoolean}, {"timeout", kWord}},
       {},
       "",
       {},
       "events",
       {}},
      {"WSAEnumNetworkEvents",
       kNever,
       {{"socket", kSocket}, {"event", kEvent}},
       {{"network_events", kAnything}},
       "own",
       0,
       "events",
       {}},
      indication("FD_READ"),
      indication("FD_WRITE"),
      indication("FD_ACCEPT"),
      indication("FD_CONNECT"),
      indication("FD_CLOSE"),
      {"compute", kInternal, {}, {}, "", {}, "", {}},
      {"limits", kInternal, {}, {}, "", {}, "", {}},
  };
  return kOperations;
}

const FieldSpec* find_field(const std::vector<FieldSpec>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const FieldSpec& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace

const FieldSpec* Operation::argument(std::string_view field) const {
  return find_field(arguments, field);
}

const FieldSpec* Operation::outcome(std::string_view field) const {
  return find_field(outcomes, field);
}

const Operation* find_operation(std::string_view name) {
  const auto& all = operations();
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Operation& operation) { return operation.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  for (const Operation& operation : operations()) names.emplace_back(operation.name);
  return names;
}

std::vector<std::string> adapter_calls(const Operation& operation) {
  if (operation.waiting == kUpcall || operation.waiting == kInternal) return {};
  if (operation.name == "vanish") return {};
  if (operation.calls.empty()) return {std::string(operation.name)};
  return {operation.calls.begin(), operation.calls.end()};
}

}  // namespace ws2conform
