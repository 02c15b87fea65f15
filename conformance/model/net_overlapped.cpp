// Overlapped sends and receives. There is room for all, so that a send is over at once.
#include <algorithm>

#include "conformance/case/octets.hpp"
#include "conformance/model/errors.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {
namespace {

using nlohmann::json;

constexpr int kPending = 997;     // WSA_IO_PENDING
constexpr int kIncomplete = 996;  // WSA_IO_INCOMPLETE
constexpr int kAborted = 995;     // WSA_OPERATION_ABORTED
}  // namespace

// The call that begins an operation.
json Net::start(const std::string& actor, const std::string& key, const json& request) {
  Socket& s = socket(key);
  if (s.record.mask() != 0) throw Outside("overlapped operations beside events");
  const std::string name = key_of(actor, request.at("overlapped"));
  const auto object = events_.find(key_of(actor, request.at("event")));
  if (object == events_.end()) throw Outside("there is no such event object");
  const auto earlier = operations_.find(name);
  if (earlier != operations_.end() && !earlier->second.error) throw Outside("a structure in use");
  const bool sends = request.at("op") == "WSASend";
  Operation operation;
  operation.request = request;
  if (!sends) {
    ws2::ReceiveMode mode;
    if (const int error = read_flags(request, limits_, mode); error != 0) return result(error);
    if (mode.peek) return result(WSAEOPNOTSUPP);
  }
  if (object->second.closed) return result(kInvalidHandle);
  object->second.set = false;
  if (sends) {
    const json reply = send(s, request);
    if (reply.contains("error")) {
      // As the structure tells it afterwards, too; which nobody needs to know.
      operations_.erase(name);
      return reply;
    }
    operation.transferred = reply.at("returns");
    complete(actor, operation, 0);
    operations_.insert_or_assign(name, std::move(operation));
    return result(0);
  }
  if (!is_connected(s)) {
    operations_.erase(name);
    return result(WSAENOTCONN);
  }
  const bool is_first = s.pending.empty();
  if (is_first && advance(actor, s, operation)) {
    const int error = *operation.error;
    if (error != 0) {
      object->second.set = false;
      operations_.erase(name);
      return result(error);
    }
    operations_.insert_or_assign(name, std::move(operation));
    settle(*s.link);
    return result(0);
  }
  operations_.insert_or_assign(name, std::move(operation));
  s.pending.push_back(name);
  return result(kPending);
}

// Whether it is over now.
bool Net::advance(const std::string& actor, Socket& s, Operation& operation) {
  ws2::ReceiveMode mode;
  (void)read_flags(operation.request, limits_, mode);
  ws2::Bytes buffer(operation.request.value("length", std::size_t{0}));
  const ws2::Received received = core(s).receive(buffer, mode);
  const int error = received.result.error();
  if (error == WSAEWOULDBLOCK) return false;
  operation.transferred = received.bytes;
  operation.data.assign(buffer.begin(),
                        buffer.begin() + static_cast<std::ptrdiff_t>(received.bytes));
  complete(actor, operation, error);
  return true;
}

void Net::complete(const std::string& actor, Operation& operation, int error) {
  operation.error = error;
  const auto object = events_.find(key_of(actor, operation.request.at("event")));
  if (object != events_.end() && !object->second.closed) object->second.set = true;
}

// What came may be what somebody waits for.
void Net::serve_overlapped(const std::string& key) {
  Socket& s = socket(key);
  const std::string actor = key.substr(0, key.find('/'));
  while (!s.pending.empty() && !s.closed && s.link) {
    if (!advance(actor, s, operations_.at(s.pending.front()))) return;
    s.pending.erase(s.pending.begin());
    links_[*s.link].circuit.settle();
  }
}

void Net::abort_overlapped(const std::string& key) {
  Socket& s = socket(key);
  const std::string actor = key.substr(0, key.find('/'));
  for (const std::string& name : s.pending) complete(actor, operations_.at(name), kAborted);
  s.pending.clear();
}

std::optional<json> Net::overlapped_result(const std::string& actor, const json& request) const {
  const auto found = operations_.find(key_of(actor, request.at("overlapped")));
  if (found == operations_.end()) throw Outside("there is no such operation");
  const Operation& operation = found->second;
  if (find(key_of(actor, request.at("socket")))->closed && operation.error != kAborted)
    return result(WSAENOTSOCK);
  if (!operation.error) {
    if (!request.value("wait", false)) return result(kIncomplete);
    return std::nullopt;
  }
  json reply = result(*operation.error, 1);
  if (*operation.error != 0) return reply;
  reply["transferred"] = operation.transferred;
  if (operation.request.at("op") == "WSARecv") reply["data"] = to_base64(operation.data);
  return reply;
}

}  // namespace ws2conform::model
