// Messages, streams and overlapped operations.

#include <algorithm>

#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using Buffers = std::span<const ws2::MutableByteView>;

class JoinsMessages : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Buffers buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = LayeredSocket::receive(buffers, call, received);
    ws2::Readiness now;
    if (error != 0 || !limits().message_boundaries || buffers.size() != 1 || call.peek ||
        inner().readiness(now) != 0 || !now.has_data) {
      return error;
    }
    const ws2::MutableByteView rest = buffers.front().subspan(received.bytes);
    ws2::ReceiveResult more;
    if (rest.empty() || LayeredSocket::receive(std::span(&rest, 1), call, more) != 0) return error;
    reached();
    received.bytes += more.bytes;
    return error;
  }
};

// A send is what a receive gives, also where there are no messages.
class ReachedByReceiving : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Buffers buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = LayeredSocket::receive(buffers, call, received);
    if (is_answer(error)) reached();
    return error;
  }
  int start_receive(Buffers buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received,
                    ws2::OverlappedDone done) override {
    const auto told = [done = std::move(done)](const ws2::OverlappedOutcome& result) {
      if (is_answer(result.error)) reached();
      done(result);
    };
    const int error = LayeredSocket::start_receive(buffers, call, received, told);
    if (is_answer(error)) reached();
    return error;
  }

 private:
  static bool is_answer(int error) {
    return error == WSAEMSGSIZE || error == WSAEDISCON || error == 0;
  }
};

class CutsMessagesSilently : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Buffers buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = LayeredSocket::receive(buffers, call, received);
    if (error != WSAEMSGSIZE) return error;
    reached();
    return 0;
  }
};

class RepeatsItself : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Buffers buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    ws2::ReceiveCall peeks = call;
    if (!std::exchange(is_repeated_, true) && !call.wait_for_all && !call.is_faulty) {
      peeks.peek = true;
      const int error = LayeredSocket::receive(buffers, peeks, received);
      if (error == 0 && received.bytes > 0) {
        reached();
      } else {
        is_repeated_ = false;
        if (error == 0 && !call.peek) return LayeredSocket::receive(buffers, call, received);
      }
      return error;
    }
    return LayeredSocket::receive(buffers, call, received);
  }

 private:
  bool is_repeated_ = false;
};

class UnconnectedSends : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(std::span<const ws2::ByteView> buffers, bool end, std::size_t& sent) override {
    const int error = LayeredSocket::send(buffers, end, sent);
    if (error != WSAENOTCONN) return error;
    reached();
    sent = 0;
    for (const ws2::ByteView& buffer : buffers) sent += buffer.size();
    return 0;
  }
};

class UnconnectedReceives : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Buffers buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = LayeredSocket::receive(buffers, call, received);
    if (error != WSAENOTCONN) return error;
    reached();
    return WSAEINVAL;
  }
};

class UnconnectedDisconnects : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const int error = LayeredSocket::send_disconnect(data);
    if (error != WSAENOTCONN) return error;
    reached();
    return 0;
  }
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = LayeredSocket::receive_disconnect(buffer, bytes);
    if (error != WSAENOTCONN) return error;
    reached();
    bytes = 0;
    return 0;
  }
};

// Whoever waits for the event object of a receive waits for ever.
class PendingIsForgotten : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int start_receive(Buffers buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received,
                    ws2::OverlappedDone done) override {
    return LayeredSocket::start_receive(
        buffers, call, received, [done = std::move(done)](const ws2::OverlappedOutcome& outcome) {
          if (outcome.error != WSA_OPERATION_ABORTED) return done(outcome);
          reached();
        });
  }
};

}  // namespace

Faults transfer_faults() {
  return {
      {"messages-are-joined", "A receive gives two messages at once.", "FLAG-04", "recv WSARecv",
       "recv_error recv_reading recv_returns", "messages-keep-their-boundaries",
       in_sockets<JoinsMessages>()},
      {"streams-have-messages", "A byte stream keeps the boundaries of its sends.",
       "FLAG-04 TEAR-27 TEAR-29", "recv WSARecv provider=stream",
       "WSAGetOverlappedResult_error WSAGetOverlappedResult_reading WSAGetOverlappedResult_returns "
       "WSARecv_error WSARecv_reading WSARecv_returns receive_* recv-zero_error recv-zero_reading "
       "recv-zero_returns recv_error recv_reading recv_returns",
       "streams-have-no-boundaries", in_limits<ReachedByReceiving>([](ws2::Limits& limits) {
         limits.message_boundaries = true;
       })},
      {"messages-are-cut-silently", "A receive that does not take a message whole succeeds.",
       "FLAG-05", "recv WSARecv", "recv_error recv_reading recv_returns",
       "message-larger-than-the-buffer", in_sockets<CutsMessagesSilently>()},
      {"first-data-comes-twice", "The first that is received comes twice.", "TEAR-04",
       "recv WSARecv",
       "FD_CLOSE_error FD_CLOSE_event INV-PREFIX WSAEDISCON_error WSAEDISCON_reading "
       "WSAEDISCON_returns WSARecv_* recv-zero_error recv-zero_reading recv-zero_returns recv_*",
       "", in_sockets<RepeatsItself>()},
      {"unconnected-sends", "A send on a socket that was never connected succeeds.", "TEAR-35",
       "send WSASend", "send_error send_reading send_returns", "never-connected",
       in_sockets<UnconnectedSends>()},
      {"unconnected-receives-otherwise",
       "A receive on a socket that was never connected fails with WSAEINVAL.", "TEAR-35",
       "recv WSARecv", "recv_error recv_reading recv_returns", "never-connected",
       in_sockets<UnconnectedReceives>()},
      {"unconnected-disconnects", "Disconnecting succeeds on a socket that was never connected.",
       "TEAR-10 TEAR-24", "WSASendDisconnect WSARecvDisconnect",
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns",
       "never-connected", in_sockets<UnconnectedDisconnects>()},
      {"pending-receive-is-forgotten", "closesocket does not end pending receives.", "CLOSE-13",
       "WSARecv", "WSAWaitForMultipleEvents_returns", "pending-operations-are-aborted",
       in_sockets<PendingIsForgotten>()},
  };
}

}  // namespace ws2conform::zoo
