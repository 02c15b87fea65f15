#include "connection/state_diagram.hpp"

#include <string>

#include "connection/state_table.hpp"

namespace ws2 {
namespace {

std::string identifier(State state) {
  std::string name(to_string(state));
  for (char& letter : name) {
    if (letter == ' ') letter = '_';
  }
  return name;
}

/// All inputs that lead from one state to the other, in the order of the enumeration.
std::string inputs_between(State from, State to) {
  std::string inputs;
  for (std::size_t i = 0; i < kInputCount; ++i) {
    const auto input = static_cast<Input>(i);
    if (transition(from, input).next != to) continue;
    if (!inputs.empty()) inputs += ", ";
    inputs += to_string(input);
  }
  return inputs;
}

}  // namespace

std::string state_diagram() {
  std::string text = "stateDiagram-v2\n";
  text += "  [*] --> " + identifier(State::kIdle) + " : caller\n";
  text += "  [*] --> " + identifier(State::kAwaitingRequest) + " : acceptor\n";
  for (std::size_t f = 0; f < kStateCount; ++f) {
    for (std::size_t t = 0; t < kStateCount; ++t) {
      if (f == t) continue;
      const auto from = static_cast<State>(f);
      const auto to = static_cast<State>(t);
      const std::string inputs = inputs_between(from, to);
      if (inputs.empty()) continue;
      text += "  " + identifier(from) + " --> " + identifier(to) + " : " + inputs + "\n";
    }
  }
  text += "  " + identifier(State::kClosed) + " --> [*]\n";
  return text;
}

}  // namespace ws2
