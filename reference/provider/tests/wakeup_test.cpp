#include "provider/wakeup.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <thread>

#include "provider/clock.hpp"
#include "provider/descriptor.hpp"

namespace ws2 {
namespace {

class Pipe {
 public:
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    read_ = Descriptor(ends[0]);
    write_ = Descriptor(ends[1]);
  }
  int read_end() const { return read_.get(); }
  void fill() const { EXPECT_EQ(::write(write_.get(), "x", 1), 1); }

 private:
  Descriptor read_;
  Descriptor write_;
};

TEST(Waiters, EndWhenTheDescriptorIsReady) {
  const Pipe pipe;
  std::mutex mutex;
  std::unique_lock lock(mutex);
  Waiters waiters;
  EXPECT_EQ(waiters.wait(lock, pipe.read_end(), POLLIN, now()), Wake::kTimedOut);
  pipe.fill();
  EXPECT_EQ(waiters.wait(lock, pipe.read_end(), POLLIN, kNever), Wake::kReady);
  EXPECT_TRUE(waiters.is_empty());
}

TEST(Waiters, AreAllNotified) {
  std::mutex mutex;
  Waiters waiters;
  int count = 0;
  std::thread threads[3];
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      std::unique_lock lock(mutex);
      ++count;
      EXPECT_EQ(waiters.wait(lock, -1, 0, kNever), Wake::kNotified);
    });
  }
  for (bool all = false; !all;) {
    const std::lock_guard lock(mutex);
    all = count == 3;
    if (all) waiters.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(waiters.is_empty());
}

// A notification is for those who wait, not for the thread's next wait elsewhere.
TEST(Waiters, ForgetANotificationThatCameWithTheEnd) {
  const Pipe pipe;
  std::mutex mutex;
  Waiters waiters;
  std::thread thread([&] {
    std::unique_lock lock(mutex);
    EXPECT_NE(waiters.wait(lock, pipe.read_end(), POLLIN, kNever), Wake::kTimedOut);
    EXPECT_EQ(waiters.wait(lock, -1, 0, now()), Wake::kTimedOut);
  });
  for (bool waits = false; !waits;) {
    const std::lock_guard lock(mutex);
    waits = !waiters.is_empty();
    if (!waits) continue;
    pipe.fill();
    waiters.notify_all();
  }
  thread.join();
}

}  // namespace
}  // namespace ws2
