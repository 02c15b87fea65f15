// Calls on one socket in several threads at once.

#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>

#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

// How many calls are under way.
class UnderWay {
 public:
  class One {
   public:
    explicit One(UnderWay& all) : all_(all) {
      const std::lock_guard lock(all_.mutex_);
      ++all_.count_;
    }
    ~One() {
      {
        const std::lock_guard lock(all_.mutex_);
        --all_.count_;
      }
      all_.ended_.notify_all();
    }
    One(const One&) = delete;
    One& operator=(const One&) = delete;

   private:
    UnderWay& all_;
  };

  bool any() {
    const std::lock_guard lock(mutex_);
    return count_ > 0;
  }
  void await_none() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  int count_ = 0;
};

// Tells of the receives and accepts that are under way.
class Waits : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const UnderWay::One one(receives_);
    return inner().receive(buffers, call, received);
  }
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const UnderWay::One one(accepts_);
    return LayeredSocket::accept(call, accepted);
  }

 protected:
  UnderWay receives_;
  UnderWay accepts_;
};

class ReceivingHoldsUpSending : public Waits {
 public:
  using Waits::Waits;
  int send(std::span<const ws2::ByteView> buffers, bool end_of_message,
           std::size_t& sent) override {
    if (receives_.any()) reached();
    receives_.await_none();
    return inner().send(buffers, end_of_message, sent);
  }
};

class ClosingWaitsForTheRest : public Waits {
 public:
  using Waits::Waits;
  int close() override {
    if (receives_.any() || accepts_.any()) reached();
    receives_.await_none();
    accepts_.await_none();
    return inner().close();
  }
};

class ClosedWhileReceivingIsReset : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    if (error != WSAEINTR) return error;
    reached();
    return WSAECONNRESET;
  }
};

class ClosedWhileAcceptingIsInvalid : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = LayeredSocket::accept(call, accepted);
    if (error != WSAEINTR) return error;
    reached();
    return WSAEINVAL;
  }
};

class AcceptsInOneThread : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    listening_ = std::this_thread::get_id();
    return inner().listen(backlog);
  }
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    if (std::this_thread::get_id() == listening_) return LayeredSocket::accept(call, accepted);
    reached();
    return WSAEINPROGRESS;
  }

 private:
  std::thread::id listening_;
};

}  // namespace

Faults lane_faults() {
  return {
      {"receiving-holds-up-sending", "While a receive waits nothing can be sent on the socket.",
       "CONN-21", "receive send", "send_hang", "sending-while-a-receive-waits",
       in_sockets<ReceivingHoldsUpSending>()},
      {"closing-waits-for-the-rest",
       "closesocket waits until no other thread is in a call on the socket.", "CLOSE-15",
       "closesocket", "closesocket_hang", "waiting-receive-is-ended waiting-accept-is-ended",
       in_sockets<ClosingWaitsForTheRest>()},
      {"closed-while-receiving-is-reset",
       "A receive that closesocket ends in another thread fails with WSAECONNRESET.", "CLOSE-15",
       "closesocket", "recv_error WSARecv_error", "waiting-receive-is-ended",
       in_sockets<ClosedWhileReceivingIsReset>()},
      {"closed-while-accepting-is-invalid",
       "An accept that closesocket ends in another thread fails with WSAEINVAL.", "CLOSE-15",
       "accept closesocket", "accept_error", "waiting-accept-is-ended",
       in_sockets<ClosedWhileAcceptingIsInvalid>()},
      {"accepts-in-one-thread",
       "An accept in another thread than the one that listened fails with WSAEINPROGRESS.",
       "CONN-22", "accept", "accept_returns accept_error", "two-accepts-at-once",
       in_sockets<AcceptsInOneThread>()},
  };
}

}  // namespace ws2conform::zoo
