#include "conformance/history/conveyor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <vector>

namespace ws2conform {
namespace {

TEST(ConveyorTest, AllIsWorkedOnInItsOrder) {
  for (const std::size_t most : {1, 2, 100}) {
    std::vector<int> done;
    Conveyor<int> conveyor(most, [&](const int& thing) { done.push_back(thing); });
    std::vector<int> put;
    for (int i = 0; i < 1000; ++i) {
      conveyor.put(i);
      put.push_back(i);
    }
    conveyor.finish();
    EXPECT_EQ(done, put);
  }
}

TEST(ConveyorTest, NothingPutIsNothingDone) {
  Conveyor<int> conveyor(1, [](const int&) { FAIL(); });
  conveyor.finish();
}

TEST(ConveyorTest, WhoPutsNeedsNotWaitForTheWork) {
  std::promise<void> may_work;
  std::atomic<int> done = 0;
  Conveyor<int> conveyor(3, [&, may = may_work.get_future().share()](const int&) {
    may.wait();
    ++done;
  });
  for (int i = 0; i < 3; ++i) conveyor.put(i);
  EXPECT_EQ(done, 0);
  may_work.set_value();
  conveyor.finish();
  EXPECT_EQ(done, 3);
}

TEST(ConveyorTest, WhatTheWorkThrowsEndsItAndIsThrownAgain) {
  std::vector<int> done;
  Conveyor<int> conveyor(2, [&](const int& thing) {
    if (thing == 5) throw std::runtime_error("five");
    done.push_back(thing);
  });
  EXPECT_THROW(for (int i = 0; i < 1000; ++i) conveyor.put(i), std::runtime_error);
  EXPECT_THROW(conveyor.finish(), std::runtime_error);
  EXPECT_EQ(done, std::vector<int>({0, 1, 2, 3, 4}));
}

TEST(ConveyorTest, WhatIsThrownForTheLastIsThrownAtTheEnd) {
  Conveyor<int> conveyor(2, [](const int&) { throw std::runtime_error("last"); });
  conveyor.put(1);
  EXPECT_THROW(conveyor.finish(), std::runtime_error);
}

}  // namespace
}  // namespace ws2conform
