#include "provider/transfer_task.hpp"

#include <algorithm>

#include "ws2/errors.h"

namespace ws2 {
namespace {

/// From so many octets on it costs less not to copy them.
constexpr std::size_t kWorthLending = 2048;
/// The most that a frame takes.
constexpr std::size_t kMostLent = 65536;

}  // namespace

SendTask::SendTask(std::span<const ByteView> buffers, bool end_of_message, bool is_one_message)
    : buffers_(buffers), end_of_message_(end_of_message) {
  // A message is one unit, an empty one too; a stream takes buffer after buffer.
  if (!is_one_message || buffers.size() == 1) return;
  for (const ByteView& part : buffers) joined_.insert(joined_.end(), part.begin(), part.end());
  single_ = joined_;
  buffers_ = {&single_, 1};
}

std::optional<int> SendTask::advance(Channel& channel) {
  while (index_ < buffers_.size()) {
    Link& link = channel.link();
    ByteView rest = buffers_[index_].subspan(offset_);
    const bool is_lent = index_ + 1 == buffers_.size() && rest.size() >= kWorthLending;
    channel.note_send(is_lent);
    if (is_lent && !link.connection().limits().message_boundaries) {
      rest = rest.first(std::min(rest.size(), kMostLent));
    }
    const auto [result, bytes] =
        is_lent ? link.lend(rest, end_of_message_) : link.send(rest, end_of_message_);
    if (is_lent) {
      channel.pump_out();
      link.keep_lent();
    }
    offset_ += bytes;
    sent_ += bytes;
    if (result.error() == WSAEWOULDBLOCK) {
      channel.pump_out();
      // Room came of it, or it has to be waited for.
      if (!link.writable()) return std::nullopt;
      continue;
    }
    if (!result.ok()) return result.error();
    if (offset_ < buffers_[index_].size()) continue;
    offset_ = 0;
    ++index_;
  }
  channel.pump_out();
  return 0;
}

ReceiveTask::ReceiveTask(std::span<const MutableByteView> buffers, const ReceiveCall& call)
    : buffers_(buffers), call_(call) {
  if (!buffers.empty()) single_ = buffers.front();
  if (buffers.size() <= 1) return;
  std::size_t size = 0;
  for (const MutableByteView& part : buffers) size += part.size();
  joined_.resize(size);
  single_ = joined_;
}

std::optional<int> ReceiveTask::advance(Channel& channel, bool reads) {
  const ReceiveMode mode{.peek = call_.peek, .partial = call_.partial};
  reads = reads && buffers_.size() == 1 && !call_.peek && single_.size() >= kWorthLending;
  while (true) {
    const MutableByteView room = single_.subspan(received_.bytes);
    Received result = channel.link().receive(room, mode);
    if (result.result.error() == WSAEWOULDBLOCK) {
      if (!reads || channel.was_read_dry()) return std::nullopt;
      const auto direct = channel.read_into(room);
      if (!direct) return std::nullopt;
      if (*direct == 0) continue;
      result = {{}, *direct, channel.connection().limits().message_boundaries};
    }
    received_.bytes += result.bytes;
    received_.end_of_message = result.end_of_message;
    if (!result.result.ok()) return result.result.error();
    const bool wants_more =
        call_.wait_for_all && result.bytes > 0 && received_.bytes < single_.size();
    if (!wants_more) return 0;
  }
}

int ReceiveTask::finish(int error) {
  if (buffers_.size() > 1) {
    ByteView rest(joined_.data(), received_.bytes);
    for (const MutableByteView& part : buffers_) {
      const std::size_t count = std::min(part.size(), rest.size());
      std::copy_n(rest.begin(), count, part.begin());
      rest = rest.subspan(count);
    }
  }
  // MSG_WAITALL: what came before the end, the error or the time-out is given out first.
  return received_.bytes > 0 && error != WSAEMSGSIZE ? 0 : error;
}

}  // namespace ws2
