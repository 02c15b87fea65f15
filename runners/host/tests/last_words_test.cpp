#include "runners/host/last_words.hpp"

#include <gtest/gtest.h>

namespace ws2conform::host {
namespace {

TEST(LastWords, AreOctetsHoweverTheyCame) {
  LastWords words;
  for (const char* part : {"seg", "fault at", " 0\nbye", "\n", "\n", "no newline"}) words.add(part);
  EXPECT_EQ(words.text(), "segfault at 0\nbye\n\nno newline");
}

TEST(LastWords, HaveNoNewlineAtTheirEnd) {
  LastWords words;
  EXPECT_EQ(words.text(), "");
  words.add("bye\n\n");
  EXPECT_EQ(words.text(), "bye");
}

// However much of it came since: what was said before stays, and no piece of it is left.
TEST(LastWords, OfTheStateTableAreLeftOut) {
  LastWords words;
  words.add("careful\n");
  for (int i = 0; i < 1000; ++i) {
    words.add("cells: idle/request, ");
    words.add("requesting/peer's accept\ncel");
    words.add("ls: idle/listen\n");
  }
  words.add("cells: " + std::string(10'000, 'x'));
  EXPECT_EQ(words.text(), "careful");
}

TEST(LastWords, AreTheLatest) {
  LastWords words;
  words.add("first\n");
  words.add(std::string(5'000, 'x') + "\nlast\n");
  const std::string text = words.text();
  EXPECT_LE(text.size(), 4096U);
  EXPECT_EQ(text.substr(text.size() - 6), "x\nlast");
  words.add(std::string(5'000, 'y'));
  EXPECT_EQ(words.text(), std::string(4096, 'y'));
}

}  // namespace
}  // namespace ws2conform::host
