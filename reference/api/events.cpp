// Event objects and network events.

#include <array>

#include "api/call.hpp"
#include "ws2/functions.h"

namespace {

// For the functions that answer with a BOOL.
template <typename Function>
BOOL on_event(WSAEVENT handle, Function&& function) {
  const int result = ws2::call([&] {
    const auto event = ws2::find_event(handle);
    if (!event) return WSA_INVALID_HANDLE;
    function(*event);
    return 0;
  });
  return result == 0 ? TRUE : FALSE;
}

}  // namespace

WSAEVENT WSAAPI WSACreateEvent() {
  std::uintptr_t handle = 0;
  ws2::call([&] {
    handle = ws2::events().add(std::make_shared<ws2::EventObject>());
    return handle != 0 ? 0 : WSA_NOT_ENOUGH_MEMORY;
  });
  return reinterpret_cast<WSAEVENT>(handle);
}

BOOL WSAAPI WSACloseEvent(WSAEVENT hEvent) {
  return on_event(hEvent, [hEvent](ws2::EventObject& event) {
    ws2::events().remove(reinterpret_cast<std::uintptr_t>(hEvent));
    event.close();
  });
}

BOOL WSAAPI WSASetEvent(WSAEVENT hEvent) {
  return on_event(hEvent, [](ws2::EventObject& event) { event.set(); });
}

BOOL WSAAPI WSAResetEvent(WSAEVENT hEvent) {
  return on_event(hEvent, [](ws2::EventObject& event) { event.reset(); });
}

DWORD WSAAPI WSAWaitForMultipleEvents(DWORD cEvents, const WSAEVENT* lphEvents, BOOL fWaitAll,
                                      DWORD dwTimeout, BOOL) {
  DWORD outcome = WSA_WAIT_FAILED;
  ws2::call([&] {
    if (cEvents == 0 || cEvents > WSA_MAXIMUM_WAIT_EVENTS) return WSA_INVALID_PARAMETER;
    if (lphEvents == nullptr) return WSAEFAULT;
    std::array<std::shared_ptr<ws2::EventObject>, WSA_MAXIMUM_WAIT_EVENTS> found;
    for (DWORD i = 0; i < cEvents; ++i) {
      found[i] = ws2::find_event(lphEvents[i]);
      if (!found[i]) return WSA_INVALID_HANDLE;
    }
    std::optional<std::chrono::milliseconds> timeout;
    if (dwTimeout != WSA_INFINITE) timeout = std::chrono::milliseconds(dwTimeout);
    const auto first = ws2::EventObject::wait({found.data(), cEvents}, fWaitAll != FALSE, timeout);
    // Reference choice: closing the object, or WSACleanup, wakes who waits for it.
    if (first == cEvents) return ws2::is_started() ? WSA_INVALID_HANDLE : WSANOTINITIALISED;
    outcome = first ? WSA_WAIT_EVENT_0 + static_cast<DWORD>(*first) : WSA_WAIT_TIMEOUT;
    return 0;
  });
  return outcome;
}

int WSAAPI WSAEventSelect(SOCKET s, WSAEVENT hEventObject, long lNetworkEvents) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    if ((lNetworkEvents & ~static_cast<long>(FD_ALL_EVENTS)) != 0) return WSAEINVAL;
    auto event = ws2::find_event(hEventObject);
    // EVT-29: without events no object is needed.
    if (!event && lNetworkEvents != 0) return WSAEINVAL;
    return socket.select_events(std::move(event), static_cast<int>(lNetworkEvents));
  });
}

int WSAAPI WSAEnumNetworkEvents(SOCKET s, WSAEVENT hEventObject,
                                LPWSANETWORKEVENTS lpNetworkEvents) {
  return ws2::call(s, [&](ws2::ServiceSocket& socket) {
    // EVT-13: an error must leave the record and the object alone.
    if (lpNetworkEvents == nullptr) return WSAEFAULT;
    const auto event = ws2::find_event(hEventObject);
    if (!event && hEventObject != WSA_INVALID_EVENT) return WSAEINVAL;
    ws2::NetworkEvents recorded;
    const int error = socket.enumerate_events(event.get(), recorded);
    if (error != 0) return error;
    lpNetworkEvents->lNetworkEvents = recorded.bits;
    // EVT-14: the other slots are left as they are.
    for (std::size_t i = 0; i < recorded.errors.size(); ++i) {
      if ((recorded.bits >> i & 1) != 0) lpNetworkEvents->iErrorCode[i] = recorded.errors[i];
    }
    return 0;
  });
}
