#include "names.hpp"

#include "winsock_api.hpp"

namespace ws2conform {

// The commands are unsigned long where u_long has 32 bits and an int where the reference says so.
#define NAME(constant) \
  { #constant, static_cast < long>(constant) }

long Names::value(std::string_view name) const {
  for (const Name& entry : *this) {
    if (entry.name == name) return entry.value;
  }
  throw Unsupported(std::string(name));
}

std::string_view Names::name(long value) const {
  for (const Name& entry : *this) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

long Names::bits(const Json& names) const {
  if (names.is_string()) return value(names.get_ref<const std::string&>());
  if (!names.is_array()) throw AdapterError(names.dump() + " is neither a name nor a list of them");
  long bits = 0;
  for (const Json& name : names) {
    if (!name.is_string()) throw AdapterError(name.dump() + " is not a name");
    bits |= value(name.get_ref<const std::string&>());
  }
  return bits;
}

Json Names::list(unsigned long bits) const {
  Json names = Json::array();
  for (const Name& entry : *this) {
    const auto value = static_cast<unsigned long>(entry.value);
    if ((bits & value) == 0) continue;
    names.push_back(entry.name);
    bits &= ~value;
  }
  if (bits != 0) names.push_back(std::to_string(bits));
  return names;
}

const Names& service_flags() {
  static constexpr Name kNames[] = {
      NAME(XP1_CONNECTIONLESS),
      NAME(XP1_GUARANTEED_DELIVERY),
      NAME(XP1_GUARANTEED_ORDER),
      NAME(XP1_MESSAGE_ORIENTED),
      NAME(XP1_PSEUDO_STREAM),
      NAME(XP1_GRACEFUL_CLOSE),
      NAME(XP1_EXPEDITED_DATA),
      NAME(XP1_CONNECT_DATA),
      NAME(XP1_DISCONNECT_DATA),
      NAME(XP1_SUPPORT_BROADCAST),
      NAME(XP1_SUPPORT_MULTIPOINT),
      NAME(XP1_MULTIPOINT_CONTROL_PLANE),
      NAME(XP1_MULTIPOINT_DATA_PLANE),
      NAME(XP1_QOS_SUPPORTED),
      NAME(XP1_INTERRUPT),
      NAME(XP1_UNI_SEND),
      NAME(XP1_UNI_RECV),
      NAME(XP1_IFS_HANDLES),
      NAME(XP1_PARTIAL_MESSAGE),
  };
  static constexpr Names kTable(kNames);
  return kTable;
}

const Names& network_events() {
  static constexpr Name kNames[] = {
      NAME(FD_READ),
      NAME(FD_WRITE),
      NAME(FD_OOB),
      NAME(FD_ACCEPT),
      NAME(FD_CONNECT),
      NAME(FD_CLOSE),
      NAME(FD_QOS),
      NAME(FD_GROUP_QOS),
      NAME(FD_ROUTING_INTERFACE_CHANGE),
      NAME(FD_ADDRESS_LIST_CHANGE),
  };
  static_assert(sizeof kNames / sizeof *kNames == FD_MAX_EVENTS);
  static constexpr Names kTable(kNames);
  return kTable;
}

const Names& message_flags() {
  static constexpr Name kNames[] = {
      NAME(MSG_OOB),     NAME(MSG_PEEK), NAME(MSG_DONTROUTE),
#ifdef MSG_WAITALL
      NAME(MSG_WAITALL),
#endif
      NAME(MSG_PARTIAL),
  };
  static constexpr Names kTable(kNames);
  return kTable;
}

const Names& families() {
  static constexpr Name kNames[] = {NAME(AF_INET), NAME(AF_INET6)};
  static constexpr Names kTable(kNames);
  return kTable;
}

const Names& socket_types() {
  static constexpr Name kNames[] = {NAME(SOCK_STREAM), NAME(SOCK_SEQPACKET)};
  static constexpr Names kTable(kNames);
  return kTable;
}

const Names& verdicts() {
  static constexpr Name kNames[] = {NAME(CF_ACCEPT), NAME(CF_REJECT), NAME(CF_DEFER)};
  static constexpr Names kTable(kNames);
  return kTable;
}

const Names& shutdown_hows() {
  static constexpr Name kNames[] = {NAME(SD_RECEIVE), NAME(SD_SEND), NAME(SD_BOTH)};
  static constexpr Names kTable(kNames);
  return kTable;
}

const Names& ioctl_commands() {
  static constexpr Name kNames[] = {
      NAME(FIONBIO),
      NAME(FIONREAD),
#ifdef SIOCATMARK
      NAME(SIOCATMARK),
#endif
  };
  static constexpr Names kTable(kNames);
  return kTable;
}

std::string error_name(int error) {
  static constexpr Name kNames[] = {
      NAME(WSAEINTR),
      NAME(WSAEBADF),
      NAME(WSAEACCES),
      NAME(WSAEFAULT),
      NAME(WSAEINVAL),
      NAME(WSAEMFILE),
      NAME(WSAEWOULDBLOCK),
      NAME(WSAEINPROGRESS),
      NAME(WSAEALREADY),
      NAME(WSAENOTSOCK),
      NAME(WSAEDESTADDRREQ),
      NAME(WSAEMSGSIZE),
      NAME(WSAEPROTOTYPE),
      NAME(WSAENOPROTOOPT),
      NAME(WSAEPROTONOSUPPORT),
      NAME(WSAESOCKTNOSUPPORT),
      NAME(WSAEOPNOTSUPP),
      NAME(WSAEPFNOSUPPORT),
      NAME(WSAEAFNOSUPPORT),
      NAME(WSAEADDRINUSE),
      NAME(WSAEADDRNOTAVAIL),
      NAME(WSAENETDOWN),
      NAME(WSAENETUNREACH),
      NAME(WSAENETRESET),
      NAME(WSAECONNABORTED),
      NAME(WSAECONNRESET),
      NAME(WSAENOBUFS),
      NAME(WSAEISCONN),
      NAME(WSAENOTCONN),
      NAME(WSAESHUTDOWN),
      NAME(WSAETOOMANYREFS),
      NAME(WSAETIMEDOUT),
      NAME(WSAECONNREFUSED),
      NAME(WSAELOOP),
      NAME(WSAENAMETOOLONG),
      NAME(WSAEHOSTDOWN),
      NAME(WSAEHOSTUNREACH),
      NAME(WSAENOTEMPTY),
      NAME(WSAEPROCLIM),
      NAME(WSAEUSERS),
      NAME(WSAEDQUOT),
      NAME(WSAESTALE),
      NAME(WSAEREMOTE),
      NAME(WSASYSNOTREADY),
      NAME(WSAVERNOTSUPPORTED),
      NAME(WSANOTINITIALISED),
      NAME(WSAEDISCON),
      NAME(WSAENOMORE),
      NAME(WSAECANCELLED),
      NAME(WSAEINVALIDPROCTABLE),
      NAME(WSAEINVALIDPROVIDER),
      NAME(WSAEPROVIDERFAILEDINIT),
      NAME(WSASYSCALLFAILURE),
      NAME(WSASERVICE_NOT_FOUND),
      NAME(WSATYPE_NOT_FOUND),
      NAME(WSA_E_NO_MORE),
      NAME(WSA_E_CANCELLED),
      NAME(WSAEREFUSED),
      NAME(WSAHOST_NOT_FOUND),
      NAME(WSATRY_AGAIN),
      NAME(WSANO_RECOVERY),
      NAME(WSANO_DATA),
      NAME(WSA_INVALID_HANDLE),
      NAME(WSA_NOT_ENOUGH_MEMORY),
      NAME(WSA_INVALID_PARAMETER),
      NAME(WSA_OPERATION_ABORTED),
      NAME(WSA_IO_INCOMPLETE),
      NAME(WSA_IO_PENDING),
  };
  const std::string_view name = Names(kNames).name(error);
  return name.empty() ? std::to_string(error) : std::string(name);
}

}  // namespace ws2conform
