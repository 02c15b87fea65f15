// The X.25 network of the guest: two interfaces and a switch between them. Every call goes out
// through the one and comes in through the other.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace x25 {

// What a network does with packets: calls that go out on one interface's logical channels come in
// on channels of the other, which it chooses.
class Switch {
 public:
  enum class Side { kOut, kIn };
  using Send = std::function<void(Side, const std::string& packet)>;

  explicit Switch(Send send) : send_(std::move(send)) {}

  // A packet that came from `side`.
  void take(Side side, std::string_view packet);

 private:
  using Channel = std::uint16_t;

  void begin(Channel channel);
  void pass(Side to, Channel channel, std::string packet) const;
  void answer(Side to, Channel channel, char type) const;

  Send send_;
  std::map<Channel, Channel> in_by_out_;
  std::map<Channel, Channel> out_by_in_;
  Channel last_ = 0;
};

// Of a call of the system: throws std::runtime_error with `what` and errno's text for a result
// below 0.
void must(long result, const std::string& what);

// Makes the network, with a process of its own for the switch. Throws std::runtime_error.
void start_link();

}  // namespace x25
