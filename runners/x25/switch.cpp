#include <utility>

#include "link.hpp"

namespace x25 {
namespace {

// The types of packets that begin and end something.
enum Type : unsigned char {
  kCallRequest = 0x0b,
  kClearRequest = 0x13,
  kClearConfirmation = 0x17,
  kRestartRequest = 0xfb,
};

constexpr std::size_t kHeader = 3;  // general format and channel in two octets, type
constexpr unsigned kMostChannels = 4095;

}  // namespace

void Switch::take(Side side, std::string_view packet) {
  if (packet.size() < kHeader) return;
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(packet[at]); };
  const auto channel = static_cast<Channel>((octet(0) & 15) << 8 | octet(1));
  const unsigned char type = octet(2);
  const Side other = side == Side::kOut ? Side::kIn : Side::kOut;
  if (channel == 0) {  // about the whole interface
    if (type == kRestartRequest) in_by_out_.clear(), out_by_in_.clear();
    send_(other, std::string(packet));
    return;
  }
  if (side == Side::kOut && type == kCallRequest) begin(channel);
  auto& channels = side == Side::kOut ? in_by_out_ : out_by_in_;
  const auto found = channels.find(channel);
  if (found == channels.end()) {  // of a call that is over
    if (type == kClearRequest) answer(side, channel, kClearConfirmation);
    return;
  }
  const Channel there = found->second;
  pass(other, there, std::string(packet));
  if (type != kClearConfirmation) return;
  channels.erase(found);
  (side == Side::kOut ? out_by_in_ : in_by_out_).erase(there);
}

// A caller that was killed may leave its call to the network, which learns of it here.
void Switch::begin(Channel channel) {
  const auto left = in_by_out_.find(channel);
  if (left != in_by_out_.end()) {
    answer(Side::kIn, left->second, kClearRequest);
    out_by_in_.erase(left->second);
    in_by_out_.erase(left);
  }
  // Not one that was used lately, for its call may not be over at the called end.
  do {
    last_ = static_cast<Channel>(last_ % kMostChannels + 1);
  } while (out_by_in_.count(last_) > 0);
  in_by_out_[channel] = last_;
  out_by_in_[last_] = channel;
}

void Switch::pass(Side to, Channel channel, std::string packet) const {
  packet[0] = static_cast<char>((packet[0] & ~15) | channel >> 8);
  packet[1] = static_cast<char>(channel & 255);
  send_(to, packet);
}

void Switch::answer(Side to, Channel channel, char type) const {
  constexpr char kModulo8 = 0x10;
  std::string packet = {kModulo8, 0, type};
  if (type == kClearRequest) packet.append(2, '\0');  // cause and diagnostic
  pass(to, channel, packet);
}

}  // namespace x25
