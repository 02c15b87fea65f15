#include "connection/byte_queue.hpp"

namespace ws2 {

void ByteQueue::append(ByteView bytes) {
  // Reclaims the consumed front instead of growing, but only once it is at least as large as what
  // would have to be moved, so that appending stays linear overall.
  if (head_ >= size() && block_.size() + bytes.size() > block_.capacity()) {
    block_.erase(block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  block_.insert(block_.end(), bytes.begin(), bytes.end());
}

void ByteQueue::consume(std::size_t count) {
  head_ += count;
  if (empty()) clear();
}

void ByteQueue::clear() {
  block_.clear();
  head_ = 0;
}

}  // namespace ws2
