// Overlapped sends and receives: WSASend and WSARecv with a structure of the name in "overlapped",
// whose event object is the one in "event".

#include "adapter.hpp"

namespace ws2conform {
namespace {

NamedOverlapped& begin(Adapter& adapter, Call& call) {
  NamedOverlapped& operation = adapter.add_overlapped(call.text("overlapped"));
  operation.event = call.text("event");
  operation.structure = {};
  operation.structure.hEvent = adapter.event(call.field("event")).handle;
  operation.flags = static_cast<DWORD>(call.bits("flags", message_flags()));
  return operation;
}

}  // namespace

Json overlapped_send(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  NamedOverlapped& operation = begin(adapter, call);
  operation.outgoing = call.octets("data");
  WSABUF buffer{};
  if (operation.outgoing) {
    buffer.buf = operation.outgoing->data();
    buffer.len = static_cast<ULONG>(operation.outgoing->size());
  }
  call.begin();
  return call.outcome(
      WSASend(socket, &buffer, 1, nullptr, operation.flags, &operation.structure, nullptr));
}

Json overlapped_recv(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  NamedOverlapped& operation = begin(adapter, call);
  operation.incoming = std::make_unique<OutBuffer>(call.size("length"));
  call.begin();
  return call.outcome(WSARecv(socket, operation.incoming->get(), 1, nullptr, &operation.flags,
                              &operation.structure, nullptr));
}

namespace {

Json op_wsa_get_overlapped_result(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  NamedOverlapped& operation = adapter.overlapped(call.field("overlapped"));
  const BOOL wait = call.flag("wait") ? TRUE : FALSE;
  DWORD transferred = kUnwritten;
  DWORD flags = kUnwritten;
  call.begin();
  if (WSAGetOverlappedResult(socket, &operation.structure, &transferred, wait, &flags) == FALSE) {
    return Call::with_touched(call.failed(), {{"transferred", transferred != kUnwritten},
                                              {"left_flags", flags != kUnwritten}});
  }
  Json reply = call.returned(1);
  reply["transferred"] = transferred;
  if (operation.incoming) reply["data"] = operation.incoming->octets(transferred);
  return reply;
}

}  // namespace

void add_overlapped_operations(Operations& operations) {
  operations["WSAGetOverlappedResult"] = op_wsa_get_overlapped_result;
}

}  // namespace ws2conform
