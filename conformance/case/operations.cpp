#include "conformance/case/operations.hpp"

#include <algorithm>
#include <array>

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
      {"connect",
       kInitiates,
       {{"socket", kSocket}, {"addr", kAddress}, {"addr_length", kNumber}},
       {},
       "own",
       0,
       "",
       {}},
      {"WSAConnect",
       kInitiates,
       {{"socket", kSocket},
        {"addr", kAddress},
        {"caller_data", kOctets},
        {"callee_capacity", kNumber},
        {"addr_length", kNumber},
        {"sqos", kMembers},
        {"gqos", kMembers}},
       {{"callee_data", kOctets}, {"callee_len", kNumber}},
       "own",
       0,
       "",
       {}},
      {"accept",
       kWaits,
       {{"socket", kSocket},
        {"as", kSocket},
        {"no_addr", kBoolean},
        {"no_addrlen", kBoolean},
        {"addr_capacity", kNumber}},
       {{"addr", kAddress}, {"addr_length", kNumber}},
       "listener",
       {},
       "",
       {}},
      {"WSAAccept",
       kWaits,
       {{"socket", kSocket},
        {"as", kSocket},
        {"condition", kBoolean},
        {"callback_data", kNumber},
        {"no_addr", kBoolean},
        {"no_addrlen", kBoolean},
        {"addr_capacity", kNumber}},
       {{"addr", kAddress}, {"addr_length", kNumber}},
       "listener",
       {},
       "",
       {}},
      {"condition",
       kUpcall,
       {{"verdict", kWord},
        {"callee_data", kOctets},
        {"altered_sqos", kMembers},
        {"group", kNumber}},
       {{"caller_id", kAddress},
        {"caller_data", kOctets},
        {"sqos", kMembers},
        {"gqos", kAnything},
        {"callback_data", kNumber},
        {"callee_id", kAddress},
        {"callee_capacity", kNumber},
        {"same_thread", kBoolean}},
       "",
       {},
       "conditional-accept",
       {}},
      {"decide",
       kNever,
       {{"verdict", kWord, true},
        {"callee_data", kOctets},
        {"altered_sqos", kMembers},
        {"group", kNumber}},
       {},
       "",
       {},
       "conditional-accept",
       {"WSAAccept"}},
      {"vanish", kNever, {}, {}, "", 0, "", {}},
      {"descriptors", kNever, {{"free", kBoolean, true}}, {}, "", 0, "", {}},
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
       {{"socket", kSocket},
        {"data", kOctets, true},
        {"flags", kWords},
        {"overlapped", kSocket},
        {"event", kEvent}},
       {},
       "own",
       {},
       "",
       {}},
      {"fill", kNever, {{"socket", kSocket}}, {{"octets", kNumber}}, "own", {}, "", {"send"}},
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
       {{"socket", kSocket},
        {"length", kNumber},
        {"flags", kWords},
        {"overlapped", kSocket},
        {"event", kEvent}},
       {{"data", kOctets}, {"left_flags", kAnything}},
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
      {"drain", kWaits, {{"socket", kSocket}}, {{"octets", kNumber}}, "own", 0, "", {"recv"}},
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
       {{"socket", kSocket}, {"level", kWord}, {"option", kWord, true}, {"capacity", kNumber}},
       {{"value", kAnything}, {"data", kOctets}},
       "own",
       0,
       "",
       {}},
      {"setsockopt",
       kNever,
       {{"socket", kSocket},
        {"level", kWord},
        {"option", kWord, true},
        {"value", kAnything},
        {"data", kOctets}},
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
       {{"socket", kSocket}, {"event", kEvent}, {"no_buffer", kBoolean}},
       {{"network_events", kAnything},
        {"strays", kAnything},
        {"callee_data", kOctets},
        {"callee_len", kNumber}},
       "own",
       0,
       "events",
       {}},
      indication("FD_READ"),
      indication("FD_WRITE"),
      indication("FD_ACCEPT"),
      indication("FD_CONNECT"),
      indication("FD_CLOSE"),
      indication("FD_QOS"),
      {"WSAGetOverlappedResult",
       kWaits,
       {{"socket", kSocket}, {"overlapped", kSocket, true}, {"wait", kBoolean}},
       {{"transferred", kNumber}, {"data", kOctets}},
       "own",
       1,
       "overlapped",
       {}},
      {"WSAIoctl",
       kNever,
       {{"socket", kSocket}, {"command", kWord, true}, {"qos", kMembers}, {"capacity", kNumber}},
       {{"agreed", kMembers}},
       "own",
       0,
       "",
       {}},
      {"select",
       kWaits,
       {{"read", kWords}, {"write", kWords}, {"except", kWords}, {"timeout", kWord}},
       {{"readable", kAnything}, {"writable", kAnything}, {"failed", kAnything}},
       "",
       {},
       "",
       {}},
      {"WSAStartup", kNever, {}, {}, "", 0, "", {}},
      {"WSACleanup", kNever, {}, {}, "", 0, "", {}},
      {"WSAEnumProtocols",
       kNever,
       {},
       {{"entry", kAnything}, {"directions", kWord}, {"flag_values", kMembers}},
       "",
       {},
       "",
       {}},
      {"getaddrinfo",
       kNever,
       {{"host", kWord, true}, {"service", kAddress, true}},
       {{"addr", kAddress}},
       "",
       0,
       "",
       {}},
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

// This is asked several times for each call: a table by a few of their octets is enough.
const Operation* find_operation(std::string_view name) {
  constexpr std::size_t kRows = 128;
  const auto row_of = [](std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    return (text.size() + 5U * at(text.size() - 1) + 11U * at(text.size() / 2)) % kRows;
  };
  static const auto kTable = [&] {
    std::array<std::vector<const Operation*>, kRows> rows;
    for (const Operation& operation : operations()) {
      rows.at(row_of(operation.name)).push_back(&operation);
    }
    return rows;
  }();
  if (name.empty()) return nullptr;
  for (const Operation* operation : kTable.at(row_of(name))) {
    if (operation->name == name) return operation;
  }
  return nullptr;
}

bool is_repeated(const Operation& operation) {
  return operation.name == "receive" || operation.name == "drain" || operation.name == "fill";
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
