// The callee's data as the caller gets it, and the disconnect that overtakes another.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

// A blocking connect gets a buffer of the layer's own; what the application's is given is up to
// give().
class CalleeLayer : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override {
    if (!is_blocking()) return LayeredSocket::connect(call);
    ws2::Bytes octets(65536);
    std::uint32_t length = 0;
    ws2::ConnectCall changed = call;
    changed.callee = ws2::OutBytes{octets.data(), octets.size(), &length};
    const int error = LayeredSocket::connect(changed);
    if (error != 0) {
      if (call.callee) *call.callee->length = length;
      return error;
    }
    octets.resize(length);
    return give(octets, call.callee);
  }

 protected:
  virtual int give(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) = 0;
  static int give_all(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) {
    if (!room) return 0;
    const std::size_t count = std::min(octets.size(), room->capacity);
    std::copy_n(octets.begin(), count, room->data);
    *room->length = static_cast<std::uint32_t>(octets.size());
    return octets.size() > room->capacity ? WSAEFAULT : 0;
  }
};

class CutToItsRoom : public CalleeLayer {
  using CalleeLayer::CalleeLayer;
  int give(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) override {
    const int error = give_all(octets, room);
    if (error == 0) return 0;
    reached();
    *room->length = static_cast<std::uint32_t>(room->capacity);
    return 0;
  }
};

class LengthIsLeft : public CalleeLayer {
  using CalleeLayer::CalleeLayer;
  int give(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) override {
    const int error = give_all(octets, room);
    if (!room || *room->length == room->capacity) return error;
    reached();
    *room->length = static_cast<std::uint32_t>(room->capacity);
    return error;
  }
};

class LengthOneMore : public CalleeLayer {
  using CalleeLayer::CalleeLayer;
  int give(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) override {
    const int error = give_all(octets, room);
    if (!room || octets.empty() || error != 0) return error;
    reached();
    ++*room->length;
    return error;
  }
};

class ExactlyFullIsTooSmall : public CalleeLayer {
  using CalleeLayer::CalleeLayer;
  int give(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) override {
    const int error = give_all(octets, room);
    if (!room || octets.empty() || octets.size() != room->capacity) return error;
    reached();
    return WSAEFAULT;
  }
};

class NullIsTooSmall : public CalleeLayer {
  using CalleeLayer::CalleeLayer;
  int give(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) override {
    if (room || octets.empty()) return give_all(octets, room);
    reached();
    return WSAEFAULT;
  }
};

class DataIsLost : public CalleeLayer {
  using CalleeLayer::CalleeLayer;
  int give(const ws2::Bytes& octets, const std::optional<ws2::OutBytes>& room) override {
    if (!room || octets.empty()) return give_all(octets, room);
    reached();
    return give_all({}, room);
  }
};

// A nonblocking connect leaves the application's buffers alone, also once it is done.
class BuffersAreForgotten : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override {
    ws2::ConnectCall changed = call;
    changed.callee = ws2::OutBytes{octets_.data(), octets_.size(), &length_};
    const int error = LayeredSocket::connect(changed);
    if (!call.callee) return error;
    if (error == WSAEWOULDBLOCK) {
      reached();
      return error;
    }
    std::copy_n(octets_.begin(), std::min<std::size_t>(length_, call.callee->capacity),
                call.callee->data);
    *call.callee->length = length_;
    return error == 0 && length_ > call.callee->capacity ? WSAEFAULT : error;
  }

 private:
  ws2::Bytes octets_ = ws2::Bytes(65536);
  std::uint32_t length_ = 0;
};

// Holds the first disconnect data back for a moment, as if there were more to come, and lets the
// next take its place.
class SecondOverwrites : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  ~SecondOverwrites() override { flush(); }

  int send_disconnect(std::optional<ws2::ByteView> data) override {
    ws2::Endpoint peer;
    const auto limit = limits().disconnect_data;
    const bool is_carried = limit && data && !data->empty() && data->size() <= *limit;
    if (!is_carried || is_over_ || inner().peer_name(peer) != 0) {
      flush();
      return inner().send_disconnect(data);
    }
    {
      const std::lock_guard lock(mutex_);
      if (held_) reached();
      if (!is_sent_) held_.emplace(data->begin(), data->end());
    }
    if (!sender_.joinable()) sender_ = std::thread([this] { hold(); });
    return 0;
  }
  int send(std::span<const ws2::ByteView> buffers, bool end, std::size_t& sent) override {
    flush();
    return LayeredSocket::send(buffers, end, sent);
  }
  int shutdown(ws2::ShutdownHow how) override {
    flush();
    if (how != ws2::ShutdownHow::kReceive) is_over_ = true;
    return LayeredSocket::shutdown(how);
  }
  int close() override {
    flush();
    return LayeredSocket::close();
  }

 private:
  void hold() {
    constexpr std::chrono::milliseconds kMoment(20);
    std::unique_lock lock(mutex_);
    flushed_.wait_for(lock, kMoment, [this] { return is_flushed_; });
    is_sent_ = true;
    if (held_) inner().send_disconnect(*held_);
    held_.reset();
  }
  void flush() {
    {
      const std::lock_guard lock(mutex_);
      is_flushed_ = true;
    }
    flushed_.notify_all();
    if (sender_.joinable()) sender_.join();
  }

  std::mutex mutex_;
  std::condition_variable flushed_;
  std::thread sender_;
  std::optional<ws2::Bytes> held_;
  bool is_over_ = false;
  bool is_sent_ = false;
  bool is_flushed_ = false;
};

}  // namespace

Faults callee_data_faults() {
  return {
      {"callee-data-cut-silently", "Callee data that does not fit is cut, and connect succeeds.",
       "UDATA-13 UDATA-07", "WSAConnect", "WSAConnect_error WSAConnect_reading WSAConnect_returns",
       "callee-data-does-not-fit", in_sockets<CutToItsRoom>()},
      {"callee-length-is-left", "lpCalleeData->len stays what was offered.", "UDATA-08 UDATA-12",
       "WSAConnect", "WSAConnect_callee_data WSAConnect_callee_len",
       "callee-data-reaches-the-caller no-data-on-either-side", in_sockets<LengthIsLeft>()},
      {"callee-length-one-more", "lpCalleeData->len counts one octet too many.",
       "UDATA-08 UDATA-07", "WSAConnect", "WSAConnect_callee_data WSAConnect_callee_len",
       "callee-data-of-every-size", in_sockets<LengthOneMore>()},
      {"callee-room-wants-one-more", "A buffer of exactly the callee data's size is too small.",
       "UDATA-13", "WSAConnect", "WSAConnect_error WSAConnect_reading WSAConnect_returns",
       "callee-data-of-every-size", in_sockets<ExactlyFullIsTooSmall>()},
      {"callee-data-must-be-taken", "A NULL lpCalleeData makes connect fail where data comes.",
       "UDATA-09", "WSAConnect connect",
       "WSAConnect_error WSAConnect_reading WSAConnect_returns connect_error connect_reading "
       "connect_returns",
       "callee-data-not-asked-for", in_sockets<NullIsTooSmall>()},
      {"callee-data-is-lost", "The callee's data never reaches the caller.",
       "ACC-25 SEED-A04 UDATA-01", "WSAConnect", "WSAConnect_*", "callee-data-reaches-the-caller",
       in_sockets<DataIsLost>()},
      {"callee-buffers-forgotten", "A nonblocking connect does not fill the buffers it was given.",
       "UDATA-10 UDATA-11 EVT-27", "WSAConnect",
       "WSAEnumNetworkEvents_error WSAEnumNetworkEvents_reading WSAEnumNetworkEvents_returns",
       "callee-data-does-not-fit-nonblocking", in_sockets<BuffersAreForgotten>()},
      {"second-disconnect-overwrites", "A second WSASendDisconnect takes the first's place.",
       "TEAR-12 TEAR-05", "WSASendDisconnect", "WSARecvDisconnect_data", "disconnecting-twice",
       in_sockets<SecondOverwrites>()},
  };
}

}  // namespace ws2conform::zoo
