#include "hostile/descriptors.hpp"

#include <sys/resource.h>

#include <filesystem>
#include <iterator>

namespace ws2::hostile {
namespace {

rlimit current() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit;
}

void set(std::size_t count) {
  rlimit limit = current();
  limit.rlim_cur = count;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  // One of them is the iterator's own.
  return static_cast<std::size_t>(std::distance(begin(open), end(open))) - 1;
}

DescriptorLimit::DescriptorLimit(std::size_t count) : before_(current().rlim_cur) {
  set(count);
}

DescriptorLimit::~DescriptorLimit() {
  set(before_);
}

std::size_t DescriptorLimit::highest() {
  return current().rlim_max;
}

}  // namespace ws2::hostile
