#include "conformance/model/errors.hpp"

#include <algorithm>
#include <utility>

#include "ws2/errors.h"

namespace ws2conform::model {

#define NAME(error) \
  { error, #error }

std::string error_name(int error) {
  static constexpr std::pair<int, const char*> kNames[] = {
      NAME(WSAEINTR),
      NAME(WSAEACCES),
      NAME(WSAEFAULT),
      NAME(WSAEINVAL),
      NAME(WSAEWOULDBLOCK),
      NAME(WSAEINPROGRESS),
      NAME(WSAEALREADY),
      NAME(WSAENOTSOCK),
      NAME(WSAEMSGSIZE),
      NAME(WSAENOPROTOOPT),
      NAME(WSAEPROTONOSUPPORT),
      NAME(WSAEOPNOTSUPP),
      NAME(WSAEAFNOSUPPORT),
      NAME(WSAEADDRINUSE),
      NAME(WSAEADDRNOTAVAIL),
      NAME(WSAENETRESET),
      NAME(WSAECONNABORTED),
      NAME(WSAECONNRESET),
      NAME(WSAENOBUFS),
      NAME(WSAEISCONN),
      NAME(WSAENOTCONN),
      NAME(WSAESHUTDOWN),
      NAME(WSAETIMEDOUT),
      NAME(WSAECONNREFUSED),
      NAME(WSAEDISCON),
      NAME(WSATRY_AGAIN),
      NAME(WSANOTINITIALISED),
      NAME(WSATYPE_NOT_FOUND),
      {6, "WSA_INVALID_HANDLE"},
      {995, "WSA_OPERATION_ABORTED"},
      {996, "WSA_IO_INCOMPLETE"},
      {997, "WSA_IO_PENDING"},
  };
  const auto found = std::find_if(std::begin(kNames), std::end(kNames),
                                  [error](const auto& entry) { return entry.first == error; });
  return found == std::end(kNames) ? std::to_string(error) : found->second;
}

#undef NAME

nlohmann::json result(int error, nlohmann::json success) {
  if (error != 0) return {{"error", error_name(error)}};
  return {{"returns", std::move(success)}};
}

}  // namespace ws2conform::model
