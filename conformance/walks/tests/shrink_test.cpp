#include "conformance/walks/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace ws2conform::walks {
namespace {

std::vector<int> numbers(int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 1);
  return all;
}

bool has(const std::vector<int>& items, int item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

TEST(Shrink, leaves_what_is_needed_in_its_order) {
  const auto left = shrunk(numbers(20), 1000, [](const std::vector<int>& items) {
    return has(items, 3) && has(items, 17) && has(items, 18);
  });
  EXPECT_EQ(left, (std::vector<int>{3, 17, 18}));
}

TEST(Shrink, finds_what_can_only_go_together) {
  // 5 is there with 6, or neither is.
  const auto left = shrunk(numbers(8), 1000, [](const std::vector<int>& items) {
    return has(items, 1) && has(items, 5) == has(items, 6);
  });
  EXPECT_EQ(left, (std::vector<int>{1}));
}

TEST(Shrink, keeps_all_where_all_is_needed) {
  const auto left =
      shrunk(numbers(5), 1000, [](const std::vector<int>& items) { return items.size() == 5; });
  EXPECT_EQ(left, numbers(5));
}

TEST(Shrink, tries_no_more_than_it_may) {
  std::size_t tries = 0;
  const auto left = shrunk(numbers(100), 7, [&](const std::vector<int>& items) {
    ++tries;
    return has(items, 1);
  });
  EXPECT_EQ(tries, 7U);
  EXPECT_TRUE(has(left, 1));
}

}  // namespace
}  // namespace ws2conform::walks
