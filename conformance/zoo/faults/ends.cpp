// How the end of a connection is told, and what it does to the other direction.

#include <algorithm>
#include <span>
#include <vector>

#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/layered_codec.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using Buffers = std::span<const ws2::MutableByteView>;

std::size_t room_of(Buffers buffers) {
  std::size_t room = 0;
  for (const ws2::MutableByteView& buffer : buffers) room += buffer.size();
  return room;
}

// A layer that changes what a receive comes to.
class ReceiveLayer : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(Buffers buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = LayeredSocket::receive(buffers, call, received);
    return change(error, buffers, received);
  }

 protected:
  virtual int change(int error, Buffers buffers, ws2::ReceiveResult& received) = 0;
  bool is_end(int error, Buffers buffers, const ws2::ReceiveResult& received) const {
    return limits().message_boundaries ? error == WSAEDISCON
                                       : error == 0 && received.bytes == 0 && room_of(buffers) > 0;
  }
};

class ResetLooksGraceful : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers, ws2::ReceiveResult& received) override {
    if (error != WSAECONNRESET) return error;
    reached();
    received = {};
    return limits().message_boundaries ? WSAEDISCON : 0;
  }
};

class EndLooksLikeReset : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers buffers, ws2::ReceiveResult& received) override {
    if (!is_end(error, buffers, received)) return error;
    reached();
    return WSAECONNRESET;
  }
};

class EndIsToldOnce : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers buffers, ws2::ReceiveResult& received) override {
    if (!is_end(error, buffers, received)) return error;
    if (!std::exchange(told_, true)) return error;
    reached();
    return WSAENOTCONN;
  }
  bool told_ = false;
};

class MessagesEndLikeStreams : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers, ws2::ReceiveResult& received) override {
    if (error != WSAEDISCON) return error;
    reached();
    received = {};
    return 0;
  }
};

class StreamsEndLikeMessages : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers buffers, ws2::ReceiveResult& received) override {
    if (limits().message_boundaries || !is_end(error, buffers, received)) return error;
    reached();
    return WSAEDISCON;
  }
};

class EmptyMessageIsTheEnd : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers buffers, ws2::ReceiveResult& received) override {
    const bool is_empty = error == 0 && received.bytes == 0 && room_of(buffers) > 0;
    if (!limits().message_boundaries || !is_empty) return error;
    reached();
    return WSAEDISCON;
  }
};

// Once the peer has ended, the last that it sent is taken for the end.
class LastOctetsAreTheEnd : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers, ws2::ReceiveResult& received) override {
    ws2::Readiness now;
    if (error != 0 || received.bytes == 0 || inner().readiness(now) != 0) return error;
    if (!now.ended || *now.ended != 0) return error;
    reached();
    received = {};
    return limits().message_boundaries ? WSAEDISCON : 0;
  }
};

class LastOctetIsLost : public ReceiveLayer {
  using ReceiveLayer::ReceiveLayer;
  int change(int error, Buffers, ws2::ReceiveResult& received) override {
    if (error != 0 || received.bytes < 2 || limits().message_boundaries) return error;
    reached();
    --received.bytes;
    return error;
  }
};

// FD_CLOSE overtakes the last data, which is lost.
class CloseDropsTheRest : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int receive(Buffers buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    int error = EventLayer::receive(buffers, call, received);
    if (!told_ || error != 0 || received.bytes == 0) return error;
    reached();
    received = {};
    return limits().message_boundaries ? WSAEDISCON : 0;
  }

 private:
  void change(ws2::NetworkEvents& events) override {
    if ((events.bits & ws2::fd::kClose) != 0) told_ = true;
  }
  bool told_ = false;
};

// After the peer's end this one counts as unconnected.
template <bool kSends, bool kDisconnects, bool kFetches>
class LostByThePeersEnd : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send(std::span<const ws2::ByteView> buffers, bool end, std::size_t& sent) override {
    return kSends && has_ended() ? WSAECONNRESET : LayeredSocket::send(buffers, end, sent);
  }
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    return kDisconnects && has_ended() ? WSAENOTCONN : LayeredSocket::send_disconnect(data);
  }
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    return kFetches && has_ended() ? WSAENOTCONN : LayeredSocket::receive_disconnect(buffer, bytes);
  }

 private:
  bool has_ended() {
    ws2::Readiness now;
    if (limits().one_shot || inner().readiness(now) != 0 || !now.ended || *now.ended != 0) {
      return false;
    }
    reached();
    return true;
  }
};

// A peer that is gone without a word has ended gracefully.
class VanishingIsGraceful : public LayeredCodec {
 public:
  using LayeredCodec::LayeredCodec;
  ws2::Decoded decode(ws2::ByteView in) override {
    const ws2::Decoded decoded = LayeredCodec::decode(in);
    if (decoded.unit && std::holds_alternative<ws2::DisconnectUnit>(*decoded.unit)) ended_ = true;
    return decoded;
  }
  std::optional<ws2::Unit> implied_by_end() const override {
    const auto implied = LayeredCodec::implied_by_end();
    if (implied || ended_) return implied;
    reached();
    return ws2::DisconnectUnit{};
  }

 private:
  bool ended_ = false;
};

// Of two disconnects that cross, the peer's data is dropped.
class CrossingDropsData : public LayeredCodec {
 public:
  using LayeredCodec::LayeredCodec;
  ws2::TransportStep encode(const ws2::Unit& unit, ws2::ByteQueue& out) override {
    if (std::holds_alternative<ws2::DisconnectUnit>(unit)) ended_ = true;
    return LayeredCodec::encode(unit, out);
  }
  ws2::Decoded decode(ws2::ByteView in) override {
    ws2::Decoded decoded = LayeredCodec::decode(in);
    if (!ended_ || !decoded.unit) return decoded;
    auto* disconnect = std::get_if<ws2::DisconnectUnit>(&*decoded.unit);
    if (disconnect != nullptr && !disconnect->data.empty()) {
      reached();
      disconnect->data = {};
    }
    return decoded;
  }

 private:
  bool ended_ = false;
};

// One end's disconnect ends both directions, as on the one-shot providers.
class ReachedByOwnEnd : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    reached();
    return LayeredSocket::send_disconnect(data);
  }
  int shutdown(ws2::ShutdownHow how) override {
    reached();
    return LayeredSocket::shutdown(how);
  }
  // The peer's end ended this one.
  int send(std::span<const ws2::ByteView> buffers, bool end_of_message,
           std::size_t& sent) override {
    const int error = LayeredSocket::send(buffers, end_of_message, sent);
    if (error == WSAESHUTDOWN) reached();
    return error;
  }
};

class EndsAbortively : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const int error = LayeredSocket::send_disconnect(data);
    if (error == 0) gone();
    return error;
  }

 private:
  void gone() {
    reached();
    inner().set_linger({.on = true, .seconds = 0});
    inner().close();
  }
};

}  // namespace

Faults end_faults() {
  return {
      {"reset-received-as-graceful", "A receive tells of a reset as of a graceful end.",
       "TEAR-31 CLOSE-06", "recv WSARecv",
       "drain_error drain_reading drain_returns recv_error recv_reading recv_returns",
       "hard-close-resets", in_sockets<ResetLooksGraceful>()},
      {"end-received-as-reset", "A receive tells of a graceful end as WSAECONNRESET.",
       "TEAR-31 TEAR-27 TEAR-28 TEAR-36 SEED-A15", "recv WSARecv",
       "WSAEDISCON_error WSAEDISCON_reading WSAEDISCON_returns WSARecv_error WSARecv_reading "
       "WSARecv_returns recv-zero_error recv-zero_reading recv-zero_returns recv_error "
       "recv_reading recv_returns",
       "form-of-the-end", in_sockets<EndLooksLikeReset>()},
      {"end-received-once", "After the end was received a further receive fails with WSAENOTCONN.",
       "TEAR-27 TEAR-28", "recv WSARecv",
       "WSAEDISCON_error WSAEDISCON_reading WSAEDISCON_returns recv-zero_error recv-zero_reading "
       "recv-zero_returns recv_error recv_reading recv_returns",
       "form-of-the-end", in_sockets<EndIsToldOnce>()},
      {"messages-end-like-streams", "The end of messages is a receive of zero octets.",
       "TEAR-28 TEAR-29 SEED-A15", "recv WSARecv",
       "WSAEDISCON_error WSAEDISCON_reading WSAEDISCON_returns WSARecv_error", "form-of-the-end",
       in_sockets<MessagesEndLikeStreams>()},
      {"streams-end-like-messages", "The end of a byte stream is WSAEDISCON.",
       "TEAR-27 TEAR-29 SEED-A15", "recv WSARecv",
       "WSARecv_error WSARecv_reading WSARecv_returns recv-zero_error recv-zero_reading "
       "recv-zero_returns recv_error recv_reading recv_returns",
       "form-of-the-end", in_sockets<StreamsEndLikeMessages>()},
      {"empty-message-is-the-end", "A message of no octets is taken for the end.",
       "TEAR-28 FLAG-04", "recv WSARecv", "WSARecv_error WSARecv_reading WSARecv_returns",
       "empty-message-is-no-end", in_sockets<EmptyMessageIsTheEnd>()},
      {"end-before-the-last-octets",
       "When the peer has ended, its last message or octets are taken for the end.",
       "TEAR-04 TEAR-27 TEAR-28 TEAR-26", "recv WSARecv", "WSARecv_* receive_* recv_*",
       "end-comes-after-all-data", in_sockets<LastOctetsAreTheEnd>()},
      {"stream-loses-an-octet", "The last octet of what a receive gives is lost.", "TEAR-04",
       "recv WSARecv provider=stream provider=tcp", "INV-PREFIX receive_* receive_hang recv_*",
       "end-comes-after-all-data", in_sockets<LastOctetIsLost>()},
      {"close-drops-the-last-octets", "FD_CLOSE comes before the last octets, which are lost.",
       "TEAR-04 EVT-19 SHUT-06", "WSAEventSelect FD_CLOSE", "recv_data", "close-waits-for-the-data",
       in_limits<CloseDropsTheRest>(
           [](ws2::Limits& limits) { limits.edition.close_overtakes_data = true; })},
      {"peers-end-ends-sending", "After the peer's end sends fail with WSAECONNRESET.",
       "SHUT-07 SHUT-02", "send WSASend", "send_error send_reading send_returns",
       "half-close-leaves-the-other-direction",
       in_sockets<LostByThePeersEnd<true, false, false>>()},
      {"peers-end-ends-answering", "After the peer's end WSASendDisconnect fails with WSAENOTCONN.",
       "SEED-A18 SEED-A10 SEED-A12 SEED-A17 TEAR-39", "WSASendDisconnect",
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns",
       "totals-answered-by-grand-total answer-goes-back",
       in_sockets<LostByThePeersEnd<false, true, false>>()},
      {"peers-end-ends-fetching", "After the peer's end WSARecvDisconnect fails with WSAENOTCONN.",
       "TEAR-24 TEAR-17 SEED-A09 SEED-A21", "WSARecvDisconnect",
       "WSARecvDisconnect_error WSARecvDisconnect_reading WSARecvDisconnect_returns",
       "not-lost-by-the-peers-end", in_sockets<LostByThePeersEnd<false, false, true>>()},
      {"vanishing-is-graceful", "A peer that is gone without a word has ended gracefully.",
       "TEAR-31 SEED-B14", "", "FD_CLOSE_error FD_CLOSE_event recv_error recv_reading recv_returns",
       "disconnect-cut-by-a-fin", in_codecs<VanishingIsGraceful>()},
      {"crossing-drops-the-data", "Of disconnects that cross, the peer's data is lost.",
       "TEAR-39 SEED-A21", "WSASendDisconnect", "WSARecvDisconnect_data", "disconnects-that-cross",
       in_codecs<CrossingDropsData>()},
      {"every-disconnect-is-the-last", "One disconnect ends both directions everywhere.",
       "SEED-A18 SEED-A21 SEED-A25 SHUT-02 SHUT-07 TEAR-01",
       "WSASendDisconnect shutdown provider=stream",
       "WSAEnumNetworkEvents_network_events WSASendDisconnect_error WSASendDisconnect_reading "
       "WSASendDisconnect_returns receive_hang send_error send_reading send_returns "
       "WSAIoctl_returns INV-GRACEFUL fill_error",
       "half-close-leaves-the-other-direction",
       in_limits<ReachedByOwnEnd>([](ws2::Limits& limits) { limits.one_shot = true; })},
      {"abortive-provider-ends-gracefully",
       "A provider without XP1_GRACEFUL_CLOSE ends gracefully.", "TEAR-37 FLAG-03 TEAR-38",
       "WSASendDisconnect shutdown provider=tp4",
       "FD_CLOSE_error FD_CLOSE_event recv_error recv_reading recv_returns", "only-abortive-ends",
       in_limits<ReachedByOwnEnd>([](ws2::Limits& limits) { limits.graceful = true; })},
      {"disconnecting-aborts", "WSASendDisconnect ends the connection abortively and frees it.",
       "TEAR-07 TEAR-36 CLOSE-01 CLOSE-02 SEED-A14", "WSASendDisconnect",
       "FD_CLOSE_error FD_CLOSE_event WSAEDISCON_error WSAEDISCON_reading WSAEDISCON_returns "
       "WSARecvDisconnect_error WSARecvDisconnect_reading WSARecvDisconnect_returns "
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns "
       "closesocket_error closesocket_reading closesocket_returns connect_error connect_reading "
       "connect_returns getsockopt_error getsockopt_reading getsockopt_returns receive_error "
       "receive_reading receive_returns recv-zero_error recv-zero_reading recv-zero_returns "
       "send_error send_reading send_returns shutdown_error shutdown_reading shutdown_returns "
       "FD_QOS_error WSAEnumNetworkEvents_returns",
       "disconnect-frees-nothing", in_sockets<EndsAbortively>()},
  };
}

}  // namespace ws2conform::zoo
