#include "provider/reactor.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <vector>

#include "provider/clock.hpp"
#include "provider/descriptor.hpp"

namespace ws2 {
namespace {

class Recorder : public Watched {
 public:
  void on_activity(std::uint64_t tag) override { add({'a', tag}); }
  void on_deadline(std::uint64_t tag) override { add({'d', tag}); }

  using Call = std::pair<char, std::uint64_t>;
  /// Waits for one more call.
  Call next() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(10), [this] { return !calls_.empty(); }));
    if (calls_.empty()) return {};
    const Call call = calls_.front();
    calls_.erase(calls_.begin());
    return call;
  }

 private:
  void add(Call call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Call> calls_;
};

class ReactorTest : public testing::Test {
 protected:
  ReactorTest() : owner_(std::make_shared<Recorder>()) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    read_ = Descriptor(ends[0]);
    write_ = Descriptor(ends[1]);
  }
  void fill() { EXPECT_EQ(::write(write_.get(), "x", 1), 1); }

  std::shared_ptr<Recorder> owner_;
  Descriptor read_;
  Descriptor write_;
};

using Call = Recorder::Call;

TEST_F(ReactorTest, TellsOfWhatIsThereAndOfWhatComes) {
  fill();
  const auto watch = Reactor::instance().add(read_.get(), owner_, 5);
  ASSERT_NE(watch, Reactor::kNone);
  EXPECT_EQ(owner_->next(), Call('a', 5));
  fill();
  EXPECT_EQ(owner_->next(), Call('a', 5));
  Reactor::instance().remove(watch, read_.get());
}

TEST_F(ReactorTest, KeepsDeadlinesInTheirOrder) {
  Reactor& reactor = Reactor::instance();
  const auto late = reactor.add(read_.get(), owner_, 1);
  Descriptor copy(::dup(read_.get()));
  const auto early = reactor.add(copy.get(), owner_, 2);
  const auto start = now();
  reactor.set_deadline(late, start + std::chrono::milliseconds(20));
  reactor.set_deadline(early, start + std::chrono::milliseconds(10));
  EXPECT_EQ(owner_->next(), Call('d', 2));
  EXPECT_EQ(owner_->next(), Call('d', 1));
  EXPECT_GE(now() - start, std::chrono::milliseconds(20));
  reactor.remove(late, read_.get());
  reactor.remove(early, copy.get());
}

TEST_F(ReactorTest, AChangedDeadlineReplacesTheOld) {
  Reactor& reactor = Reactor::instance();
  const auto watch = reactor.add(read_.get(), owner_, 1);
  reactor.set_deadline(watch, now() + std::chrono::hours(1));
  reactor.set_deadline(watch, now());
  EXPECT_EQ(owner_->next(), Call('d', 1));
  reactor.remove(watch, read_.get());
}

TEST_F(ReactorTest, APausedWatchIsToldAfterwardsWhatCame) {
  Reactor& reactor = Reactor::instance();
  const auto watch = reactor.add(read_.get(), owner_, 1);
  reactor.pause(watch, read_.get());
  fill();
  Descriptor copy(::dup(read_.get()));
  const auto other = reactor.add(copy.get(), owner_, 2);
  EXPECT_EQ(owner_->next(), Call('a', 2));
  reactor.resume(watch, read_.get());
  EXPECT_EQ(owner_->next(), Call('a', 1));
  reactor.remove(watch, read_.get());
  reactor.remove(other, copy.get());
}

TEST_F(ReactorTest, TellsWhoAwaitsADescriptor) {
  Reactor& reactor = Reactor::instance();
  const auto watch = reactor.add(read_.get(), owner_, 3);
  reactor.await_descriptor(watch);
  reactor.descriptor_freed();
  EXPECT_EQ(owner_->next(), Call('a', 3));
  reactor.remove(watch, read_.get());
}

TEST_F(ReactorTest, ForgetsAnOwnerThatIsGone) {
  Reactor& reactor = Reactor::instance();
  auto gone = std::make_shared<Recorder>();
  const auto watch = reactor.add(read_.get(), gone, 1);
  gone.reset();
  fill();
  Descriptor copy(::dup(read_.get()));
  const auto other = reactor.add(copy.get(), owner_, 2);
  EXPECT_EQ(owner_->next(), Call('a', 2));
  reactor.remove(watch, read_.get());
  reactor.remove(other, copy.get());
}

TEST_F(ReactorTest, RefusesWhatIsNoDescriptor) {
  EXPECT_EQ(Reactor::instance().add(-1, owner_, 1), Reactor::kNone);
}

}  // namespace
}  // namespace ws2
