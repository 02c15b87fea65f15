#include "provider/attendance.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "provider/descriptor.hpp"

namespace ws2 {
namespace {

/// A listener, as far as its attendance goes: its descriptor is a pipe's.
class Listener : public Watched, public std::enable_shared_from_this<Listener> {
 public:
  Listener() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    read_ = Descriptor(ends[0]);
    write_ = Descriptor(ends[1]);
  }
  void watch() { watch_ = Reactor::instance().add(read_.get(), weak_from_this(), 0); }
  ~Listener() override { Reactor::instance().remove(watch_, read_.get()); }

  bool begin() {
    const std::lock_guard lock(mutex_);
    return attendance_.begin(watch_, read_.get());
  }
  void end() {
    const std::lock_guard lock(mutex_);
    attendance_.end(watch_);
  }
  void give_back() {
    const std::lock_guard lock(mutex_);
    attendance_.give_back(watch_, read_.get());
  }
  bool is_reactor_spared() {
    const std::lock_guard lock(mutex_);
    return attendance_.is_reactor_spared();
  }
  void knock() { EXPECT_EQ(::write(write_.get(), "x", 1), 1); }

  bool is_told() {
    return wait([this] { return is_told_; });
  }
  bool is_deadline_over() {
    return wait([this] { return is_deadline_over_; });
  }

 private:
  template <typename Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), condition);
  }
  void on_activity(std::uint64_t) override {
    const std::lock_guard lock(mutex_);
    is_told_ = true;
    changed_.notify_all();
  }
  void on_deadline(std::uint64_t) override {
    const std::lock_guard lock(mutex_);
    attendance_.on_deadline(watch_, read_.get());
    is_deadline_over_ = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Descriptor read_;
  Descriptor write_;
  Reactor::Watch watch_ = Reactor::kNone;
  Attendance attendance_;
  bool is_told_ = false;
  bool is_deadline_over_ = false;
};

class AttendanceTest : public testing::Test {
 protected:
  AttendanceTest() : listener_(std::make_shared<Listener>()) { listener_->watch(); }
  const std::shared_ptr<Listener> listener_;
};

TEST_F(AttendanceTest, IsOneThreadsAtATime) {
  EXPECT_TRUE(listener_->begin());
  EXPECT_FALSE(listener_->begin());
  listener_->end();
  EXPECT_TRUE(listener_->begin());
}

TEST_F(AttendanceTest, TheReactorTakesOverWhenNobodyComesBack) {
  ASSERT_TRUE(listener_->begin());
  EXPECT_TRUE(listener_->is_reactor_spared());
  listener_->knock();
  listener_->end();
  EXPECT_TRUE(listener_->is_told());
  EXPECT_FALSE(listener_->is_reactor_spared());
}

TEST_F(AttendanceTest, WhoComesBackKeepsTheReactorAway) {
  ASSERT_TRUE(listener_->begin());
  listener_->end();
  ASSERT_TRUE(listener_->begin());
  EXPECT_TRUE(listener_->is_deadline_over());
  EXPECT_TRUE(listener_->is_reactor_spared());
  // And goes again.
  listener_->knock();
  listener_->end();
  EXPECT_TRUE(listener_->is_told());
}

TEST_F(AttendanceTest, CanBeGivenBackAtOnce) {
  ASSERT_TRUE(listener_->begin());
  listener_->knock();
  listener_->give_back();
  EXPECT_TRUE(listener_->is_told());
  EXPECT_FALSE(listener_->is_reactor_spared());
}

}  // namespace
}  // namespace ws2
