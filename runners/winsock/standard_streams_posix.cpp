#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "standard_streams.hpp"

namespace ws2conform {
namespace {
int output = -1;
}

bool claim_standard_streams() {
  // A suite that is gone shows as an error of write, not as a death by signal.
  if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) return false;
  output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  return output >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

std::size_t read_input(char* buffer, std::size_t size) {
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, buffer, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return 0;
  }
}

bool write_output(const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t put = write(output, data, size);
    if (put < 0 && errno != EINTR) return false;
    if (put > 0) {
      data += put;
      size -= static_cast<std::size_t>(put);
    }
  }
  return true;
}

}  // namespace ws2conform
