#pragma once

#include <optional>
#include <span>

#include "provider/channel.hpp"
#include "provider/service_provider.hpp"

namespace ws2 {

/// A send that goes on as room comes. The buffers, and the span over them, have to live as long.
class SendTask {
 public:
  SendTask(std::span<const ByteView> buffers, bool end_of_message, bool is_one_message);
  SendTask(const SendTask&) = delete;
  SendTask& operator=(const SendTask&) = delete;

  /// Hands over what there is room for, and writes. Nothing while some of it has to wait; then 0 or
  /// a WSA error number.
  std::optional<int> advance(Channel& channel);
  /// Octets handed over.
  std::size_t sent() const { return sent_; }
  /// Something was handed over, be it an empty message.
  bool is_begun() const { return sent_ > 0 || index_ == buffers_.size(); }

 private:
  std::span<const ByteView> buffers_;
  const bool end_of_message_;
  Bytes joined_;
  ByteView single_;
  std::size_t index_ = 0;
  std::size_t offset_ = 0;
  std::size_t sent_ = 0;
};

/// A receive that goes on as octets come. The buffers and the span as for SendTask.
class ReceiveTask {
 public:
  ReceiveTask(std::span<const MutableByteView> buffers, const ReceiveCall& call);
  ReceiveTask(const ReceiveTask&) = delete;
  ReceiveTask& operator=(const ReceiveTask&) = delete;

  /// Takes what is there. Nothing while the call has to wait; then 0 or a WSA error number. Where
  /// it `reads`, it looks itself for what has not come to the link yet, if that saves a copy.
  std::optional<int> advance(Channel& channel, bool reads);
  /// Once no more is to come: the buffers are filled. The error that the call ends with, if `error`
  /// is what stopped it.
  int finish(int error);
  const ReceiveResult& received() const { return received_; }

 private:
  std::span<const MutableByteView> buffers_;
  const ReceiveCall call_;
  /// A message may have to be read whole before it can be spread over the buffers.
  Bytes joined_;
  MutableByteView single_;
  ReceiveResult received_;
};

}  // namespace ws2
