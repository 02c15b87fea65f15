#include "conformance/commands/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <stdexcept>

namespace ws2conform {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM};
constexpr char kSignal = 's';
constexpr char kEnd = 'e';

std::atomic<int> write_end = -1;

// All that a signal handler may do here.
void tell(int) {
  const int saved = errno;
  [[maybe_unused]] const ssize_t ignored = ::write(write_end, &kSignal, 1);
  errno = saved;
}

}  // namespace

OnInterrupt::OnInterrupt(std::function<void()> action) {
  if (::pipe(pipe_) != 0) throw std::runtime_error("no pipe for signals");
  write_end = pipe_[1];
  thread_ = std::thread([this, action = std::move(action)] {
    char what = kEnd;
    while (::read(pipe_[0], &what, 1) < 0 && errno == EINTR) {
    }
    if (what == kSignal) action();
  });
  struct sigaction handler {};
  handler.sa_handler = tell;
  handler.sa_flags = SA_RESETHAND | SA_RESTART;
  for (const int signal : kSignals) ::sigaction(signal, &handler, nullptr);
}

OnInterrupt::~OnInterrupt() {
  for (const int signal : kSignals) ::signal(signal, SIG_DFL);
  [[maybe_unused]] const ssize_t ignored = ::write(pipe_[1], &kEnd, 1);
  thread_.join();
  ::close(pipe_[0]);
  ::close(pipe_[1]);
}

}  // namespace ws2conform
