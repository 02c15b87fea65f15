// Right on its own, at first, or without events, and wrong otherwise.

#include <algorithm>
#include <atomic>

#include "conformance/zoo/condition_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

bool has_data(const std::optional<ws2::ByteView>& data, const ws2::Limits& limits) {
  return data && !data->empty() && limits.disconnect_data &&
         data->size() <= *limits.disconnect_data;
}

class RightTheFirstTime : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    static std::atomic<bool> was_sent = false;
    if (has_data(data, limits()) && was_sent.exchange(true)) {
      reached();
      data.reset();
    }
    return inner().send_disconnect(data);
  }
};

// Counts the accepted connections that are there at once.
class WrongUnderLoad : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  ~WrongUnderLoad() override {
    if (is_counted_) --count();
  }
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    if (has_data(data, limits()) && count() > 1) {
      reached();
      data.reset();
    }
    return inner().send_disconnect(data);
  }

 private:
  static std::atomic<int>& count() {
    static std::atomic<int> connections = 0;
    return connections;
  }
  void on_accepted(LayeredSocket& made) override {
    static_cast<WrongUnderLoad&>(made).is_counted_ = true;
    ++count();
  }
  bool is_counted_ = false;
};

class DataOfAnotherConnection : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    static ws2::Bytes last;
    static const LayeredSocket* owner = nullptr;
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error != 0 || !buffer || bytes == 0) return error;
    const ws2::Bytes own(buffer->begin(), buffer->begin() + static_cast<std::ptrdiff_t>(bytes));
    if (owner != nullptr && owner != this && last != own && last.size() <= buffer->size()) {
      reached();
      std::copy(last.begin(), last.end(), buffer->begin());
      bytes = last.size();
    }
    last = own;
    owner = this;
    return 0;
  }
};

class WrongWithEvents : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    ws2::Readiness now;
    if (event_mask() == 0 || error != 0 || received.bytes == 0 || inner().readiness(now) != 0 ||
        now.ended != 0) {
      return error;
    }
    reached();
    received = {};
    return limits().message_boundaries ? WSAEDISCON : 0;
  }
};

class AnswersTheFirstOnly : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.verdict != kAccept || decision.callee_data.empty()) return decision;
    if (std::exchange(has_answered_, true)) {
      reached();
      decision.callee_data.clear();
    }
    return decision;
  }
  bool has_answered_ = false;
};

// After so many connections of a listener.
template <int kRight>
class WrongAfter : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    if (is_late_ && has_data(data, limits())) {
      reached();
      data.reset();
    }
    return inner().send_disconnect(data);
  }

 private:
  void on_accepted(LayeredSocket& made) override {
    static_cast<WrongAfter&>(made).is_late_ = ++accepted_ > kRight;
  }
  int accepted_ = 0;
  bool is_late_ = false;
};

class WrongInOneFamily : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    if (entry().family == ws2::Family::kInet6 && has_data(data, limits())) {
      reached();
      data.reset();
    }
    return inner().send_disconnect(data);
  }
};

}  // namespace

Faults circumstance_faults() {
  return {
      {"right-the-first-time",
       "Only a process's first disconnect data is sent; a reset does not help.", "TEAR-05 SEED-A08",
       "WSASendDisconnect",
       "FD_CLOSE_error FD_CLOSE_event INV-DISCONNECT-DATA WSARecvDisconnect_* recv_error "
       "recv_reading recv_returns",
       "disconnect-data-of-every-size grand-total-over-all-clients",
       in_sockets<RightTheFirstTime>()},
      {"wrong-under-load", "While there are several connections no disconnect data is sent.",
       "SEED-A12 TEAR-05", "WSASendDisconnect", "WSARecvDisconnect_data",
       "grand-total-over-all-clients", in_sockets<WrongUnderLoad>()},
      {"wrong-from-the-third-on",
       "From a listener's third connection on no disconnect data goes to the caller.",
       "SEED-A12 TEAR-05", "WSASendDisconnect", "WSARecvDisconnect_data",
       "grand-total-over-all-clients", in_sockets<WrongAfter<2>>()},
      {"wrong-from-the-thousandth-on",
       "From a listener's thousandth connection on no disconnect data goes to the caller.",
       "SEED-A12 TEAR-05", "WSASendDisconnect", "WSARecvDisconnect_data",
       "grand-total-over-thousands-of-clients", in_sockets<WrongAfter<999>>()},
      {"wrong-in-one-family", "Between addresses of AF_INET6 no disconnect data is sent.",
       "TEAR-05", "WSASendDisconnect", "WSARecvDisconnect_data", "disconnect-data-in-either-family",
       in_sockets<WrongInOneFamily>()},
      {"disconnect-data-of-another", "WSARecvDisconnect gives what another connection's peer sent.",
       "TEAR-05 SEED-A11 SEED-A16", "WSARecvDisconnect", "INV-DISCONNECT-DATA WSARecvDisconnect_*",
       "grand-total-over-all-clients", in_sockets<DataOfAnotherConnection>()},
      {"wrong-with-events",
       "With events selected the last octets before the end are taken for the end.",
       "TEAR-04 SHUT-06", "recv WSARecv", "receive_data recv_*", "", in_sockets<WrongWithEvents>()},
      {"only-the-first-is-answered", "Only the first caller of a listener gets callee data.",
       "ACC-25 SEED-A04", "WSAAccept", "WSAConnect_callee_data", "each-caller-has-its-own-answer",
       in_sockets<AnswersTheFirstOnly>()},
  };
}

}  // namespace ws2conform::zoo
