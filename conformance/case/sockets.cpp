#include "conformance/case/sockets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/case/operations.hpp"
#include "conformance/case/request.hpp"

namespace ws2conform {
namespace {

const Field* find(const Step& step, std::string_view name) {
  for (const Field& field : step.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

bool closes(const Step& step, const NamedSocket& socket) {
  return step.operation == "closesocket" && find(step, "error") == nullptr &&
         NamedSocket{step.actor, socket_of(step)} == socket;
}

// The step that has closed the socket by the time that `index` begins, if any. In a round another
// may have been given its name since.
const Step* closed_before(const Instance& instance, std::size_t index, const NamedSocket& socket,
                          Order& order) {
  const Order::Steps over = order.over_before(index);
  for (const std::size_t closer : over) {
    if (!closes(instance.steps[closer], socket)) continue;
    const auto makes_again = [&](std::size_t maker) {
      return socket_made_by(instance.steps[maker]) == socket &&
             order.over_before(maker).count(closer) > 0;
    };
    const bool again = instance.rounds > 0 && std::any_of(over.begin(), over.end(), makes_again);
    if (!again) return &instance.steps[closer];
  }
  return nullptr;
}

// The sockets that a step names are there when it begins: made by the opening or by a step of the
// actor that is over by then, and closed by none, unless it is to fail.
void check_presence(const Instance& instance, std::size_t index, Order& order) {
  const Step& step = instance.steps[index];
  const Operation& operation = *find_operation(step.operation);
  if (operation.default_socket.empty()) return;
  const NamedSocket socket{step.actor, socket_of(step)};
  std::set<NamedSocket> made;
  for (const Step& given : instance.opening) {
    if (const auto its = socket_made_by(given)) made.insert(*its);
  }
  for (const std::size_t before : order.over_before(index)) {
    if (const auto its = socket_made_by(instance.steps[before])) made.insert(*its);
  }
  if (made.count(socket) == 0) {
    std::vector<std::string> names;
    for (const auto& [actor, name] : made) {
      if (actor == step.actor) names.push_back(name);
    }
    throw InputError(step.place,
                     fmt::format("{} has no socket \"{}\" here: neither the opening nor an "
                                 "earlier step of it makes one{}",
                                 step.actor, socket.second, did_you_mean(socket.second, names)));
  }
  const bool may_fail = find(step, "error") != nullptr || operation.name == "WSAEDISCON";
  const Step* closed = closed_before(instance, index, socket, order);
  if (closed != nullptr && !may_fail) {
    throw InputError(step.place,
                     fmt::format("a contradiction: step {} closed socket \"{}\", so this must "
                                 "fail with an `error`",
                                 closed->id, socket.second));
  }
}

enum class Direction { kNone, kOut, kIn };

Direction direction_of(const Step& step) {
  const auto calls = adapter_calls(*find_operation(step.operation));
  const std::string call = calls.empty() ? "" : calls.front();
  if (call == "send" || call == "WSASend") return Direction::kOut;
  return call == "recv" || call == "WSARecv" ? Direction::kIn : Direction::kNone;
}

// In which order two sends, or two receives, of one socket come that are under way together is
// nobody's to say, and so are the octets.
void check_octets(const Instance& instance, std::size_t index, Order& order) {
  const Step& step = instance.steps[index];
  const Direction direction = direction_of(step);
  for (std::size_t other = 0; direction != Direction::kNone && other < index; ++other) {
    const Step& its = instance.steps[other];
    if (its.actor != step.actor || its.lane == step.lane || direction_of(its) != direction ||
        socket_of(its) != socket_of(step) || order.over_before(index).count(other) > 0 ||
        order.over_before(other).count(index) > 0) {
      continue;
    }
    throw InputError(
        step.place,
        fmt::format("steps {} and {} {} one socket in two lanes, and neither is over "
                    "when the other begins: nobody can say whose octets come first",
                    its.id, step.id, direction == Direction::kOut ? "send on" : "receive on"));
  }
}

}  // namespace

std::optional<NamedSocket> socket_made_by(const Step& step) {
  const Operation& operation = *find_operation(step.operation);
  const bool makes = operation.argument("as") != nullptr && operation.argument("event") == nullptr;
  if (!makes || operation.name == "WSACreateEvent") return std::nullopt;
  const Field* as = find(step, "as");
  const bool named = as != nullptr && as->value.is_string();
  return NamedSocket{step.actor, named ? as->value.get<std::string>() : step.actor};
}

void lint_sockets(const Instance& instance, Order& order) {
  for (std::size_t i = 0; i < instance.steps.size(); ++i) check_presence(instance, i, order);
  for (std::size_t i = 0; i < instance.steps.size(); ++i) check_octets(instance, i, order);
}

}  // namespace ws2conform
