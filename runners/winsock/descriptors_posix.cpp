#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <optional>

#include "descriptors.hpp"

namespace ws2conform {

bool can_free_descriptors() {
  return true;
}

bool free_descriptors(bool free) {
  static std::optional<rlim_t> at_first;  // while there are none
  if (free && !at_first) return true;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  if (free) {
    limit.rlim_cur = *at_first;
  } else {
    if (!at_first) at_first = limit.rlim_cur;
    // All below the lowest free one are taken, and from it on there are none.
    const int lowest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (lowest < 0) return true;
    close(lowest);
    limit.rlim_cur = static_cast<rlim_t>(lowest);
  }
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  if (free) at_first.reset();
  return true;
}

}  // namespace ws2conform
