#include "soak/core.hpp"

#include <sched.h>

#include <stdexcept>

namespace soak {

void stay_on_one_core() {
  const int core = ::sched_getcpu();
  cpu_set_t set;
  CPU_ZERO(&set);
  if (core >= 0) CPU_SET(core, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) {
    throw std::runtime_error("cannot stay on one core");
  }
}

std::string cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) {
    throw std::runtime_error("cannot tell the cores");
  }
  std::string text;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) text += std::to_string(core) + ' ';
  }
  return text;
}

}  // namespace soak
