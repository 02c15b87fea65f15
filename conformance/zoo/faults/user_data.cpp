// User data with the request and with the answer.

#include <algorithm>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/condition_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

class CallerDataCutAtZero : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Offer cut = offer;
    const auto zero = std::ranges::find(offer.caller_data, 0);
    if (zero != offer.caller_data.end()) reached();
    cut.caller_data =
        offer.caller_data.first(static_cast<std::size_t>(zero - offer.caller_data.begin()));
    return condition(cut);
  }
};

class CallerDataOneShort : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Offer cut = offer;
    if (!cut.caller_data.empty()) {
      reached();
      cut.caller_data = cut.caller_data.first(cut.caller_data.size() - 1);
    }
    return condition(cut);
  }
};

class CallerDataStale : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    static ws2::Bytes last;
    ws2::Offer stale = offer;
    if (offer.caller_data.empty() && !last.empty()) {
      reached();
      stale.caller_data = last;
    }
    if (!offer.caller_data.empty()) last.assign(offer.caller_data.begin(), offer.caller_data.end());
    return condition(stale);
  }
};

class CallerDataOfTheOther : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    const ws2::Bytes own(offer.caller_data.begin(), offer.caller_data.end());
    const bool is_other = last_caller_ && !(*last_caller_ == offer.caller);
    ws2::Offer swapped = offer;
    if (is_other && last_data_ != own) {
      reached();
      swapped.caller_data = last_data_;
    }
    const ws2::Decision decision = condition(swapped);
    last_caller_ = offer.caller;
    last_data_ = own;
    return decision;
  }
  std::optional<ws2::Endpoint> last_caller_;
  ws2::Bytes last_data_;
};

// The request's data comes once more, in front of what the accepted socket receives.
class CallerDataInTheStream : public ConditionLayer {
 public:
  using ConditionLayer::ConditionLayer;
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    if (in_front_.empty() || buffers.empty() || call.is_faulty) {
      return ConditionLayer::receive(buffers, call, received);
    }
    reached();
    const std::size_t count = std::min(in_front_.size(), buffers.front().size());
    std::copy_n(in_front_.begin(), count, buffers.front().begin());
    in_front_.clear();
    received = {count, true};
    return 0;
  }

 private:
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    caller_data_.assign(offer.caller_data.begin(), offer.caller_data.end());
    return condition(offer);
  }
  void on_accepted(LayeredSocket& made) override {
    static_cast<CallerDataInTheStream&>(made).in_front_ = caller_data_;
  }
  ws2::Bytes caller_data_;
  ws2::Bytes in_front_;
};

std::size_t caller_limit(const ws2::ServiceSocket& socket) {
  return socket.entry().limits->caller_data.value_or(0);
}

class CallerDataLimitOneLess : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override {
    if (!call.caller_data.empty() && call.caller_data.size() == caller_limit(*this)) {
      reached();
      return WSAEFAULT;
    }
    return LayeredSocket::connect(call);
  }
};

// Data beyond the limit is cut to it where `kCuts`, else there is no data at all.
template <bool kCuts>
class CallerDataTooLongIsTaken : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override {
    ws2::ConnectCall changed = call;
    const bool carries = limits().caller_data.has_value();
    if (carries && call.caller_data.size() > caller_limit(*this)) {
      reached();
      changed.caller_data = call.caller_data.first(kCuts ? caller_limit(*this) : 0);
    }
    return LayeredSocket::connect(changed);
  }
};

class CallerDataDroppedWithoutSupport : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override {
    ws2::ConnectCall changed = call;
    if (!call.caller_data.empty() && !limits().caller_data) {
      reached();
      changed.caller_data = {};
    }
    return LayeredSocket::connect(changed);
  }
};

void want_caller_data(Api& api) {
  api.WSAConnect = [](SOCKET s, const sockaddr* name, int length, LPWSABUF caller, LPWSABUF callee,
                      LPQOS sqos, LPQOS gqos) {
    if (caller != nullptr) {
      return reference_api().WSAConnect(s, name, length, caller, callee, sqos, gqos);
    }
    reached();
    WSASetLastError(WSAEFAULT);
    return SOCKET_ERROR;
  };
}

}  // namespace

Faults user_data_faults() {
  return {
      {"cuts-caller-data-at-zero",
       "The condition function sees the caller's data only up to its first zero octet.",
       "UDATA-24 SEED-A03 ACC-18", "WSAConnect", "condition_caller_data INV-CALLER-DATA",
       "caller-data-of-every-size all-octets-survive", in_sockets<CallerDataCutAtZero>()},
      {"caller-data-one-short", "The last octet of the caller's data is missing.",
       "UDATA-05 SEED-A03", "WSAConnect", "condition_caller_data INV-CALLER-DATA",
       "caller-data-of-every-size user-data-one-octet-at-a-time", in_sockets<CallerDataOneShort>()},
      {"caller-data-of-the-request-before",
       "A request without data shows the data of the last one that had some.",
       "UDATA-03 ACC-18 UDATA-04", "WSAAccept", "condition_caller_data INV-CALLER-DATA", "",
       in_sockets<CallerDataStale>()},
      {"caller-data-of-another-client", "A request shows the data of the one before it.",
       "UDATA-25", "WSAConnect", "condition_caller_data INV-CALLER-DATA",
       "each-request-keeps-its-own", in_sockets<CallerDataOfTheOther>()},
      {"caller-data-in-the-stream", "The caller's data is also the first that is received.",
       "SEED-A05 UDATA-01", "WSAConnect", "INV-PREFIX", "", in_sockets<CallerDataInTheStream>()},
      {"caller-data-limit-one-less", "Caller data of exactly the limit is refused.",
       "UDATA-05 FLAG-02", "WSAConnect", "condition_hang", "caller-data-of-every-size",
       in_sockets<CallerDataLimitOneLess>()},
      {"caller-data-cut-to-the-limit", "Caller data beyond the limit is cut to it.",
       "UDATA-05 ERR-03", "WSAConnect", "WSAConnect_hang", "caller-data-too-long",
       in_sockets<CallerDataTooLongIsTaken<true>>()},
      {"caller-data-dropped-when-too-long", "Caller data beyond the limit is not sent at all.",
       "UDATA-05", "WSAConnect", "WSAConnect_hang", "caller-data-too-long",
       in_sockets<CallerDataTooLongIsTaken<false>>()},
      {"caller-data-dropped-without-support",
       "Where caller data is not supported WSAConnect goes on without it.",
       "UDATA-06 FLAG-02 SEED-A03", "WSAConnect",
       "WSAConnect_error WSAConnect_reading WSAConnect_returns", "not-supported-and-refused",
       in_sockets<CallerDataDroppedWithoutSupport>()},
      {"no-caller-data-is-refused", "A WSAConnect without caller data fails with WSAEFAULT.",
       "UDATA-03 UDATA-04", "WSAConnect",
       "WSAConnect_error WSAConnect_reading WSAConnect_returns accept_hang condition_hang relay",
       "no-data-on-either-side", in_api(want_caller_data)},
  };
}

}  // namespace ws2conform::zoo
