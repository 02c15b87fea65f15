// Data and disconnect data.

#include <algorithm>

#include "adapter.hpp"

namespace ws2conform {
namespace {

Json received(const Call& call, Json count, const OutBuffer& buffer, std::size_t octets) {
  Json reply = call.returned(std::move(count));
  reply["data"] = buffer.octets(octets);
  return reply;
}

Json op_send(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const auto data = call.octets("data");
  const int flags = static_cast<int>(call.bits("flags", message_flags()));
  call.begin();
  return call.outcome(send(socket, data ? data->data() : nullptr,
                           data ? static_cast<int>(data->size()) : 0, flags));
}

Json op_wsa_send(Adapter& adapter, Call& call) {
  if (call.optional("overlapped") != nullptr) return overlapped_send(adapter, call);
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  InBuffer data(call.octets("data"));
  const auto flags = static_cast<DWORD>(call.bits("flags", message_flags()));
  WSABUF null_buffer{};
  DWORD sent = kUnwritten;
  call.begin();
  WSABUF* buffer = data.get() != nullptr ? data.get() : &null_buffer;
  const int result = WSASend(socket, buffer, 1, &sent, flags, nullptr, nullptr);
  if (result == 0) return call.returned(sent);
  return Call::with_touched(call.outcome(result), {{"octets", sent != kUnwritten}});
}

Json op_recv(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const std::size_t length = call.size("length");
  OutBuffer buffer(length);
  const int flags = static_cast<int>(call.bits("flags", message_flags()));
  call.begin();
  const int result = recv(socket, buffer.data(), static_cast<int>(length), flags);
  if (result == SOCKET_ERROR) {
    return Call::with_touched(call.failed(), {{"data", buffer.octets_touched()}});
  }
  return received(call, result, buffer, static_cast<std::size_t>(std::max(0, result)));
}

Json op_wsa_recv(Adapter& adapter, Call& call) {
  if (call.optional("overlapped") != nullptr) return overlapped_recv(adapter, call);
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  OutBuffer buffer(call.size("length"));
  const auto given_flags = static_cast<DWORD>(call.bits("flags", message_flags()));
  DWORD flags = given_flags;
  DWORD count = kUnwritten;
  call.begin();
  const int result = WSARecv(socket, buffer.get(), 1, &count, &flags, nullptr, nullptr);
  if (result != 0) {
    return Call::with_touched(call.outcome(result), {{"data", buffer.octets_touched()},
                                                     {"len", buffer.length_touched()},
                                                     {"octets", count != kUnwritten},
                                                     {"left_flags", flags != given_flags}});
  }
  Json reply = received(call, count, buffer, count);
  reply["left_flags"] = message_flags().list(flags);
  return reply;
}

Json op_wsa_send_disconnect(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  InBuffer data(call.octets("data"));
  call.begin();
  return call.outcome(WSASendDisconnect(socket, data.get()));
}

Json op_wsa_recv_disconnect(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  OutBuffer buffer(call.optional_size("capacity"));
  call.begin();
  Json reply = call.outcome(WSARecvDisconnect(socket, buffer.get()));
  reply["len"] = buffer.length();
  reply["data"] = buffer.octets();
  return Call::with_touched(std::move(reply),
                            {{"len", buffer.length_touched()}, {"data", buffer.octets_touched()}});
}

}  // namespace

void add_transfer_operations(Operations& operations) {
  operations["send"] = op_send;
  operations["WSASend"] = op_wsa_send;
  operations["recv"] = op_recv;
  operations["WSARecv"] = op_wsa_recv;
  operations["WSASendDisconnect"] = op_wsa_send_disconnect;
  operations["WSARecvDisconnect"] = op_wsa_recv_disconnect;
}

}  // namespace ws2conform
