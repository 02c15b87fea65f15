// SO_CONNDATA and SO_DISCDATA, what came before WSAConnect, WSAAccept and WSASendDisconnect.

#include <algorithm>

#include "provider/net_socket.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

/// Longest data that a socket of the provider may send; absent where it carries none.
std::optional<std::size_t> limit_of(UserData which, const Limits& limits) {
  if (which == UserData::kDisconnect) return limits.disconnect_data;
  // Whether it will call or answer, a socket does not know yet.
  return std::max(limits.caller_data, limits.callee_data);
}

}  // namespace

int NetSocket::get_user_data(UserData which, Bytes& data) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!limit_of(which, *entry_.limits)) return WSAENOPROTOOPT;
  data.clear();
  if (channel_ && pump(Pump::kIn)) settle();
  const std::size_t reserved = option_of(which).reserved;
  // LEG-02, LEG-03: without room reserved there is nothing, and a listener has nothing itself.
  if (!is_connected() || reserved == 0) return 0;
  const Connection& connection = channel_->connection();
  const Bytes& came =
      which == UserData::kConnect ? connection.caller_data() : connection.disconnect_data();
  // Reference choice: nothing is cut to what was reserved.
  if (came.size() > reserved) return WSAEFAULT;
  data = came;
  return 0;
}

int NetSocket::set_user_data(UserData which, ByteView data) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  const auto limit = limit_of(which, *entry_.limits);
  if (!limit) return WSAENOPROTOOPT;
  if (data.size() > *limit) return WSAEFAULT;
  if (which == UserData::kConnect && channel_) return WSAEINVAL;
  option_of(which).outgoing.assign(data.begin(), data.end());
  // LEG-04: for whoever comes from now on.
  if (queue_ && queue_->answers_at_once()) queue_->answer_at_once(standing_answer());
  return 0;
}

int NetSocket::reserve_user_data(UserData which, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return WSAENOTSOCK;
  if (!limit_of(which, *entry_.limits)) return WSAENOPROTOOPT;
  if (which == UserData::kConnect && channel_) return WSAEINVAL;
  if (channel_ && pump(Pump::kIn)) settle();
  // LEG-05: too late for what has come already.
  const bool is_late = channel_ && !channel_->connection().disconnect_data().empty();
  if (!is_late) option_of(which).reserved = size;
  return 0;
}

std::optional<ByteView> NetSocket::outgoing_disconnect_data(std::optional<ByteView> given) const {
  const bool is_given = given && !given->empty();
  if (is_given || disconnect_data_.outgoing.empty() || !channel_) return given;
  const State state = channel_->connection().state();
  // Only where there still is an end to make: a repetition without data is no error (TEAR-12).
  const bool can_end = state == State::kEstablished || state == State::kRemoteEnded;
  return can_end ? ByteView(disconnect_data_.outgoing) : given;
}

}  // namespace ws2
