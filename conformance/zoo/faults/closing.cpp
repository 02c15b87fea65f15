// shutdown, closesocket and lingering; what a handle is good for afterwards.

#include <chrono>
#include <mutex>
#include <set>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using ws2::ShutdownHow;

class ClosesAbortively : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int close() override {
    reached();
    inner().set_linger({.on = true, .seconds = 0});
    return inner().close();
  }
};

class ClosingForgetsToEnd : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int close() override {
    ws2::Endpoint peer;
    if (inner().peer_name(peer) != 0) return inner().close();
    reached();
    keep_for_ever();
    return 0;
  }
};

class LingerIgnored : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int set_linger(const ws2::Linger& linger) override {
    linger_ = linger;
    if (linger.on && linger.seconds == 0) {
      reached();
      return 0;
    }
    return inner().set_linger(linger);
  }
  int get_linger(ws2::Linger& linger) override {
    const int error = inner().get_linger(linger);
    if (error == 0 && linger_) linger = *linger_;
    return error;
  }

 private:
  std::optional<ws2::Linger> linger_;
};

// Lingers the whole time, whatever is left to send.
class LingersToTheEnd : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int close() override {
    ws2::Linger linger;
    if (is_blocking() && inner().get_linger(linger) == 0 && linger.on && linger.seconds > 0) {
      reached();
      const auto never = std::make_shared<ws2::EventObject>();
      ws2::EventObject::wait(std::span(&never, 1), false, std::chrono::seconds(linger.seconds));
    }
    return inner().close();
  }
};

class LingerIsTurnedRound : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int set_linger(const ws2::Linger& linger) override {
    reached();
    return inner().set_linger({.on = !linger.on, .seconds = linger.seconds});
  }
};

template <ShutdownHow from, ShutdownHow to>
class EndsOtherwise : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int shutdown(ShutdownHow how) override {
    if (how != from) return inner().shutdown(how);
    reached();
    return inner().shutdown(to);
  }
};

template <ShutdownHow which>
class DoesNotEnd : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int shutdown(ShutdownHow how) override {
    ws2::Endpoint peer;
    if (how != which || inner().peer_name(peer) != 0) return inner().shutdown(how);
    reached();
    return 0;
  }
};

class ShutdownFrees : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int shutdown(ShutdownHow how) override {
    const int error = inner().shutdown(how);
    if (error == 0 && how == ShutdownHow::kBoth) {
      reached();
      inner().close();
    }
    return error;
  }
};

class SecondShutdownFails : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int shutdown(ShutdownHow how) override {
    const int error = inner().shutdown(how);
    if (error != 0 || ended_.insert(how).second) return error;
    reached();
    return WSAENOTCONN;
  }

 private:
  std::set<ShutdownHow> ended_;
};

class SecondShutdownUndoes : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    if (error != WSAESHUTDOWN) return error;
    reached();
    received = {};
    return 0;
  }
};

class ShutdownOfNothing : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int shutdown(ShutdownHow how) override {
    const int error = inner().shutdown(how);
    if (error != WSAENOTCONN) return error;
    reached();
    return 0;
  }
};

class FetchingLeavesReceiving : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error == 0) fetched_ = true;
    return error;
  }
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    if (error != WSAESHUTDOWN || !fetched_) return error;
    reached();
    received = {};
    return 0;
  }

 private:
  bool fetched_ = false;
};

class ListenerLeavesItsQueue : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    const int error = inner().listen(backlog);
    if (error == 0) listens_ = true;
    return error;
  }
  int close() override {
    if (!listens_) return inner().close();
    reached();
    keep_for_ever();
    return 0;
  }

 private:
  bool listens_ = false;
};

// A direction that there is not ends nothing, and says so to nobody.
void take_any_direction(Api& api) {
  api.shutdown = [](SOCKET s, int how) {
    const int result = reference_api().shutdown(s, how);
    if (result == 0 || WSAGetLastError() != WSAEINVAL) return result;
    reached();
    return 0;
  };
}

void act_on_any_direction(Api& api) {
  api.shutdown = [](SOCKET s, int how) {
    if (how < SD_RECEIVE || how > SD_BOTH) {
      reached();
      reference_api().shutdown(s, SD_BOTH);
    }
    return reference_api().shutdown(s, how);
  };
}

// The connection is ended, and the handle goes on working.
void keep_handles_alive(Api& api) {
  api.closesocket = [](SOCKET s) {
    sockaddr_storage peer;
    int size = sizeof peer;
    if (reference_api().getpeername(s, reinterpret_cast<sockaddr*>(&peer), &size) != 0) {
      return reference_api().closesocket(s);
    }
    reached();
    reference_api().shutdown(s, SD_SEND);
    return 0;
  };
}

// A new socket is given the handle of one that is alive.
void give_handles_twice(Api& api) {
  api.WSASocketA = [](int family, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group,
                      DWORD flags) {
    static SOCKET last = INVALID_SOCKET;
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    int value = 0;
    int size = sizeof value;
    const bool is_alive = last != INVALID_SOCKET &&
                          reference_api().getsockopt(last, SOL_SOCKET, SO_TYPE,
                                                     reinterpret_cast<char*>(&value), &size) == 0;
    if (is_alive) {
      reached();
      return last;
    }
    last = reference_api().WSASocketA(family, type, protocol, info, group, flags);
    return last;
  };
}

bool is_option(int level, int option, int wanted) {
  return level == SOL_SOCKET && option == wanted;
}

void ignore_dontlinger(Api& api) {
  api.setsockopt = [](SOCKET s, int level, int option, const char* value, int length) {
    if (!is_option(level, option, SO_DONTLINGER)) {
      return reference_api().setsockopt(s, level, option, value, length);
    }
    reached();
    return 0;
  };
}

void forget_the_interval(Api& api) {
  api.setsockopt = [](SOCKET s, int level, int option, const char* value, int length) {
    const int result = reference_api().setsockopt(s, level, option, value, length);
    int off = 0;
    if (value != nullptr && length >= static_cast<int>(sizeof off)) {
      off = *reinterpret_cast<const int*>(value);
    }
    if (result != 0 || !is_option(level, option, SO_DONTLINGER) || off != 0) return result;
    reached();
    linger short_one{};
    short_one.l_onoff = 1;
    short_one.l_linger = 1;
    return reference_api().setsockopt(s, SOL_SOCKET, SO_LINGER,
                                      reinterpret_cast<const char*>(&short_one), sizeof short_one);
  };
}

void want_an_interval(Api& api) {
  api.setsockopt = [](SOCKET s, int level, int option, const char* value, int length) {
    linger now{};
    int size = sizeof now;
    const bool has_none = is_option(level, option, SO_DONTLINGER) &&
                          reference_api().getsockopt(s, SOL_SOCKET, SO_LINGER,
                                                     reinterpret_cast<char*>(&now), &size) == 0 &&
                          now.l_linger == 0;
    if (!has_none) return reference_api().setsockopt(s, level, option, value, length);
    reached();
    WSASetLastError(WSAEINVAL);
    return SOCKET_ERROR;
  };
}

void block_with_another_error(Api& api) {
  api.closesocket = [](SOCKET s) {
    const int result = reference_api().closesocket(s);
    if (result == 0 || WSAGetLastError() != WSAEWOULDBLOCK) return result;
    reached();
    WSASetLastError(WSAEINPROGRESS);
    return SOCKET_ERROR;
  };
}

}  // namespace

Faults closing_faults() {
  return {
      {"closes-abortively",
       "closesocket ends the connection abortively although nothing asked for it.",
       "CLOSE-05 CLOSE-02 CLOSE-04 SEED-A19 SEED-A24", "closesocket",
       "FD_CLOSE_error FD_CLOSE_event WSAEnumNetworkEvents_network_events "
       "WSAGetOverlappedResult_error WSAGetOverlappedResult_reading WSAGetOverlappedResult_returns "
       "recv-zero_error recv-zero_reading recv-zero_returns shutdown_error shutdown_reading "
       "shutdown_returns",
       "close-is-graceful-by-default data-in-flight-survives-closesocket",
       in_sockets<ClosesAbortively>()},
      {"closing-ends-nothing", "closesocket frees the handle and lets the connection be.",
       "CLOSE-04 CLOSE-05 SEED-A22", "closesocket",
       "FD_CLOSE_error FD_CLOSE_event WSAWaitForMultipleEvents_hang "
       "WSAWaitForMultipleEvents_returns drain_hang recv-zero_hang recv_hang select_readable "
       "select_hang fill_error",
       "close-is-graceful-by-default", in_sockets<ClosingForgetsToEnd>()},
      {"hard-close-is-graceful", "closesocket with a linger time of zero is graceful.", "CLOSE-06",
       "setsockopt",
       "FD_CLOSE_error FD_CLOSE_event INV-GRACEFUL fill_error WSAGetOverlappedResult_error "
       "WSAGetOverlappedResult_reading WSAGetOverlappedResult_returns recv_error recv_reading "
       "recv_returns",
       "hard-close-resets", in_sockets<LingerIgnored>()},
      {"lingers-to-the-end", "closesocket lingers its whole time although all is sent.", "CLOSE-07",
       "setsockopt", "closesocket_hang", "lingering-ends-when-all-is-read",
       in_sockets<LingersToTheEnd>()},
      {"lingering-is-turned-round",
       "SO_LINGER is on when it is set off, and off when it is set on.", "CLOSE-06 CLOSE-10",
       "setsockopt",
       "FD_CLOSE_error FD_CLOSE_event INV-GRACEFUL WSAGetOverlappedResult_error "
       "WSAGetOverlappedResult_reading WSAGetOverlappedResult_returns drain_error drain_reading "
       "drain_returns getsockopt_value recv_error recv_reading recv_returns fill_error",
       "", in_sockets<LingerIsTurnedRound>()},
      {"nonblocking-close-in-progress",
       "A nonblocking closesocket that lingers fails with WSAEINPROGRESS.", "CLOSE-08",
       "closesocket", "closesocket_error closesocket_reading closesocket_returns",
       "lingering-and-nonblocking", in_api(block_with_another_error)},
      {"dontlinger-is-ignored", "SO_DONTLINGER changes nothing.", "CLOSE-10", "setsockopt",
       "getsockopt_value", "dontlinger-means-not-to-linger", in_api(ignore_dontlinger)},
      {"interval-is-forgotten", "SO_DONTLINGER false brings another interval than the one set.",
       "CLOSE-10", "setsockopt", "getsockopt_value", "dontlinger-means-not-to-linger",
       in_api(forget_the_interval)},
      {"dontlinger-wants-an-interval", "SO_DONTLINGER fails where no interval was set.", "CLOSE-11",
       "setsockopt", "setsockopt_error setsockopt_reading setsockopt_returns",
       "lingering-without-an-interval", in_api(want_an_interval)},
      {"listener-leaves-its-queue", "Closing a listener tells nobody who waits in its queue.",
       "CLOSE-14 CONN-12 SEED-B02", "listen",
       "FD_CLOSE_error FD_CLOSE_event FD_CONNECT_error FD_CONNECT_event "
       "WSAWaitForMultipleEvents_returns connect_hang select_writable accept_hang",
       "listener-leaves-nobody-waiting", in_sockets<ListenerLeavesItsQueue>()},
      {"receiving-goes-on-after-its-end", "SD_RECEIVE does nothing.", "SHUT-01 TEAR-34", "shutdown",
       "recv_hang", "receiving-ends", in_sockets<DoesNotEnd<ShutdownHow::kReceive>>()},
      {"sending-goes-on-after-its-end", "SD_SEND does nothing.", "SHUT-02 SHUT-08 TEAR-34 TEAR-36",
       "shutdown",
       "FD_CLOSE_error FD_CLOSE_event WSAEDISCON_hang WSARecvDisconnect_data WSARecv_hang "
       "recv-zero_hang recv_hang send_error send_reading send_returns",
       "sending-ends", in_sockets<DoesNotEnd<ShutdownHow::kSend>>()},
      {"both-directions-go-on", "SD_BOTH does nothing.", "SHUT-03 TEAR-34", "shutdown",
       "FD_CLOSE_error FD_CLOSE_event recv_hang send_error send_reading send_returns",
       "both-directions-end", in_sockets<DoesNotEnd<ShutdownHow::kBoth>>()},
      {"end-of-receiving-ends-sending", "SD_RECEIVE ends both directions.", "SHUT-01 EVT-19",
       "shutdown", "send_error send_reading send_returns", "receiving-ends",
       in_sockets<EndsOtherwise<ShutdownHow::kReceive, ShutdownHow::kBoth>>()},
      {"end-of-sending-ends-receiving", "SD_SEND ends both directions.", "SHUT-02 SHUT-06 SHUT-07",
       "shutdown",
       "receive_error receive_reading receive_returns recv-zero_error recv-zero_reading "
       "recv-zero_returns FD_READ_error",
       "half-close-leaves-the-other-direction",
       in_sockets<EndsOtherwise<ShutdownHow::kSend, ShutdownHow::kBoth>>()},
      {"both-is-sending-only", "SD_BOTH ends sending alone.", "SHUT-03 TEAR-34", "shutdown",
       "recv_hang", "both-directions-end",
       in_sockets<EndsOtherwise<ShutdownHow::kBoth, ShutdownHow::kSend>>()},
      {"both-directions-free", "SD_BOTH closes the socket.", "SHUT-03 SHUT-04 CLOSE-01", "shutdown",
       "WSAEnumNetworkEvents_error WSAEnumNetworkEvents_reading WSAEnumNetworkEvents_returns "
       "WSAEventSelect_error WSAEventSelect_reading WSAEventSelect_returns send_error send_reading "
       "send_returns",
       "both-directions-end", in_sockets<ShutdownFrees>()},
      {"second-shutdown-fails", "Ending a direction again fails with WSAENOTCONN.", "SHUT-04",
       "shutdown", "shutdown_error shutdown_reading shutdown_returns",
       "disconnect-data-after-half-close", in_sockets<SecondShutdownFails>()},
      {"ended-receiving-gives-zero", "After SD_RECEIVE a receive gives zero octets.",
       "SHUT-01 TEAR-34", "shutdown WSARecvDisconnect",
       "WSARecv_error WSARecv_reading WSARecv_returns recv_error recv_reading recv_returns",
       "receiving-ends", in_sockets<SecondShutdownUndoes>()},
      {"shutdown-without-connection", "shutdown succeeds on a socket that is not connected.",
       "CONN-20", "shutdown", "shutdown_error shutdown_reading shutdown_returns",
       "needs-a-connection listener-cannot-be-shut-down", in_sockets<ShutdownOfNothing>()},
      {"fetching-leaves-receiving", "WSARecvDisconnect does not end receiving.",
       "TEAR-15 TEAR-16 TEAR-34", "WSARecvDisconnect", "recv_error recv_reading recv_returns",
       "receiving-ends-sending-goes-on", in_sockets<FetchingLeavesReceiving>()},
      {"any-direction-is-taken", "shutdown succeeds for a direction that there is not.", "SHUT-05",
       "shutdown", "shutdown_error shutdown_reading shutdown_returns", "no-such-direction",
       in_api(take_any_direction)},
      {"wrong-direction-ends-all",
       "shutdown fails for a direction that there is not, and ends both.", "ERR-03", "shutdown",
       "send_error send_reading send_returns", "no-such-direction", in_api(act_on_any_direction)},
      {"handles-stay-alive", "A handle goes on working after closesocket.", "CLOSE-01 EVT-24",
       "closesocket",
       "INV-GRACEFUL WSAEnumNetworkEvents_error WSAEnumNetworkEvents_reading "
       "WSAEnumNetworkEvents_returns WSAGetOverlappedResult_error WSAGetOverlappedResult_reading "
       "WSAGetOverlappedResult_returns WSAWaitForMultipleEvents_returns closesocket_error "
       "closesocket_reading closesocket_returns drain_error drain_reading drain_returns "
       "getsockname_error getsockname_reading getsockname_returns recv_error recv_reading "
       "recv_returns send_error send_reading send_returns WSARecv_error WSARecv_hang fill_error",
       "handle-is-dead", in_api(keep_handles_alive)},
      {"handles-given-twice", "A new socket has the handle of one that is alive.",
       "CLOSE-01 SEED-B11", "socket",
       "WSAAccept_hang WSAConnect_error WSAConnect_reading WSAConnect_returns accept_hang "
       "bind_error bind_reading bind_returns connect_error connect_reading connect_returns "
       "listen_error listen_reading listen_returns",
       "", in_api(give_handles_twice)},
  };
}

}  // namespace ws2conform::zoo
