// Overlapped operations as the application sees them, and WSAGetOverlappedResult.

#include "api/overlapped.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "api/call.hpp"
#include "ws2/functions.h"

namespace ws2 {
namespace {

/// One for all operations: completions are short, and nobody waits who need not.
struct Completions {
  std::mutex mutex;
  std::condition_variable any;
};

Completions& completions() {
  // Never destroyed: the reactor may complete something while the process ends.
  static auto* made = new Completions;
  return *made;
}

/// The application may look at it at any time.
ULONG_PTR status_of(WSAOVERLAPPED& structure) {
  return std::atomic_ref(structure.Internal).load(std::memory_order_acquire);
}

void set_status(WSAOVERLAPPED& structure, ULONG_PTR status) {
  std::atomic_ref(structure.Internal).store(status, std::memory_order_release);
}

}  // namespace

int Overlapped::begin() {
  event_ = find_event(structure_->hEvent);
  if (!event_ && structure_->hEvent != WSA_INVALID_EVENT) return WSA_INVALID_HANDLE;
  // Made now, so that completing needs no memory.
  completions();
  structure_->InternalHigh = 0;
  structure_->Offset = 0;
  set_status(*structure_, STATUS_PENDING);
  if (event_) event_->reset();
  return 0;
}

void Overlapped::fail(int error) {
  set_status(*structure_, static_cast<ULONG_PTR>(error));
}

void Overlapped::complete(int error, std::size_t bytes, DWORD flags) {
  {
    const std::lock_guard lock(completions().mutex);
    structure_->InternalHigh = bytes;
    structure_->Offset = flags;
    // With this the structure is the application's again.
    set_status(*structure_, static_cast<ULONG_PTR>(error));
  }
  completions().any.notify_all();
  // WSACleanup cancels without setting event objects.
  if (event_ && is_started()) event_->set();
}

}  // namespace ws2

BOOL WSAAPI WSAGetOverlappedResult(SOCKET s, LPWSAOVERLAPPED lpOverlapped, LPDWORD lpcbTransfer,
                                   BOOL fWait, LPDWORD lpdwFlags) {
  const int result = ws2::call([&] {
    if (lpOverlapped == nullptr || lpcbTransfer == nullptr || lpdwFlags == nullptr) {
      return WSAEFAULT;
    }
    // Reference choice: what closesocket aborted is told of though the handle is dead (CLOSE-13).
    if (!ws2::sockets().find(s) && ws2::status_of(*lpOverlapped) != WSA_OPERATION_ABORTED) {
      return WSAENOTSOCK;
    }
    if (ws2::status_of(*lpOverlapped) == STATUS_PENDING) {
      if (fWait == FALSE) return WSA_IO_INCOMPLETE;
      // Waiting is for those who asked to be notified by an event.
      if (!ws2::find_event(lpOverlapped->hEvent)) return WSA_INVALID_HANDLE;
      std::unique_lock lock(ws2::completions().mutex);
      ws2::completions().any.wait(lock,
                                  [&] { return ws2::status_of(*lpOverlapped) != STATUS_PENDING; });
    }
    *lpdwFlags = lpOverlapped->Offset;
    const int error = static_cast<int>(ws2::status_of(*lpOverlapped));
    if (error == 0) *lpcbTransfer = static_cast<DWORD>(lpOverlapped->InternalHigh);
    return error;
  });
  return result == 0 ? TRUE : FALSE;
}
