// What was seen in real stacks, once the suite was run on them (reports/findings): each put where
// it can be seen to be wrong in that way alone.

#include <algorithm>
#include <chrono>
#include <vector>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/condition_layer.hpp"
#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "runners/winsock/names.hpp"
#include "ws2/errors.h"

// The adapter's table of flags, as the linker names it (meson.build).
const ws2conform::Names& real_service_flags() __asm__("__real__ZN10ws2conform13service_flagsEv");
const ws2conform::Names& wrapped_service_flags() __asm__("__wrap__ZN10ws2conform13service_flagsEv");

namespace ws2conform::zoo {
namespace {

using Room = std::span<const ws2::MutableByteView>;

// A send behind the own end fails, as it has to, and takes the connection with it (HTTP/2).
class LateSendBreaks : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(std::span<const ws2::ByteView> buffers, bool end_of_message,
           std::size_t& sent) override {
    const int error = inner().send(buffers, end_of_message, sent);
    if (error == WSAESHUTDOWN) is_broken_ = true;
    return error;
  }
  int receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    if (!is_broken_ || error != 0) return error;
    reached();
    received = {};
    return WSAECONNABORTED;
  }

 private:
  bool is_broken_ = false;
};

// The system forgets an error that it has told (Wine).
class ResetIsToldOnce : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Room buffers, const ws2::ReceiveCall& call, ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    if (error != WSAECONNRESET || !std::exchange(is_told_, true)) return error;
    reached();
    received = {};
    return limits().message_boundaries ? WSAEDISCON : 0;
  }

 private:
  bool is_told_ = false;
};

// Where there is no disconnect data a fetch succeeds and says that the room is full of it (Wine).
class RoomIsTakenForData : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (limits().disconnect_data || !buffer || buffer->empty()) return error;
    if (error != 0 && error != WSAENOPROTOOPT) return error;
    reached();
    bytes = buffer->size();
    return 0;
  }
};

// The end of both directions ends the telling of it (Wine).
class NoCloseAfterBoth : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int shutdown(ws2::ShutdownHow how) override {
    const int error = EventLayer::shutdown(how);
    if (error == 0 && how == ws2::ShutdownHow::kBoth) is_over_ = true;
    return error;
  }

 private:
  void change(ws2::NetworkEvents& events) override {
    if (!is_over_ || (events.bits & ws2::fd::kClose) == 0) return;
    reached();
    events.bits &= ~ws2::fd::kClose;
  }
  bool is_over_ = false;
};

// One buffer for addresses of whichever family, of the size of the smaller (Wine).
class CalleeUnknownInOneFamily : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    if (offer.callee.family != ws2::Family::kInet6) return condition(offer);
    reached();
    ws2::Offer cut = offer;
    cut.callee.address = {};
    return condition(cut);
  }
};

// Data that is too long is found to be so when it is sent, and that is the end of it (HTTP/2).
class TooLongIsFoundTooLate : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const auto limit = limits().disconnect_data;
    ws2::Endpoint peer;
    if (!limit || !data || data->size() <= *limit || inner().peer_name(peer) != 0) {
      return inner().send_disconnect(data);
    }
    reached();
    inner().set_linger({.on = true, .seconds = 0});
    inner().close();
    return 0;
  }
};

// The stack answers the peer's end by itself, with the data that it came with (libwebsockets).
class AnswersTheEndItself : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error != 0 || !buffer || bytes == 0 || limits().one_shot) return error;
    if (inner().send_disconnect(ws2::ByteView(*buffer).first(bytes)) == 0) reached();
    return error;
  }
};

// A lingering close that gave up leaves what is queued, and the end, to the system (Wine).
class GivesUpGracefully : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int close() override {
    ws2::Linger linger;
    ws2::Readiness now;
    const bool lingers =
        is_blocking() && inner().get_linger(linger) == 0 && linger.on && linger.seconds > 0;
    if (lingers && inner().readiness(now) == 0 && !now.writable) {
      reached();
      const auto never = std::make_shared<ws2::EventObject>();
      ws2::EventObject::wait(std::span(&never, 1), false, std::chrono::seconds(linger.seconds));
      inner().set_linger({});
    }
    return inner().close();
  }
};

template <typename Result>
Result otherwise(Result result, Result failure) {
  if (result != failure || WSAGetLastError() != WSANOTINITIALISED) return result;
  reached();
  WSASetLastError(WSAENOTSOCK);
  return result;
}

// Without WSAStartup there are no sockets, so nothing is one (Wine).
void unstarted_is_no_socket(Api& api) {
  api.getsockname = [](SOCKET s, sockaddr* name, int* size) {
    return otherwise(reference_api().getsockname(s, name, size), SOCKET_ERROR);
  };
  api.getpeername = [](SOCKET s, sockaddr* name, int* size) {
    return otherwise(reference_api().getpeername(s, name, size), SOCKET_ERROR);
  };
  api.connect = [](SOCKET s, const sockaddr* name, int size) {
    return otherwise(reference_api().connect(s, name, size), SOCKET_ERROR);
  };
  api.WSASendDisconnect = [](SOCKET s, LPWSABUF data) {
    return otherwise(reference_api().WSASendDisconnect(s, data), SOCKET_ERROR);
  };
  api.WSARecvDisconnect = [](SOCKET s, LPWSABUF data) {
    return otherwise(reference_api().WSARecvDisconnect(s, data), SOCKET_ERROR);
  };
}

bool has_another_header = false;

// An application that was compiled with a header in which two flags have changed places.
void compile_with_another_header(Api&) {
  has_another_header = true;
}

const Names& flags_of_another_header() {
  static std::vector<Name> swapped(real_service_flags().begin(), real_service_flags().end());
  static const Names names = [] {
    const auto value_of = [](std::string_view name) -> long& {
      return std::find_if(swapped.begin(), swapped.end(),
                          [&](const Name& one) { return one.name == name; })
          ->value;
    };
    std::swap(value_of("XP1_CONNECT_DATA"), value_of("XP1_DISCONNECT_DATA"));
    return Names(swapped.data(), swapped.data() + swapped.size());
  }();
  return names;
}

}  // namespace

Faults stack_faults() {
  return {
      {"late-send-breaks", "A send behind the own end fails and breaks the connection.",
       "TEAR-01 ERR-03 SHUT-02", "send WSASend",
       "WSARecv_error WSARecv_reading WSARecv_returns receive_error receive_reading "
       "receive_returns recv_error recv_reading recv_returns recv-zero_returns",
       "no-send-after-disconnect", in_sockets<LateSendBreaks>()},
      {"reset-is-told-once", "Who receives again after WSAECONNRESET is told of a graceful end.",
       "TEAR-31", "recv WSARecv", "recv_error WSARecv_error INV-GRACEFUL", "",
       in_sockets<ResetIsToldOnce>()},
      {"room-is-taken-for-data",
       "Without disconnect data WSARecvDisconnect succeeds and leaves the length of the room.",
       "TEAR-14 TEAR-19", "WSARecvDisconnect", "INV-DISCONNECT-DATA WSARecvDisconnect_*",
       "no-disconnect-data-to-fetch", in_sockets<RoomIsTakenForData>()},
      {"no-close-after-both", "After SD_BOTH FD_CLOSE is never recorded.", "EVT-19 EVT-25",
       "shutdown", "FD_CLOSE_hang WSAEnumNetworkEvents_network_events", "own-end-while-selected",
       in_sockets<NoCloseAfterBoth>()},
      {"callee-unknown-in-one-family", "lpCalleeId is no address where that is of AF_INET6.",
       "ACC-23", "condition", "condition_callee_id", "caller-id-is-known-before-the-verdict",
       in_sockets<CalleeUnknownInOneFamily>()},
      {"too-long-is-found-too-late",
       "Disconnect data that is too long is taken, and breaks the connection.", "TEAR-11 ERR-03",
       "WSASendDisconnect",
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns",
       "disconnect-data-too-long", in_sockets<TooLongIsFoundTooLate>()},
      {"end-is-answered-by-itself",
       "Fetching the peer's disconnect data answers it with a disconnect of the same data.",
       "TEAR-22 SEED-A12 SEED-A18", "WSARecvDisconnect",
       "INV-DISCONNECT-DATA WSARecvDisconnect_data WSASendDisconnect_error "
       "WSASendDisconnect_reading WSASendDisconnect_returns WSASend_error WSASend_reading "
       "WSASend_returns send_error send_reading send_returns WSAEnumNetworkEvents_network_events",
       "totals-answered-by-grand-total", in_sockets<AnswersTheEndItself>()},
      {"giving-up-is-graceful", "A lingering closesocket that gave up ends gracefully.", "CLOSE-07",
       "closesocket", "drain_error drain_returns INV-GRACEFUL",
       "lingering-gives-up-on-a-stalled-peer", in_sockets<GivesUpGracefully>()},
      {"unstarted-is-no-socket", "Before WSAStartup functions fail with WSAENOTSOCK.", "ERR-01",
       "WSACleanup",
       "getsockname_error getpeername_error connect_error WSASendDisconnect_error "
       "WSARecvDisconnect_error",
       "before-startup", in_api(unstarted_is_no_socket)},
      {"flags-of-another-header",
       "The program was compiled with XP1_CONNECT_DATA and XP1_DISCONNECT_DATA in each other's "
       "place.",
       "FLAG-01", "WSAEnumProtocols", "WSAEnumProtocols_flag_values", "values-of-the-flags",
       in_api(compile_with_another_header)},
  };
}

}  // namespace ws2conform::zoo

const ws2conform::Names& wrapped_service_flags() {
  if (!ws2conform::zoo::has_another_header) return real_service_flags();
  ws2conform::zoo::reached();
  return ws2conform::zoo::flags_of_another_header();
}
