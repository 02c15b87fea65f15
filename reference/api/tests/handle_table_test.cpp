#include "api/handle_table.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ws2 {
namespace {

using Table = HandleTable<int, 2>;

TEST(HandleTable, FindsWhatItWasGiven) {
  Table table;
  const auto object = std::make_shared<int>(7);
  const std::uintptr_t handle = table.add(object);
  EXPECT_EQ(handle & 3, 2u);
  EXPECT_EQ(table.find(handle), object);
  for (const std::uintptr_t other :
       {std::uintptr_t{0}, handle - 2, handle + 4, ~std::uintptr_t{0}}) {
    EXPECT_EQ(table.find(other), nullptr) << other;
    EXPECT_EQ(table.remove(other), nullptr) << other;
  }
  EXPECT_EQ(table.remove(handle), object);
  EXPECT_EQ(table.find(handle), nullptr);
  EXPECT_EQ(table.remove(handle), nullptr);
}

TEST(HandleTable, DoesNotGiveADeadHandleOutAgainSoon) {
  Table table;
  std::set<std::uintptr_t> given;
  for (int i = 0; i < 20'000; ++i) {
    const std::uintptr_t handle = table.add(std::make_shared<int>(i));
    EXPECT_TRUE(given.insert(handle).second) << handle;
    EXPECT_LE(handle, 0x7fffffffu);
    table.remove(handle);
  }
}

TEST(HandleTable, HasAnEnd) {
  Table table;
  const auto object = std::make_shared<int>(0);
  std::uintptr_t last = 0;
  std::size_t count = 0;
  while (const std::uintptr_t handle = table.add(object)) {
    last = handle;
    ++count;
  }
  EXPECT_EQ(count, 65'535u);
  table.remove(last);
  EXPECT_NE(table.add(object), 0u);
  EXPECT_EQ(table.add(object), 0u);
  std::size_t left = 0;
  while (table.remove_any()) ++left;
  EXPECT_EQ(left, 65'535u);
}

}  // namespace
}  // namespace ws2
