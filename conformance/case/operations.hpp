// The operations that steps can name: what each takes, what it yields, and how it waits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ws2conform {

enum class FieldType {
  kOctets,    // text, {hex: 00ff}, {pattern: 512}, null; base64 on the adapter protocol
  kNumber,    // an integer
  kWord,      // a name of the API: SD_SEND, SO_LINGER, SOMAXCONN; or an integer
  kWords,     // a list of such names
  kBoolean,   // true or false
  kAddress,   // "127.0.0.1:80", loopback
  kSocket,    // the name of a socket
  kEvent,     // the name of an event object
  kAnything,  // an option's value
  kMembers,   // an object of which only the members written are compared
};

// Limits of the provider, in octets, that a case can name as $caller_data_max and so on.
inline constexpr std::string_view kLimitNames[] = {"caller_data_max", "callee_data_max",
                                                   "disconnect_data_max", "disconnect_reply_max"};

// How a call relates to time; decides what `after`, `until` and `by` mean for the step.
enum class Waiting {
  kNever,      // returns at once: `after` holds it back
  kInitiates,  // starts something that the other side completes: `after` holds it back, `until` and
               // `by` name what completes it
  kWaits,      // may be begun before its cause: `after` names the cause of its return
  kUpcall,     // not a call: the IUT calls the condition function
  kInternal,   // the suite's own arithmetic; no call is made
};

struct FieldSpec {
  std::string_view name;
  FieldType type;
  bool required = false;
};

// Whether an operation of that name is that a network event is recorded.
inline bool is_indication(std::string_view name) {
  return name.substr(0, 3) == "FD_";
}

struct Operation {
  std::string_view name;
  Waiting waiting = Waiting::kNever;
  std::vector<FieldSpec> arguments;     // what the suite gives
  std::vector<FieldSpec> outcomes;      // what comes back, besides `returns` and `error`
  std::string_view default_socket;      // "own": the actor's; "listener"; "": takes none
  std::optional<long long> success;     // the value that a success returns, where it is one
  std::string_view capability;          // what a provider must claim; "" for none
  std::vector<std::string_view> calls;  // API calls it is made of, where its name is not one

  const FieldSpec* argument(std::string_view field) const;
  const FieldSpec* outcome(std::string_view field) const;
  bool is_indication() const { return ws2conform::is_indication(name); }
};

// Nothing for a name that is no operation.
const Operation* find_operation(std::string_view name);

// Whether it is one call made again and again: `receive`, `drain` and `fill`.
bool is_repeated(const Operation& operation);

std::vector<std::string> operation_names();

// The API calls that an adapter must know for this operation.
std::vector<std::string> adapter_calls(const Operation& operation);

}  // namespace ws2conform
