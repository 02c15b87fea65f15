// WSAStartup, WSACleanup, the last error, and what lives between them.

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "api/call.hpp"
#include "ws2/functions.h"

namespace ws2 {
namespace {

thread_local int last_error = 0;
std::atomic<int> startups = 0;
std::mutex starting;
std::atomic<EditionName> edition = EditionName::kDocumented;

constexpr WORD kHighest = MAKEWORD(2, 2);

// Version numbers have the major part in the low octet.
constexpr int comparable(WORD version) {
  return LOBYTE(version) << 8 | HIBYTE(version);
}

// Looks at WS2_EDITION. 0, or what WSAStartup is to answer.
int choose_edition(WSADATA& data) {
  const char* text = std::getenv("WS2_EDITION");
  if (text == nullptr || *text == '\0') text = "documented";
  const auto named = edition_named(text);
  if (named)
    edition = *named;
  else
    std::strcpy(data.szSystemStatus, "WS2_EDITION is neither \"documented\" nor \"windows\"");
  return named ? 0 : WSASYSNOTREADY;
}

}  // namespace

int fail(int error) {
  last_error = error;
  return SOCKET_ERROR;
}

bool is_started() {
  return startups > 0;
}

EditionName process_edition() {
  return edition;
}

SocketTable& sockets() {
  // Never destroyed: threads may still call while the process ends.
  static auto* table = new SocketTable;
  return *table;
}

EventTable& events() {
  static auto* table = new EventTable;
  return *table;
}

int give_handle(const std::shared_ptr<ServiceSocket>& socket, SOCKET& handle) {
  std::uintptr_t given = 0;
  int error = WSAEMFILE;
  try {
    given = sockets().add(socket);
  } catch (const std::bad_alloc&) {
    error = WSAENOBUFS;
  }
  // WSACleanup on another thread may have looked before it was there to be closed.
  if (given != 0 && !is_started()) {
    sockets().remove(given);
    given = 0;
    error = WSANOTINITIALISED;
  }
  if (given == 0) {
    // Hard, so that a peer does not see an end that the application has not made.
    (void)socket->set_linger({.on = true, .seconds = 0});
    (void)socket->close();
    return error;
  }
  handle = given;
  return 0;
}

std::shared_ptr<EventObject> find_event(WSAEVENT handle) {
  return events().find(reinterpret_cast<std::uintptr_t>(handle));
}

}  // namespace ws2

using ws2::fail;

int WSAAPI WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData) {
  // Errors come as the result: there is no last error yet.
  if (LOBYTE(wVersionRequested) < 1) return WSAVERNOTSUPPORTED;
  if (lpWSAData == nullptr) return WSAEFAULT;
  *lpWSAData = {};
  lpWSAData->wVersion = ws2::comparable(wVersionRequested) < ws2::comparable(ws2::kHighest)
                            ? wVersionRequested
                            : ws2::kHighest;
  lpWSAData->wHighVersion = ws2::kHighest;
  std::strcpy(lpWSAData->szDescription, "ws2 reference implementation");
  const std::lock_guard lock(ws2::starting);
  if (ws2::startups == 0) {
    try {
      if (const int error = ws2::choose_edition(*lpWSAData); error != 0) return error;
      // Now, so that WSACleanup needs no memory.
      ws2::sockets();
      ws2::events();
    } catch (const std::bad_alloc&) {
      return WSASYSNOTREADY;
    }
  }
  std::strcpy(lpWSAData->szSystemStatus, "Running");
  ++ws2::startups;
  return 0;
}

int WSAAPI WSACleanup() {
  int count = ws2::startups;
  do {
    if (count == 0) return fail(WSANOTINITIALISED);
  } while (!ws2::startups.compare_exchange_weak(count, count - 1));
  if (count > 1) return 0;
  // The last one: open sockets end abortively, what was closed before goes on.
  // Before any of them is closed: two may be connected with each other.
  ws2::sockets().for_each([](ws2::ServiceSocket& socket) { socket.cancel_overlapped(); });
  while (const auto socket = ws2::sockets().remove_any()) {
    (void)socket->set_linger({.on = true, .seconds = 0});
    (void)socket->close();
  }
  while (const auto event = ws2::events().remove_any()) event->close();
  return 0;
}

int WSAAPI WSAGetLastError() {
  return ws2::last_error;
}

void WSAAPI WSASetLastError(int iError) {
  ws2::last_error = iError;
}
