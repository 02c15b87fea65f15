// getsockopt, setsockopt.

#include <algorithm>
#include <cstring>
#include <optional>

#include "api/call.hpp"
#include "api/protocol_info.hpp"
#include "ws2/functions.h"
#include "ws2/sockets.h"

namespace ws2 {
namespace {

// The provider's name of an option whose value is a whole number.
std::optional<Option> option_of(int level, int number) {
  if (level == IPPROTO_TCP && number == TCP_NODELAY) return Option::kNoDelay;
  if (level == IPPROTO_TCP && number == TCP_MAXRT) return Option::kMaxRetransmission;
  if (level == IPPROTO_TCP && number == TCP_KEEPCNT) return Option::kKeepAliveCount;
  if (level == IPPROTO_TCP && number == TCP_KEEPIDLE) return Option::kKeepAliveIdle;
  if (level == IPPROTO_TCP && number == TCP_KEEPINTVL) return Option::kKeepAliveInterval;
  if (level == IPPROTO_IPV6 && number == IPV6_V6ONLY) return Option::kV6Only;
  if (level != SOL_SOCKET) return std::nullopt;
  switch (number) {
    case SO_ACCEPTCONN:
      return Option::kAcceptsConnections;
    case SO_CONDITIONAL_ACCEPT:
      return Option::kConditionalAccept;
    case SO_CONNECT_TIME:
      return Option::kConnectTime;
    case SO_ERROR:
      return Option::kBroken;
    case SO_EXCLUSIVEADDRUSE:
      return Option::kExclusiveAddress;
    case SO_GROUP_ID:
      return Option::kGroupId;
    case SO_GROUP_PRIORITY:
      return Option::kGroupPriority;
    case SO_KEEPALIVE:
      return Option::kKeepAlive;
    case SO_OOBINLINE:
      return Option::kOobInline;
    case SO_RCVBUF:
      return Option::kReceiveBuffer;
    case SO_RCVTIMEO:
      return Option::kReceiveTimeout;
    case SO_REUSEADDR:
      return Option::kReuseAddress;
    case SO_SNDBUF:
      return Option::kSendBuffer;
    case SO_SNDTIMEO:
      return Option::kSendTimeout;
    default:
      return std::nullopt;
  }
}

// Copies the value out; WSAEFAULT when there is no room for it.
template <typename Value>
int give(const Value& source, char* value, int* length) {
  if (static_cast<std::size_t>(*length) < sizeof source) return WSAEFAULT;
  std::memcpy(value, &source, sizeof source);
  *length = sizeof source;
  return 0;
}

int get_data(ServiceSocket& socket, UserData which, char* value, int* length) {
  Bytes data;
  if (const int error = socket.get_user_data(which, data); error != 0) return error;
  if (data.size() > static_cast<std::size_t>(*length)) return WSAEFAULT;
  std::copy(data.begin(), data.end(), value);
  *length = static_cast<int>(data.size());
  return 0;
}

// SO_CONNOPT and SO_DISCOPT, and their LEN options, are none of them: no provider carries options
// besides the data.
std::optional<UserData> user_data_of(int number) {
  switch (number) {
    case SO_CONNDATA:
    case SO_CONNDATALEN:
      return UserData::kConnect;
    case SO_DISCDATA:
    case SO_DISCDATALEN:
      return UserData::kDisconnect;
    default:
      return std::nullopt;
  }
}

int set_data(ServiceSocket& socket, int number, UserData which, const char* value, int length) {
  const auto size = static_cast<std::size_t>(length);
  if (number == SO_CONNDATA || number == SO_DISCDATA) {
    return socket.set_user_data(which, {reinterpret_cast<const std::uint8_t*>(value), size});
  }
  DWORD reserved;
  if (size < sizeof reserved) return WSAEFAULT;
  std::memcpy(&reserved, value, sizeof reserved);
  return socket.reserve_user_data(which, reserved);
}

int get(ServiceSocket& socket, int level, int number, char* value, int* length) {
  if (level == SOL_SOCKET) {
    Linger linger;
    switch (number) {
      case SO_TYPE:
        return give(static_cast<int>(socket.entry().type), value, length);
      case SO_MAX_MSG_SIZE:
        // Says nothing about a byte stream.
        if (socket.entry().message_size == 0) return WSAENOPROTOOPT;
        return give(socket.entry().message_size, value, length);
      case SO_PROTOCOL_INFOA:
        return give(protocol_info(socket.entry()), value, length);
      case SO_PROTOCOL_INFOW:
        return give(widen(protocol_info(socket.entry())), value, length);
      case SO_CONNDATA:
        return get_data(socket, UserData::kConnect, value, length);
      case SO_DISCDATA:
        return get_data(socket, UserData::kDisconnect, value, length);
      case SO_LINGER: {
        const int error = socket.get_linger(linger);
        const ::linger shown{static_cast<u_short>(linger.on), linger.seconds};
        return error != 0 ? error : give(shown, value, length);
      }
      case SO_DONTLINGER: {
        // CLOSE-10: true means that closesocket does not linger.
        const int error = socket.get_linger(linger);
        return error != 0 ? error : give(static_cast<int>(!linger.on), value, length);
      }
      default:
        break;
    }
  }
  const auto option = option_of(level, number);
  if (!option) return WSAENOPROTOOPT;
  if (static_cast<std::size_t>(*length) < sizeof(int)) return WSAEFAULT;
  int found = 0;
  const int error = socket.get_option(*option, found);
  return error != 0 ? error : give(found, value, length);
}

int set(ServiceSocket& socket, int level, int number, const char* value, int length) {
  if (const auto which = user_data_of(number); which && level == SOL_SOCKET) {
    return set_data(socket, number, *which, value, length);
  }
  const bool is_linger = level == SOL_SOCKET && number == SO_LINGER;
  const bool is_dont_linger = level == SOL_SOCKET && number == SO_DONTLINGER;
  const auto option = option_of(level, number);
  if (!option && !is_linger && !is_dont_linger) return WSAENOPROTOOPT;
  if (is_linger) {
    ::linger given;
    if (static_cast<std::size_t>(length) < sizeof given) return WSAEFAULT;
    std::memcpy(&given, value, sizeof given);
    return socket.set_linger({given.l_onoff != 0, given.l_linger});
  }
  int given;
  if (static_cast<std::size_t>(length) < sizeof given) return WSAEFAULT;
  std::memcpy(&given, value, sizeof given);
  if (is_dont_linger) {
    Linger linger;
    if (const int error = socket.get_linger(linger); error != 0) return error;
    // The interval stays, to be reinstated by FALSE.
    linger.on = given == 0;
    return socket.set_linger(linger);
  }
  return socket.set_option(*option, given);
}

}  // namespace
}  // namespace ws2

int WSAAPI getsockopt(SOCKET s, int level, int option, char* value, int* length) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if (value == nullptr || length == nullptr || *length < 0) return WSAEFAULT;
    return ws2::get(socket, level, option, value, length);
  });
}

int WSAAPI setsockopt(SOCKET s, int level, int option, const char* value, int length) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if (value == nullptr || length < 0) return WSAEFAULT;
    return ws2::set(socket, level, option, value, length);
  });
}
