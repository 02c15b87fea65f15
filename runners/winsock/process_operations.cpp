// What concerns the process or the provider rather than a socket.

#include <cstring>

#include "adapter.hpp"
#include "descriptors.hpp"

namespace ws2conform {
namespace {

Json op_wsa_startup(Adapter& adapter, Call& call) {
  WSADATA data;
  call.begin();
  const int error = WSAStartup(MAKEWORD(2, 2), &data);
  if (error != 0) return {{"id", call.id()}, {"error", error_name(error)}};
  adapter.started();
  return call.returned(0);
}

Json op_wsa_cleanup(Adapter& adapter, Call& call) {
  call.begin();
  const Json reply = call.outcome(WSACleanup());
  if (reply.contains("returns")) adapter.cleaned_up();
  return reply;
}

// The provider's entry as WSAEnumProtocols lists it now, and the values of the flags.
Json op_wsa_enum_protocols(Adapter& adapter, Call& call) {
  Provider& provider = adapter.provider(call.text("provider"));
  const int family = static_cast<int>(call.name("family", families()));
  const WSAPROTOCOL_INFOA* entry = provider.entry(family);
  if (entry == nullptr) throw Unsupported(std::string(families().name(family)));
  call.begin();
  DWORD size = 0;
  WSAEnumProtocolsA(nullptr, nullptr, &size);
  std::vector<WSAPROTOCOL_INFOA> entries(size / sizeof(WSAPROTOCOL_INFOA) + 1);
  size = static_cast<DWORD>(entries.size() * sizeof(WSAPROTOCOL_INFOA));
  const int count = WSAEnumProtocolsA(nullptr, entries.data(), &size);
  if (count == SOCKET_ERROR) return call.failed();
  Json reply = call.returned(count);
  for (int i = 0; i < count; ++i) {
    const WSAPROTOCOL_INFOA& listed = entries[static_cast<std::size_t>(i)];
    if (listed.dwCatalogEntryId == entry->dwCatalogEntryId) reply["entry"] = to_json(listed);
  }
  const DWORD one_way = entry->dwServiceFlags1 & (XP1_UNI_SEND | XP1_UNI_RECV);
  reply["directions"] = one_way == 0                     ? "both"
                        : one_way == DWORD{XP1_UNI_SEND} ? "send"
                        : one_way == DWORD{XP1_UNI_RECV} ? "receive"
                                                         : "contradictory";
  Json values = Json::object();
  for (const Name& flag : service_flags()) values[std::string(flag.name)] = flag.value;
  reply["flag_values"] = values;
  return reply;
}

// The first address of a host and a service; no name service is asked for numbers.
Json op_getaddrinfo(Adapter&, Call& call) {
  const std::string host = call.text("host");
  // A port, or an address whose port is meant.
  std::string service = call.text("service");
  service.erase(0, service.rfind(':') + 1);
  addrinfo hints{};
  hints.ai_family = static_cast<int>(call.name("family", families()));
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  call.begin();
  const int error = getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
  if (error != 0) return {{"id", call.id()}, {"error", error_name(error)}};
  SocketAddress address = SocketAddress::blank();
  address.length = static_cast<int>(found->ai_addrlen);
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  Json reply = call.returned(0);
  reply["addr"] = to_text(address);
  return reply;
}

Json op_descriptors(Adapter&, Call& call) {
  const bool free = call.flag("free");
  call.begin();
  if (!free_descriptors(free)) throw AdapterError("the limit of descriptors cannot be changed");
  return call.returned(0);
}

}  // namespace

void add_process_operations(Operations& operations) {
  operations["WSAStartup"] = op_wsa_startup;
  operations["WSACleanup"] = op_wsa_cleanup;
  operations["WSAEnumProtocols"] = op_wsa_enum_protocols;
  operations["getaddrinfo"] = op_getaddrinfo;
  if (can_free_descriptors()) operations["descriptors"] = op_descriptors;
}

}  // namespace ws2conform
