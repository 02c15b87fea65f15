#include <cstdint>

#include "raised.hpp"
#include "winsock_api.hpp"

namespace ws2conform {
namespace {

using Place = void* [5];  // what __builtin_setjmp wants

// Where the innermost raised_by() of this thread goes on.
thread_local void** recovery = nullptr;

struct Recovery {
  explicit Recovery(void** place) : outer(recovery) { recovery = place; }
  ~Recovery() { recovery = outer; }
  void** const outer;
};

[[noreturn]] void recover() {
  __builtin_longjmp(recovery, 1);
}

// Asked last, so that an implementation that probes memory under a handler of its own can do so.
// The thread goes on in recover() as if that had been called where the exception was raised.
LONG CALLBACK on_unhandled(EXCEPTION_POINTERS* exception) {
  if (recovery == nullptr ||
      exception->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION) {
    return EXCEPTION_CONTINUE_SEARCH;
  }
  constexpr DWORD64 kRoom = 256;  // octets, for the callee's home space
  CONTEXT& context = *exception->ContextRecord;
  context.Rip = reinterpret_cast<std::uintptr_t>(&recover);
  context.Rsp = ((context.Rsp - kRoom) & ~DWORD64{15}) - sizeof(void*);
  return EXCEPTION_CONTINUE_EXECUTION;
}

bool runs_to_its_end(const std::function<void()>& call) {
  Place place;
  const Recovery here(place);
  if (__builtin_setjmp(place) != 0) return false;
  call();
  return true;
}

}  // namespace

std::string raised_by(const std::function<void()>& call) {
  static const auto before = SetUnhandledExceptionFilter(on_unhandled);
  static_cast<void>(before);
  return runs_to_its_end(call) ? "" : "EXCEPTION_ACCESS_VIOLATION";
}

}  // namespace ws2conform
