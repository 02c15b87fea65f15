// What of a history is on disk, and when; and disks that take nothing.
#include <functional>
#include <thread>

#include "conformance/history/tests/history_fixture.hpp"

namespace ws2conform::writer_test {
namespace {

// What others see of a run that goes on; not before `enough`, which nothing but time brings.
History seen(const std::string& path, const std::function<bool(const History&)>& enough) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (true) {
    History history = read_history(path);
    if (enough(history) || std::chrono::steady_clock::now() > patience) return history;
    std::this_thread::yield();
  }
}

TEST_F(HistoryTest, EachEventIsOnDiskSoonThoughNothingFollows) {
  HistoryWriter writer(path_);
  writer.header(a_header());
  EXPECT_NO_THROW(read_history(path_)) << "at once";
  writer.planned(an_instance());
  writer.begin(an_instance());
  const std::size_t number = writer.begin(a_schedule("A"));
  for (std::size_t events = 1; events < 4; ++events) {
    writer.event(number, an_event());
    const History history = seen(path_, [&](const History& so_far) {
      return !so_far.schedules.empty() && so_far.schedules[0].events.size() == events;
    });
    EXPECT_FALSE(history.complete);
    ASSERT_EQ(history.schedules.size(), 1U);
    EXPECT_EQ(history.schedules[0].events.size(), events);
  }
}

TEST_F(HistoryTest, AnInstanceThatHasEndedIsOnDiskAtOnce) {
  HistoryWriter writer(path_);
  writer.header(a_header());
  writer.planned(an_instance());
  writer.begin(an_instance());
  writer.end(an_instance());
  EXPECT_TRUE(read_history(path_).instances.at(0).ended);
}

TEST_F(HistoryTest, WhatIsFlushedIsOnDiskAtOnce) {
  HistoryWriter writer(path_);
  writer.header(a_header());
  for (int i = 0; i < 3; ++i) {
    writer.planned(an_instance(std::to_string(i)));
    writer.flush();
    EXPECT_EQ(read_history(path_).instances.size(), static_cast<std::size_t>(i + 1));
  }
}

// Of a run that is killed, whenever that is.
TEST_F(HistoryTest, WhatIsOnDiskIsWholeRecordsAndTheBeginningOfOne) {
  HistoryWriter writer(path_);
  writer.header(a_header());
  writer.planned(an_instance());
  const std::size_t number = writer.begin(a_schedule("A"));
  for (int i = 0; i < 2000; ++i) writer.event(number, an_event());  // more than is held back
  const History history = read_history(path_);
  ASSERT_EQ(history.schedules.size(), 1U);
  EXPECT_GT(history.schedules[0].events.size(), 500U);
}

TEST_F(HistoryTest, SeveralThreadsMayWrite) {
  {
    HistoryWriter writer(path_);
    writer.header(a_header());
    writer.planned(an_instance());
    const auto write = [&writer](const std::string& id) {
      for (int i = 0; i < 50; ++i) {
        const std::size_t number = writer.begin(a_schedule(id));
        for (int j = 0; j < 5; ++j) writer.event(number, an_event(id));
        writer.end(number, a_schedule(id));
      }
    };
    std::thread a(write, "A");
    std::thread b(write, "B");
    a.join();
    b.join();
    writer.footer(100, nanoseconds(1));
  }
  const History history = read_history(path_);
  ASSERT_EQ(history.schedules.size(), 100U);
  for (const ScheduleHistory& schedule : history.schedules) {
    EXPECT_EQ(schedule.events.size(), 5U);
    for (const Event& event : schedule.events) EXPECT_EQ(event.step, schedule.replay_id);
  }
}

TEST_F(HistoryTest, APathThatCannotBeWrittenIsAnErrorWithItsReason) {
  const std::string path = folder_.path("no/such/folder/history.jsonl");
  try {
    HistoryWriter writer(path);
    FAIL() << "it is written";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), path + " cannot be written: No such file or directory");
  }
}

TEST_F(HistoryTest, AFullDiskIsAnErrorAndNotALoss) {
  HistoryWriter writer("/dev/full");
  try {
    writer.header(a_header());
    FAIL() << "the header is lost and nobody knows";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "/dev/full cannot be written: No space left on device");
  }
}

TEST_F(HistoryTest, AFullDiskThatIsFoundOutLaterIsToldToWhoeverWritesNext) {
  HistoryWriter writer("/dev/full");
  const auto start = std::chrono::steady_clock::now();
  std::string told;
  // Few, so that what is held back never is too much to be held back.
  for (int i = 0; told.empty() && i < 100; ++i) {
    while (std::chrono::steady_clock::now() < start + i * HistoryWriter::kLatest / 10) {
      std::this_thread::yield();
    }
    try {
      writer.planned(an_instance());
    } catch (const std::runtime_error& error) {
      told = error.what();
    }
  }
  EXPECT_EQ(told, "/dev/full cannot be written: No space left on device");
  EXPECT_THROW(writer.planned(an_instance()), std::runtime_error) << "nothing comes after a gap";
  EXPECT_THROW(writer.flush(), std::runtime_error);
}

TEST_F(HistoryTest, AFullDiskIsToldAtTheEndAtTheLatest) {
  HistoryWriter flushed("/dev/full");
  flushed.planned(an_instance());
  EXPECT_THROW(flushed.flush(), std::runtime_error);
  HistoryWriter ended("/dev/full");
  ended.planned(an_instance());
  EXPECT_THROW(ended.footer(0, nanoseconds(1)), std::runtime_error);
}

}  // namespace
}  // namespace ws2conform::writer_test
