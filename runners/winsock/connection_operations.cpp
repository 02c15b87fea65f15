// Making, naming, connecting and closing sockets.

#include <limits>

#include "adapter.hpp"

namespace ws2conform {
namespace {

Json op_socket(Adapter& adapter, Call& call) {
  const std::string name = adapter.new_name(call);
  Provider& provider = adapter.provider(call.text("provider"));
  const bool has_family = call.optional("family") != nullptr;
  const int family = has_family ? static_cast<int>(call.name("family", families())) : AF_INET;
  WSAPROTOCOL_INFOA* entry = provider.entry(family);
  if (entry == nullptr) throw Unsupported(std::string(families().name(family)));
  call.begin();
  // What socket() asks for, but with the provider chosen by its entry.
  const SOCKET made =
      WSASocketA(family, entry->iSocketType, entry->iProtocol, entry, 0, WSA_FLAG_OVERLAPPED);
  if (made == INVALID_SOCKET) return call.failed();
  adapter.add(name, made);
  return call.returned(name);
}

Json op_bind(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  SocketAddress address = SocketAddress::parse(call.text("addr"));
  call.begin();
  return call.outcome(bind(socket, address.get(), address.size()));
}

Json op_listen(Adapter& adapter, Call& call) {
  static constexpr Name kNames[] = {{"SOMAXCONN", SOMAXCONN}};
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const int backlog = call.name_or_number("backlog", kNames);
  call.begin();
  return call.outcome(listen(socket, backlog));
}

// The address in the field "addr", or less of it than there is: "addr_length" octets.
SocketAddress take_address(Call& call) {
  SocketAddress address = SocketAddress::parse(call.text("addr"));
  if (const auto length = call.optional_size("addr_length")) {
    address.length = static_cast<int>(*length);
  }
  return address;
}

Json op_connect(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  SocketAddress address = take_address(call);
  call.begin();
  return call.outcome(connect(socket, address.get(), address.size()));
}

Json op_wsa_connect(Adapter& adapter, Call& call) {
  NamedSocket& socket = adapter.socket(call.field("socket"));
  SocketAddress address = take_address(call);
  std::optional<QosValue> sqos;
  if (call.optional("sqos") != nullptr) sqos = take_qos(call, "sqos");
  std::optional<QosValue> gqos;
  if (call.optional("gqos") != nullptr) gqos = take_qos(call, "gqos");
  auto buffers = std::make_unique<ConnectBuffers>(call.octets("caller_data"),
                                                  call.optional_size("callee_capacity"));
  call.begin();
  const int result =
      WSAConnect(socket.handle, address.get(), address.size(), buffers->caller.get(),
                 buffers->callee.get(), sqos ? sqos->get() : nullptr, gqos ? gqos->get() : nullptr);
  const bool is_pending = result == SOCKET_ERROR && WSAGetLastError() == WSAEWOULDBLOCK;
  Json reply = call.outcome(result);
  if (is_pending) {
    // They are the implementation's until FD_CONNECT: it may write at this moment.
    socket.pending_connects.push_back(std::move(buffers));
    return reply;
  }
  reply["callee_len"] = buffers->callee.length();
  reply["callee_data"] = buffers->callee.octets();
  return Call::with_touched(std::move(reply), {{"callee_len", buffers->callee.length_touched()},
                                               {"callee_data", buffers->callee.octets_touched()}});
}

Json op_shutdown(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const int how = call.name_or_number("how", shutdown_hows());
  call.begin();
  return call.outcome(shutdown(socket, how));
}

Json op_closesocket(Adapter& adapter, Call& call) {
  NamedSocket& socket = adapter.socket(call.field("socket"));
  call.begin();
  const int result = closesocket(socket.handle);
  if (result == 0) socket.is_closed = true;
  return call.outcome(result);
}

using NameFunction = int(WSAAPI*)(SOCKET, sockaddr*, int*);

Json name_of_an_end(Adapter& adapter, Call& call, NameFunction function) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  SocketAddress address = SocketAddress::blank();
  const int room = address.length;
  call.begin();
  Json reply = call.outcome(function(socket, address.get(), &address.length));
  if (reply.contains("returns")) reply["addr"] = to_text(address);
  return Call::with_touched(
      std::move(reply), {{"addr", !address.is_blank()}, {"addr_length", address.length != room}});
}

Json op_getsockname(Adapter& adapter, Call& call) {
  return name_of_an_end(adapter, call, getsockname);
}

Json op_getpeername(Adapter& adapter, Call& call) {
  return name_of_an_end(adapter, call, getpeername);
}

}  // namespace

void add_connection_operations(Operations& operations) {
  operations["socket"] = op_socket;
  operations["bind"] = op_bind;
  operations["listen"] = op_listen;
  operations["connect"] = op_connect;
  operations["WSAConnect"] = op_wsa_connect;
  operations["shutdown"] = op_shutdown;
  operations["closesocket"] = op_closesocket;
  operations["getsockname"] = op_getsockname;
  operations["getpeername"] = op_getpeername;
}

}  // namespace ws2conform
