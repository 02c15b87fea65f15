#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "descriptors.hpp"

namespace ws2conform {

bool can_free_descriptors() {
  return true;
}

bool free_descriptors(bool free) {
  static const rlim_t kAtFirst = [] {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  if (free) {
    limit.rlim_cur = kAtFirst;
  } else {
    // All below the lowest free one are taken, and from it on there are none.
    const int lowest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (lowest < 0) return true;
    close(lowest);
    limit.rlim_cur = static_cast<rlim_t>(lowest);
  }
  return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

}  // namespace ws2conform
