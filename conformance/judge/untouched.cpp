#include "conformance/judge/untouched.hpp"

#include <algorithm>
#include <string_view>

namespace ws2conform {
namespace {

using nlohmann::json;

// Failures that come with something: the call, the error ("" for any), the parameter ("" for all).
struct Exception {
  std::string_view operation;
  std::string_view error;
  std::string_view parameter;
};

constexpr Exception kExceptions[] = {
    // The beginning of what did not fit, and the flag that says that more is to come.
    {"recv", "WSAEMSGSIZE", ""},
    {"WSARecv", "WSAEMSGSIZE", ""},
    {"WSARecvDisconnect", "WSAEMSGSIZE", ""},
    // The operation goes on and fills them when it likes.
    {"WSARecv", "WSA_IO_PENDING", ""},
    {"WSASend", "WSA_IO_PENDING", ""},
    {"WSAConnect", "WSAEWOULDBLOCK", ""},
    // The answer to a request may come with a refusal, and may not fit.
    {"WSAConnect", "WSAECONNREFUSED", ""},
    {"WSAConnect", "WSAENOBUFS", ""},
    {"WSAConnect", "WSAEFAULT", ""},
    {"WSAConnect", "WSAEMSGSIZE", ""},
    // The call tells of an operation that is complete and has failed: its flags are told as well.
    {"WSAGetOverlappedResult", "WSA_OPERATION_ABORTED", "left_flags"},
    // The caller is known before the condition function refuses it.
    {"accept", "WSAECONNREFUSED", ""},
    {"WSAAccept", "WSAECONNREFUSED", ""},
    {"WSAAccept", "WSATRY_AGAIN", ""},
    // How much room it would have taken.
    {"accept", "WSAEFAULT", "addr_length"},
    {"WSAAccept", "WSAEFAULT", "addr_length"},
    {"getsockname", "WSAEFAULT", "addr_length"},
    {"getpeername", "WSAEFAULT", "addr_length"},
    {"getsockopt", "WSAEFAULT", "length"},
    {"WSAIoctl", "WSAEFAULT", "octets"},
};

bool excepted(const json& operation, const json& error, const std::string& parameter) {
  return std::any_of(std::begin(kExceptions), std::end(kExceptions), [&](const Exception& one) {
    return operation == one.operation && error == one.error &&
           (one.parameter.empty() || one.parameter == parameter);
  });
}

}  // namespace

std::vector<std::string> wrongly_touched(const json& request, const json& reply,
                                         const std::vector<Field>& expected) {
  std::vector<std::string> found;
  if (!request.is_object() || !reply.contains("error") || !reply.contains("touched")) return found;
  for (const json& name : reply.at("touched")) {
    if (!name.is_string()) continue;
    const auto& parameter = name.get_ref<const std::string&>();
    const bool named = std::any_of(expected.begin(), expected.end(),
                                   [&](const Field& field) { return field.name == parameter; });
    if (!named && !excepted(request.value("op", json()), reply.at("error"), name)) {
      found.push_back(parameter);
    }
  }
  return found;
}

}  // namespace ws2conform
