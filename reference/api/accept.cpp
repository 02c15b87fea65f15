// accept and WSAAccept.

#include <cstring>
#include <vector>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/qos.hpp"
#include "ws2/functions.h"
#include "ws2/sockets.h"

namespace ws2 {
namespace {

WSABUF as_buffer(PublicAddress& address) {
  return {static_cast<ULONG>(address.size), reinterpret_cast<CHAR*>(&address.storage)};
}

// The application left a buffer of ours shorter at most, or said that there is nothing in it.
bool is_within(const WSABUF& left, const WSABUF& offered) {
  return left.len <= offered.len && (left.buf == offered.buf || left.len == 0);
}

// Calls the application's function with copies that it may do anything to.
Decision ask(LPCONDITIONPROC condition, DWORD_PTR callback_data, const Offer& offer) {
  PublicAddress caller(offer.caller);
  PublicAddress callee(offer.callee);
  WSABUF caller_id = as_buffer(caller);
  WSABUF callee_id = as_buffer(callee);
  Bytes caller_octets(offer.caller_data.begin(), offer.caller_data.end());
  WSABUF caller_data{static_cast<ULONG>(caller_octets.size()),
                     reinterpret_cast<CHAR*>(caller_octets.data())};
  Bytes callee_octets(offer.callee_capacity);
  const WSABUF offered{static_cast<ULONG>(callee_octets.size()),
                       reinterpret_cast<CHAR*>(callee_octets.data())};
  WSABUF callee_data = offered;
  std::vector<CHAR> specific(offer.qos ? offer.qos->provider_specific.size() : 0);
  QOS qos{};
  if (offer.qos) qos = public_qos(*offer.qos, specific.data());
  const WSABUF offered_specific = qos.ProviderSpecific;
  GROUP group = 0;

  Decision decision;
  decision.verdict = condition(&caller_id, caller_octets.empty() ? nullptr : &caller_data,
                               offer.qos ? &qos : nullptr, nullptr, &callee_id, &callee_data,
                               &group, callback_data);
  decision.group = group;
  if (offer.qos) {
    decision.qos_valid = is_within(qos.ProviderSpecific, offered_specific) &&
                         read_qos(qos, decision.qos.emplace()) == 0;
  }
  decision.callee_data_valid = is_within(callee_data, offered);
  if (decision.callee_data_valid) {
    callee_octets.resize(callee_data.len);
    decision.callee_data = std::move(callee_octets);
  }
  return decision;
}

}  // namespace
}  // namespace ws2

SOCKET WSAAPI accept(SOCKET s, sockaddr* addr, int* addrlen) {
  return WSAAccept(s, addr, addrlen, nullptr, 0);
}

SOCKET WSAAPI WSAAccept(SOCKET s, sockaddr* addr, LPINT addrlen, LPCONDITIONPROC lpfnCondition,
                        DWORD_PTR dwCallbackData) {
  SOCKET made = INVALID_SOCKET;
  ws2::call(s, [&](ws2::ServiceSocket& listener) {
    ws2::AcceptCall accept;
    // ACC-10: either may be NULL, then no address is returned.
    if (addr != nullptr && addrlen != nullptr) {
      accept.address_room = *addrlen > 0 ? static_cast<std::size_t>(*addrlen) : 0;
    }
    accept.address_size = static_cast<std::size_t>(ws2::address_size(listener.entry().family));
    if (lpfnCondition != nullptr) {
      accept.condition = [&](const ws2::Offer& offer) {
        return ws2::ask(lpfnCondition, dwCallbackData, offer);
      };
    }
    ws2::Accepted accepted;
    if (const int error = listener.accept(accept, accepted); error != 0) return error;
    if (const int error = ws2::give_handle(accepted.socket, made); error != 0) return error;
    // ACC-11, reference choice: only now that it is accepted.
    if (accept.address_room) ws2::write_address(accepted.caller, addr, addrlen);
    return 0;
  });
  return made;
}
