#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace ws2 {

/// Uses up every descriptor of the process but those that are open already.
class Shortage {
 public:
  Shortage() {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit limit = before_;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, 256);
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    int fd;
    while ((fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) taken_.push_back(fd);
  }
  ~Shortage() { end(); }
  void end() {
    for (const int fd : taken_) ::close(fd);
    taken_.clear();
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0);
  }

 private:
  rlimit before_;
  std::vector<int> taken_;
};

}  // namespace ws2
