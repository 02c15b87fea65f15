// The process, the list of providers, errors, and options that came before WSAConnect.

#include <algorithm>
#include <cstring>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

void clean_up_nothing(Api& api) {
  api.WSACleanup = [] {
    reached();
    return 0;
  };
  // Or the reference would count one too many.
  api.WSAStartup = [](WORD version, LPWSADATA data) {
    static bool started = false;
    if (std::exchange(started, true)) {
      *data = {};
      return 0;
    }
    return reference_api().WSAStartup(version, data);
  };
}

int otherwise(int result, int from, int to) {
  if (result != SOCKET_ERROR || WSAGetLastError() != from) return result;
  reached();
  WSASetLastError(to);
  return result;
}

// What is no socket is a bad argument, as elsewhere.
void no_socket_is_an_argument(Api& api) {
  api.closesocket = [](SOCKET s) {
    return otherwise(reference_api().closesocket(s), WSAENOTSOCK, WSAEINVAL);
  };
  api.WSASendDisconnect = [](SOCKET s, LPWSABUF data) {
    return otherwise(reference_api().WSASendDisconnect(s, data), WSAENOTSOCK, WSAEINVAL);
  };
  api.WSARecvDisconnect = [](SOCKET s, LPWSABUF data) {
    return otherwise(reference_api().WSARecvDisconnect(s, data), WSAENOTSOCK, WSAEINVAL);
  };
}

void no_socket_connects(Api& api) {
  api.connect = [](SOCKET s, const sockaddr* name, int length) {
    return otherwise(reference_api().connect(s, name, length), WSAENOTSOCK, WSAENOTCONN);
  };
  api.getsockname = [](SOCKET s, sockaddr* name, int* length) {
    return otherwise(reference_api().getsockname(s, name, length), WSAENOTSOCK, WSAENOTCONN);
  };
}

void no_socket_accepts(Api& api) {
  api.accept = [](SOCKET s, sockaddr* addr, int* length) {
    const SOCKET made = reference_api().accept(s, addr, length);
    if (made == INVALID_SOCKET) otherwise(SOCKET_ERROR, WSAENOTSOCK, WSAEINVAL);
    return made;
  };
}

void no_socket_transfers(Api& api) {
  api.send = [](SOCKET s, const char* octets, int length, int flags) {
    return otherwise(reference_api().send(s, octets, length, flags), WSAENOTSOCK, WSAENOTCONN);
  };
  api.shutdown = [](SOCKET s, int how) {
    return otherwise(reference_api().shutdown(s, how), WSAENOTSOCK, WSAENOTCONN);
  };
  api.setsockopt = [](SOCKET s, int level, int option, const char* value, int length) {
    return otherwise(reference_api().setsockopt(s, level, option, value, length), WSAENOTSOCK,
                     WSAENOTCONN);
  };
}

void no_socket_selects(Api& api) {
  api.WSAEventSelect = [](SOCKET s, WSAEVENT event, long mask) {
    return otherwise(reference_api().WSAEventSelect(s, event, mask), WSAENOTSOCK, WSAEINVAL);
  };
}

template <typename Change>
void list_otherwise(Api& api) {
  api.WSAEnumProtocolsA = [](LPINT protocols, LPWSAPROTOCOL_INFOA entries, LPDWORD size) {
    const int count = reference_api().WSAEnumProtocolsA(protocols, entries, size);
    for (int i = 0; i < count; ++i) {
      if (Change::apply(entries[i])) reached();
    }
    return count;
  };
}

struct OneWayBothWays {
  static bool apply(WSAPROTOCOL_INFOA& entry) {
    entry.dwServiceFlags1 |= XP1_UNI_SEND | XP1_UNI_RECV;
    return true;
  }
};

void give_another_entry(Api& api) {
  api.getsockopt = [](SOCKET s, int level, int option, char* value, int* length) {
    const int result = reference_api().getsockopt(s, level, option, value, length);
    if (result != 0 || level != SOL_SOCKET || option != SO_PROTOCOL_INFOA) return result;
    reached();
    auto& entry = *reinterpret_cast<WSAPROTOCOL_INFOA*>(value);
    ++entry.dwCatalogEntryId;
    entry.szProtocol[0] = 'x';
    return result;
  };
}

void length_is_left(Api& api) {
  api.WSARecvDisconnect = [](SOCKET s, LPWSABUF data) {
    const ULONG offered = data != nullptr ? data->len : 0;
    const int result = reference_api().WSARecvDisconnect(s, data);
    if (result != 0 || data == nullptr || data->len == offered) return result;
    reached();
    data->len = offered;
    return result;
  };
}

void length_counts_one_more(Api& api) {
  api.WSARecvDisconnect = [](SOCKET s, LPWSABUF data) {
    const ULONG offered = data != nullptr ? data->len : 0;
    const int result = reference_api().WSARecvDisconnect(s, data);
    if (result != 0 || data == nullptr || data->len == 0 || data->len == offered) return result;
    reached();
    ++data->len;
    return result;
  };
}

class LegacyIsTaken : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int get_user_data(ws2::UserData which, ws2::Bytes& data) override {
    return taken(inner().get_user_data(which, data));
  }
  int set_user_data(ws2::UserData which, ws2::ByteView data) override {
    return taken(inner().set_user_data(which, data));
  }

 private:
  static int taken(int error) {
    if (error != WSAENOPROTOOPT) return error;
    reached();
    return 0;
  }
};

class NullDisconnectDoesNothing : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    ws2::Endpoint peer;
    if ((data && !data->empty()) || inner().peer_name(peer) != 0) {
      return inner().send_disconnect(data);
    }
    reached();
    return 0;
  }
};

class NullFetchDoesNothing : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    ws2::Endpoint peer;
    if (buffer || inner().peer_name(peer) != 0) return inner().receive_disconnect(buffer, bytes);
    reached();
    bytes = 0;
    return 0;
  }
};

class DisconnectWaits : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    const int error = inner().send_disconnect(data);
    const auto changed = std::make_shared<ws2::EventObject>();
    ws2::Readiness now;
    if (error != 0 || inner().readiness(now) != 0 || now.ended) return error;
    if (inner().observe(changed) != 0) return error;
    reached();
    while (inner().readiness(now) == 0 && !now.ended) {
      ws2::EventObject::wait(std::span(&changed, 1), false, std::nullopt);
      changed->reset();
    }
    inner().unobserve(changed.get());
    return 0;
  }
};

class ReadingDropsDisconnectData : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = inner().receive(buffers, call, received);
    if (error == 0 && received.bytes > 0) has_read_ = true;
    return error;
  }
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error == 0 && has_read_ && bytes != 0) {
      reached();
      bytes = 0;
    }
    return error;
  }

 private:
  bool has_read_ = false;
};

// The data of the connection that ended before, of whichever socket.
class DataOfTheConnectionBefore : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    static ws2::Bytes last;
    const int error = inner().receive_disconnect(buffer, bytes);
    if (error != 0 || !buffer) return error;
    if (bytes != 0) {
      last.assign(buffer->begin(), buffer->begin() + static_cast<std::ptrdiff_t>(bytes));
    } else if (!last.empty() && last.size() <= buffer->size()) {
      reached();
      std::copy(last.begin(), last.end(), buffer->begin());
      bytes = last.size();
    }
    return error;
  }
};

}  // namespace

Faults process_faults() {
  return {
      {"cleaning-up-is-no-operation", "After WSACleanup everything works on.", "ERR-01",
       "WSACleanup", "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns",
       "before-startup", in_api(clean_up_nothing)},
      {"no-socket-is-an-argument", "Ending calls fail with WSAEINVAL on what is no socket.",
       "ERR-02 TEAR-10 CLOSE-01", "closesocket WSASendDisconnect WSARecvDisconnect",
       "WSASendDisconnect_error WSASendDisconnect_reading WSASendDisconnect_returns "
       "closesocket_error closesocket_reading closesocket_returns",
       "no-socket", in_api(no_socket_is_an_argument)},
      {"no-socket-is-unconnected", "connect and getsockname say WSAENOTCONN on what is no socket.",
       "ERR-02", "connect getsockname",
       "connect_error connect_reading connect_returns getsockname_error getsockname_reading "
       "getsockname_returns",
       "no-socket", in_api(no_socket_connects)},
      {"no-socket-cannot-send",
       "send, shutdown and setsockopt say WSAENOTCONN on what is no socket.", "ERR-02",
       "send shutdown setsockopt", "send_error send_reading send_returns",
       "no-socket-with-arguments", in_api(no_socket_transfers)},
      {"no-socket-does-not-listen", "accept fails with WSAEINVAL on what is no socket.",
       "ERR-02 ACC-12", "accept", "accept_error accept_reading accept_returns", "no-socket",
       in_api(no_socket_accepts)},
      {"no-socket-has-no-events", "WSAEventSelect fails with WSAEINVAL on what is no socket.",
       "EVT-29 ERR-02", "WSAEventSelect",
       "WSAEventSelect_error WSAEventSelect_reading WSAEventSelect_returns", "wrong-selections",
       in_api(no_socket_selects)},
      {"one-way-both-ways", "Providers are said to send only and to receive only.", "FLAG-06",
       "WSAEnumProtocols", "WSAEnumProtocols_directions getsockopt_value",
       "directions-of-a-provider", in_api(list_otherwise<OneWayBothWays>)},
      {"another-entry", "SO_PROTOCOL_INFO gives another provider's entry.", "FLAG-08", "getsockopt",
       "getsockopt_value", "entry-of-a-socket", in_api(give_another_entry)},
      {"fetched-length-is-left", "WSARecvDisconnect leaves the length as it was.", "TEAR-19",
       "WSARecvDisconnect", "INV-DISCONNECT-DATA WSARecvDisconnect_*",
       "totals-answered-by-grand-total", in_api(length_is_left)},
      {"fetched-length-one-more", "WSARecvDisconnect counts one octet too many.", "TEAR-19 TEAR-05",
       "WSARecvDisconnect", "INV-DISCONNECT-DATA WSARecvDisconnect_*",
       "totals-answered-by-grand-total", in_api(length_counts_one_more)},
      {"old-options-are-taken", "SO_CONNDATA and SO_DISCDATA succeed where there is no user data.",
       "LEG-01", "getsockopt setsockopt", "getsockopt_error getsockopt_reading getsockopt_returns",
       "unsupported", in_sockets<LegacyIsTaken>()},
      {"null-disconnect-does-nothing", "WSASendDisconnect without data does nothing.",
       "TEAR-02 TEAR-36", "WSASendDisconnect",
       "FD_CLOSE_error FD_CLOSE_event WSAWaitForMultipleEvents_hang "
       "WSAWaitForMultipleEvents_returns receive_hang recv-zero_hang send_error send_reading "
       "send_returns WSAEDISCON_hang WSARecv_hang",
       "disconnect-without-data disconnect-alike", in_sockets<NullDisconnectDoesNothing>()},
      {"null-fetch-does-nothing", "WSARecvDisconnect without a buffer does nothing.", "TEAR-16",
       "WSARecvDisconnect", "recv_hang", "disconnects-without-data-succeed",
       in_sockets<NullFetchDoesNothing>()},
      {"disconnecting-waits", "WSASendDisconnect waits for the peer's end.",
       "TEAR-08 SEED-A13 SHUT-04", "WSASendDisconnect", "WSASendDisconnect_hang",
       "disconnect-does-not-block", in_sockets<DisconnectWaits>()},
      {"reading-drops-disconnect-data", "Who has read data finds no disconnect data.", "TEAR-26",
       "WSARecvDisconnect", "WSARecvDisconnect_data", "data-is-read-before-it-is-fetched",
       in_sockets<ReadingDropsDisconnectData>()},
      {"data-of-the-connection-before",
       "Where there is no disconnect data there is the last one's.", "TEAR-05 TEAR-19",
       "WSARecvDisconnect", "WSARecvDisconnect_*", "", in_sockets<DataOfTheConnectionBefore>()},
  };
}

}  // namespace ws2conform::zoo
