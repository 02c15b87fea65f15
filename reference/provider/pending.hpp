#pragma once

#include <vector>

#include "provider/net_socket.hpp"
#include "provider/transfer_task.hpp"

namespace ws2 {

/// An overlapped send that is not over. The application's array of buffers may be gone.
struct NetSocket::PendingSend {
  PendingSend(std::span<const ByteView> given, bool end_of_message, bool is_one_message,
              OverlappedDone callback)
      : buffers(given.begin(), given.end()),
        task(buffers, end_of_message, is_one_message),
        done(std::move(callback)) {}

  std::vector<ByteView> buffers;
  SendTask task;
  OverlappedDone done;
};

struct NetSocket::PendingReceive {
  PendingReceive(std::span<const MutableByteView> given, const ReceiveCall& call,
                 OverlappedDone callback)
      : buffers(given.begin(), given.end()), task(buffers, call), done(std::move(callback)) {}

  /// Fills the buffers; what to tell of it.
  OverlappedOutcome outcome(int error) {
    error = task.finish(error);
    return {error, task.received().bytes, task.received().end_of_message};
  }

  std::vector<MutableByteView> buffers;
  ReceiveTask task;
  OverlappedDone done;
};

}  // namespace ws2
