// getsockopt, setsockopt, ioctlsocket.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

#include "adapter.hpp"

namespace ws2conform {
namespace {

enum class Kind { kInt, kDword, kLinger, kError, kOctets, kEntry };

struct Option {
  std::string_view level_name;
  std::string_view name;
  int level;
  int number;
  Kind kind;
};

#define OPTION(level, option, kind) \
  { #level, #option, level, static_cast < int>(option), Kind::kind }

// Those that not every winsock2.h has are left out where it has not.
constexpr Option kOptions[] = {
    OPTION(SOL_SOCKET, SO_ACCEPTCONN, kInt),       OPTION(SOL_SOCKET, SO_CONDITIONAL_ACCEPT, kInt),
#ifdef SO_CONNECT_TIME
    OPTION(SOL_SOCKET, SO_CONNECT_TIME, kDword),
#endif
    OPTION(SOL_SOCKET, SO_DONTLINGER, kInt),       OPTION(SOL_SOCKET, SO_ERROR, kError),
    OPTION(SOL_SOCKET, SO_CONNDATA, kOctets),      OPTION(SOL_SOCKET, SO_CONNDATALEN, kDword),
    OPTION(SOL_SOCKET, SO_DISCDATA, kOctets),      OPTION(SOL_SOCKET, SO_DISCDATALEN, kDword),
    OPTION(SOL_SOCKET, SO_PROTOCOL_INFOA, kEntry),
#ifdef SO_EXCLUSIVEADDRUSE
    OPTION(SOL_SOCKET, SO_EXCLUSIVEADDRUSE, kInt),
#endif
    OPTION(SOL_SOCKET, SO_KEEPALIVE, kInt),        OPTION(SOL_SOCKET, SO_LINGER, kLinger),
#ifdef SO_MAX_MSG_SIZE
    OPTION(SOL_SOCKET, SO_MAX_MSG_SIZE, kDword),
#endif
#ifdef SO_OOBINLINE
    OPTION(SOL_SOCKET, SO_OOBINLINE, kInt),
#endif
    OPTION(SOL_SOCKET, SO_RCVBUF, kInt),           OPTION(SOL_SOCKET, SO_RCVTIMEO, kDword),
    OPTION(SOL_SOCKET, SO_REUSEADDR, kInt),        OPTION(SOL_SOCKET, SO_SNDBUF, kInt),
    OPTION(SOL_SOCKET, SO_SNDTIMEO, kDword),       OPTION(SOL_SOCKET, SO_TYPE, kInt),
#ifdef TCP_KEEPCNT
    OPTION(IPPROTO_TCP, TCP_KEEPCNT, kInt),
#endif
#ifdef TCP_KEEPIDLE
    OPTION(IPPROTO_TCP, TCP_KEEPIDLE, kInt),
#endif
#ifdef TCP_KEEPINTVL
    OPTION(IPPROTO_TCP, TCP_KEEPINTVL, kInt),
#endif
#ifdef TCP_MAXRT
    OPTION(IPPROTO_TCP, TCP_MAXRT, kInt),
#endif
#ifdef TCP_NODELAY
    OPTION(IPPROTO_TCP, TCP_NODELAY, kInt),
#endif
};

const Option& take_option(Call& call) {
  const std::string level = call.optional("level") != nullptr ? call.text("level") : "SOL_SOCKET";
  const std::string& name = call.text("option");
  bool is_level = false;
  for (const Option& option : kOptions) {
    if (option.level_name != level) continue;
    is_level = true;
    if (option.name == name) return option;
  }
  throw Unsupported(is_level ? name : level);
}

constexpr std::size_t kOctetsRoom = 1024;  // offered unless the request says otherwise

// The value in `octets` octets at `memory`, which an implementation may make shorter than asked.
template <typename Value>
Value read_value(const char* memory, int octets) {
  Value value{};
  const auto count = static_cast<std::size_t>(std::max(0, octets));
  std::memcpy(&value, memory, std::min(count, sizeof value));
  return value;
}

Json read_option(const Option& option, const char* memory, int octets) {
  switch (option.kind) {
    case Kind::kLinger: {
      const auto value = read_value<linger>(memory, octets);
      return {{"onoff", value.l_onoff}, {"linger", value.l_linger}};
    }
    case Kind::kError: {
      const auto value = read_value<int>(memory, octets);
      return value == 0 ? Json(0) : Json(error_name(value));
    }
    case Kind::kDword:
      return read_value<DWORD>(memory, octets);
    case Kind::kEntry:
      return to_json(read_value<WSAPROTOCOL_INFOA>(memory, octets));
    case Kind::kOctets:
    case Kind::kInt:
      break;
  }
  return read_value<int>(memory, octets);
}

Json op_getsockopt(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const Option& option = take_option(call);
  std::size_t room = sizeof(DWORD);
  if (option.kind == Kind::kLinger) room = sizeof(linger);
  if (option.kind == Kind::kEntry) room = sizeof(WSAPROTOCOL_INFOA);
  if (option.kind == Kind::kOctets) room = call.optional_size("capacity").value_or(kOctetsRoom);
  OutBuffer memory(room);
  int size = static_cast<int>(room);
  call.begin();
  Json reply = call.outcome(getsockopt(socket, option.level, option.number, memory.data(), &size));
  if (!reply.contains("returns")) {
    const char* const value = option.kind == Kind::kOctets ? "data" : "value";
    return Call::with_touched(std::move(reply), {{value, memory.octets_touched()},
                                                 {"length", size != static_cast<int>(room)}});
  }
  if (option.kind == Kind::kOctets) {
    reply["data"] = memory.octets(static_cast<std::size_t>(std::max(0, size)));
  } else {
    reply["value"] = read_option(option, memory.data(), size);
  }
  return reply;
}

linger take_linger(Call& call) {
  using Part = decltype(linger::l_onoff);
  constexpr auto kMost = std::numeric_limits<Part>::max();
  Call parts(call.channel(), call.more(), call.field("value"));
  linger value{};
  value.l_onoff = static_cast<Part>(parts.number("onoff", 0, kMost));
  value.l_linger = static_cast<Part>(parts.number("linger", 0, kMost));
  parts.check_fields();
  return value;
}

Json op_setsockopt(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const Option& option = take_option(call);
  const auto set = [&](const auto& value) {
    call.begin();
    return call.outcome(setsockopt(socket, option.level, option.number,
                                   reinterpret_cast<const char*>(&value), sizeof value));
  };
  if (option.kind == Kind::kLinger) return set(take_linger(call));
  if (option.kind == Kind::kOctets) {
    const auto data = call.octets("data");
    call.begin();
    return call.outcome(setsockopt(socket, option.level, option.number,
                                   data ? data->data() : nullptr,
                                   data ? static_cast<int>(data->size()) : 0));
  }
  // Either reading of 32 bits.
  const std::int64_t value = call.number("value", std::numeric_limits<std::int32_t>::min(),
                                         std::numeric_limits<std::uint32_t>::max());
  return set(static_cast<std::uint32_t>(value));
}

Json op_ioctlsocket(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const long command = call.name("command", ioctl_commands());
  u_long argument = 0;
  std::memset(&argument, kFiller, sizeof argument);
  if (call.optional("argument") != nullptr || command == static_cast<long>(FIONBIO)) {
    argument =
        static_cast<u_long>(call.number("argument", 0, std::numeric_limits<std::uint32_t>::max()));
  }
  const u_long given = argument;
  call.begin();
  Json reply = call.outcome(ioctlsocket(socket, command, &argument));
  if (reply.contains("returns")) reply["value"] = argument;
  return Call::with_touched(std::move(reply), {{"value", argument != given}});
}

}  // namespace

void add_option_operations(Operations& operations) {
  operations["getsockopt"] = op_getsockopt;
  operations["setsockopt"] = op_setsockopt;
  operations["ioctlsocket"] = op_ioctlsocket;
}

}  // namespace ws2conform
