#pragma once

#include "connection/bytes.hpp"

namespace ws2 {

/// First in, first out octets in one contiguous block, so that the front can be handed to a system
/// call as it stands. Appending may move the block: a view from front() ends with the next append.
class ByteQueue {
 public:
  [[nodiscard]] bool empty() const { return head_ == block_.size(); }
  [[nodiscard]] std::size_t size() const { return block_.size() - head_; }
  [[nodiscard]] ByteView front() const { return ByteView(block_).subspan(head_); }

  void append(ByteView bytes);
  void append(std::uint8_t octet) { block_.push_back(octet); }
  /// Drops the first `count` octets; count is at most size().
  void consume(std::size_t count);
  void clear();

 private:
  Bytes block_;
  std::size_t head_ = 0;
};

}  // namespace ws2
