// WSASendDisconnect and WSARecvDisconnect.

#include <algorithm>

#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

// Data that the provider carries.
bool is_carried(const std::optional<ws2::ByteView>& data, const ws2::Limits& limits) {
  return limits.disconnect_data && data && !data->empty() &&
         data->size() <= *limits.disconnect_data;
}

class DataDropped : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const bool carried = is_carried(data, limits());
    if (carried) reached();
    return inner().send_disconnect(carried ? std::nullopt : data);
  }
};

class DoesNothing : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView>) override {
    reached();
    return 0;
  }
};

class FetchesNothing : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView>, std::size_t& bytes) override {
    reached();
    bytes = 0;
    return 0;
  }
};

class DataCutAtZero : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    if (is_carried(data, limits())) {
      const auto zero = std::ranges::find(*data, 0);
      if (zero != data->end()) reached();
      data = data->first(static_cast<std::size_t>(zero - data->begin()));
    }
    return inner().send_disconnect(data);
  }
};

class DataOneShort : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    if (is_carried(data, limits()) && data->size() > 1) {
      reached();
      data = data->first(data->size() - 1);
    }
    return inner().send_disconnect(data);
  }
};

class DataCutToTheLimit : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const auto limit = limits().disconnect_data;
    if (data && limit && data->size() > *limit) {
      reached();
      data = data->first(*limit);
    }
    return inner().send_disconnect(data);
  }
};

class LimitOneLess : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    if (data && limits().disconnect_data && data->size() == *limits().disconnect_data) {
      reached();
      return WSAEFAULT;
    }
    return inner().send_disconnect(data);
  }
};

class DataIgnoredWithoutSupport : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    if (data && !data->empty() && !limits().disconnect_data) {
      reached();
      data.reset();
    }
    return inner().send_disconnect(data);
  }
};

class SendsAfterIt : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(std::span<const ws2::ByteView> buffers, bool end_of_message,
           std::size_t& sent) override {
    const int error = inner().send(buffers, end_of_message, sent);
    if (error != WSAESHUTDOWN) return error;
    reached();
    sent = 0;
    for (const ws2::ByteView& buffer : buffers) sent += buffer.size();
    return 0;
  }
};

class Invents : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error == 0 && buffer && bytes == 0 && buffer->size() >= 4) {
      reached();
      bytes = 4;
      std::fill_n(buffer->begin(), 4, std::uint8_t{0});
    }
    return error;
  }
};

class CloseItself : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error == 0) {
      reached();
      inner().close();
    }
    return error;
  }
};

class WaitsForIt : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const auto changed = std::make_shared<ws2::EventObject>();
    ws2::Readiness now;
    if (inner().readiness(now) == 0 && !now.ended && inner().observe(changed) == 0) {
      reached();
      while (inner().readiness(now) == 0 && !now.ended) {
        ws2::EventObject::wait(std::span(&changed, 1), false, std::nullopt);
        changed->reset();
      }
      inner().unobserve(changed.get());
    }
    return inner().receive_disconnect(buffer, bytes);
  }
};

class CutsWhatDoesNotFit : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error != WSAEFAULT || !buffer) return error;
    reached();
    ws2::Bytes all(65536);
    const int again = inner().receive_disconnect(all, bytes);
    bytes = std::min(bytes, buffer->size());
    std::copy_n(all.begin(), bytes, buffer->begin());
    return again;
  }
};

class ExactRoomIsTooSmall : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error != 0 || !buffer || bytes == 0 || bytes != buffer->size()) return error;
    reached();
    return WSAEFAULT;
  }
};

class GivesItOnce : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error != 0 || bytes == 0) return error;
    if (given_) {
      reached();
      bytes = 0;
    }
    given_ = true;
    return 0;
  }

 private:
  bool given_ = false;
};

}  // namespace

Faults disconnect_faults() {
  return {
      {"drops-disconnect-data", "WSASendDisconnect succeeds, and the peer finds no data.",
       "TEAR-05 SEED-A06 SEED-A08 SEED-A11 SEED-A16 SEED-A21 TEAR-14", "WSASendDisconnect",
       "FD_CLOSE_error FD_CLOSE_event INV-DISCONNECT-DATA WSARecvDisconnect_* recv_error "
       "recv_reading recv_returns",
       "totals-answered-by-grand-total disconnect-data-of-every-size", in_sockets<DataDropped>()},
      {"disconnects-are-no-operations",
       "WSASendDisconnect does nothing and succeeds, as in one well-known stack.",
       "TEAR-01 TEAR-02 TEAR-03 SEED-A07 SEED-A14 EVT-19 TEAR-36", "WSASendDisconnect",
       "FD_CLOSE_error FD_CLOSE_event WSAEDISCON_hang WSASendDisconnect_error "
       "WSASendDisconnect_reading WSASendDisconnect_returns WSAWaitForMultipleEvents_hang "
       "WSAWaitForMultipleEvents_returns receive_hang recv-zero_hang recv_hang send_error "
       "send_reading send_returns WSARecvDisconnect_data WSARecv_hang",
       "", in_sockets<DoesNothing>()},
      {"fetching-is-no-operation",
       "WSARecvDisconnect does nothing and succeeds, as in one well-known stack.",
       "TEAR-15 TEAR-16 TEAR-19 SEED-A09 SEED-A16", "WSARecvDisconnect",
       "INV-DISCONNECT-DATA WSARecvDisconnect_* WSARecv_hang recv_error recv_hang recv_reading "
       "recv_returns",
       "", in_sockets<FetchesNothing>()},
      {"disconnect-data-cut-at-zero", "Disconnect data ends at its first zero octet.",
       "UDATA-24 TEAR-05", "WSASendDisconnect",
       "FD_CLOSE_error FD_CLOSE_event WSARecvDisconnect_data recv_error recv_reading recv_returns",
       "", in_sockets<DataCutAtZero>()},
      {"disconnect-data-one-short", "The last octet of disconnect data is missing.", "TEAR-05",
       "WSASendDisconnect", "INV-DISCONNECT-DATA WSARecvDisconnect_*",
       "disconnect-data-of-every-size", in_sockets<DataOneShort>()},
      {"disconnect-data-cut-to-the-limit", "Disconnect data beyond the limit is cut to it.",
       "TEAR-11 TEAR-05", "WSASendDisconnect",
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns",
       "disconnect-data-too-long", in_sockets<DataCutToTheLimit>()},
      {"disconnect-data-limit-one-less", "Disconnect data of exactly the limit is refused.",
       "TEAR-11 TEAR-14", "WSASendDisconnect",
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns",
       "disconnect-data-of-every-size", in_sockets<LimitOneLess>()},
      {"disconnect-data-ignored-without-support",
       "Where disconnect data is not supported WSASendDisconnect goes on without it.",
       "TEAR-06 TEAR-14 SEED-A06 FLAG-02", "WSASendDisconnect",
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns",
       "no-disconnect-data-without-support", in_sockets<DataIgnoredWithoutSupport>()},
      {"sends-after-disconnecting", "Sends go on succeeding after the own end of sending.",
       "TEAR-03 TEAR-34 SEED-A07", "send WSASend", "send_error send_reading send_returns",
       "no-send-after-disconnect", in_sockets<SendsAfterIt>()},
      {"fetching-invents-data", "WSARecvDisconnect gives four zeros where there is nothing.",
       "TEAR-05 TEAR-19", "WSARecvDisconnect", "WSARecvDisconnect_*", "disconnect-without-data",
       in_sockets<Invents>()},
      {"fetching-closes", "WSARecvDisconnect closes the socket.", "TEAR-22 CLOSE-01",
       "WSARecvDisconnect",
       "WSARecvDisconnect_error WSARecvDisconnect_reading WSARecvDisconnect_returns "
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns "
       "closesocket_error closesocket_reading closesocket_returns getsockopt_error "
       "getsockopt_reading getsockopt_returns recv_error recv_reading recv_returns send_error "
       "send_reading send_returns WSAEnumNetworkEvents_returns WSAEnumNetworkEvents_network_events "
       "setsockopt_returns",
       "disconnect-frees-nothing", in_sockets<CloseItself>()},
      {"fetching-waits", "WSARecvDisconnect waits for the peer's end.", "TEAR-22 TEAR-16",
       "WSARecvDisconnect", "WSARecvDisconnect_hang", "", in_sockets<WaitsForIt>()},
      {"fetching-cuts", "Disconnect data that does not fit is cut.", "TEAR-20", "WSARecvDisconnect",
       "WSARecvDisconnect_error WSARecvDisconnect_reading WSARecvDisconnect_returns",
       "too-small-and-tried-again", in_sockets<CutsWhatDoesNotFit>()},
      {"fetching-wants-one-more", "A buffer of exactly the data's size is too small.", "TEAR-20",
       "WSARecvDisconnect",
       "WSARecvDisconnect_error WSARecvDisconnect_reading WSARecvDisconnect_returns",
       "disconnect-data-of-every-size", in_sockets<ExactRoomIsTooSmall>()},
      {"fetched-only-once", "A second WSARecvDisconnect finds nothing.", "TEAR-19",
       "WSARecvDisconnect", "INV-DISCONNECT-DATA", "fetched-twice", in_sockets<GivesItOnce>()},
  };
}

}  // namespace ws2conform::zoo
