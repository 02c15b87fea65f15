#include "connection/exploration/action.hpp"

#include <array>

namespace ws2 {

std::string_view to_string(Act act) {
  static constexpr std::array<std::string_view, kActCount> kNames = {
      "request",
      "request without room for an answer",
      "accept with data",
      "accept",
      "reject",
      "send",
      "send an empty message",
      "send a part",
      "receive",
      "receive a part",
      "receive into no room",
      "peek",
      "send disconnect",
      "send disconnect with data",
      "recv disconnect",
      "recv disconnect into no room",
      "shutdown receive",
      "shutdown send",
      "shutdown both",
      "set QOS",
      "close",
      "abort",
      "linger time over",
      "transport connects",
      "transport fails to connect",
      "delivery",
      "reset overtakes",
      "time-out",
      "transport closes",
      "process vanishes",
      "cut",
      "transport fails"};
  return kNames[static_cast<std::size_t>(act)];
}

std::string to_string(Action action) {
  const std::string side = action.side == Side::kCaller ? "caller: " : "acceptor: ";
  return side + std::string(to_string(action.act));
}

}  // namespace ws2
