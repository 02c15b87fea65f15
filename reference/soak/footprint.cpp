#include "soak/footprint.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SOAK_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SOAK_SANITIZED 1
#endif

namespace soak {

bool is_memory_measurable() {
#ifdef SOAK_SANITIZED
  return false;
#else
  return true;
#endif
}

Footprint footprint() {
  Footprint now;
  const auto heap = ::mallinfo2();
  now.heap = heap.uordblks + heap.hblkhd;
  std::size_t total = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  now.resident = resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::filesystem::directory_iterator open("/proc/self/fd");
  // One of them is the iterator's own.
  now.descriptors = static_cast<std::size_t>(std::distance(begin(open), end(open))) - 1;
  return now;
}

std::string to_line(const Footprint& footprint) {
  std::ostringstream line;
  line << footprint.heap << ' ' << footprint.resident << ' ' << footprint.descriptors;
  return line.str();
}

Footprint from_line(const std::string& line) {
  Footprint read;
  std::istringstream(line) >> read.heap >> read.resident >> read.descriptors;
  return read;
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace soak
