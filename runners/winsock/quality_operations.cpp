// WSAIoctl with the commands of quality of service.

#include <cstring>

#include "adapter.hpp"

namespace ws2conform {
namespace {

constexpr Name kCommands[] = {
    {"SIO_GET_QOS", static_cast<long>(SIO_GET_QOS)},
    {"SIO_SET_QOS", static_cast<long>(SIO_SET_QOS)},
};

constexpr std::size_t kRoom = 4096;  // offered to SIO_GET_QOS unless the request says otherwise

Json get_qos(SOCKET socket, Call& call) {
  const std::size_t capacity = call.optional_size("capacity").value_or(kRoom);
  // Aligned for a QOS.
  std::vector<QOS> memory(capacity / sizeof(QOS) + 1);
  std::memset(memory.data(), kFiller, memory.size() * sizeof(QOS));
  DWORD returned = kUnwritten;
  call.begin();
  Json reply = call.outcome(WSAIoctl(socket, SIO_GET_QOS, nullptr, 0, memory.data(),
                                     static_cast<DWORD>(capacity), &returned, nullptr, nullptr));
  // Whoever says that there is less has written no whole QOS.
  if (reply.contains("returns") && returned >= sizeof(QOS))
    reply["agreed"] = to_json(memory.data());
  return Call::with_touched(std::move(reply),
                            {{"agreed", !is_filler(memory.data(), memory.size() * sizeof(QOS))},
                             {"octets", returned != kUnwritten}});
}

Json set_qos(SOCKET socket, Call& call) {
  QosValue qos = take_qos(call, "qos");
  DWORD returned = 0;
  call.begin();
  return call.outcome(WSAIoctl(socket, SIO_SET_QOS, qos.get(), sizeof(QOS), nullptr, 0, &returned,
                               nullptr, nullptr));
}

Json op_wsa_ioctl(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const long command = call.name("command", kCommands);
  return command == static_cast<long>(SIO_GET_QOS) ? get_qos(socket, call) : set_qos(socket, call);
}

}  // namespace

void add_quality_operations(Operations& operations) {
  operations["WSAIoctl"] = op_wsa_ioctl;
}

}  // namespace ws2conform
