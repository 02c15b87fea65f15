#include "reports/text/clean.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ws2conform::reports {
namespace {

using namespace std::string_literals;

TEST(Clean, LeavesCleanTextAsItIs) {
  const std::string text = "plain\ttext\nwith ü, €, 漢 and 🙂";
  EXPECT_EQ(clean(text), text);
  EXPECT_EQ(clean(clean(text)), text);
}

TEST(Clean, ShowsControlCharacters) {
  EXPECT_EQ(clean("a\0b"s), "a␀b");
  EXPECT_EQ(clean("\x1b[31m\r\x7f"), "␛[31m␍␡");
}

TEST(Clean, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(clean("\xff"), "\uFFFD");
  EXPECT_EQ(clean("a\xc3"), "a\uFFFD");                         // cut off
  EXPECT_EQ(clean("\xc0\xaf"), "\uFFFD\uFFFD");                 // overlong '/'
  EXPECT_EQ(clean("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");       // surrogate
  EXPECT_EQ(clean("\xf4\x90\x80\x80").substr(0, 3), "\uFFFD");  // beyond U+10FFFF
  EXPECT_EQ(clean("\xe2\x82<"), "\uFFFD\uFFFD<");               // does not swallow what follows
}

TEST(Clean, ReplacesNonCharactersAndReordering) {
  EXPECT_EQ(clean("\xef\xbf\xbe"), "\uFFFD");  // U+FFFE, which XML forbids
  EXPECT_EQ(clean("\xc2\x85"), "\uFFFD");      // a C1 control
  EXPECT_EQ(clean("a\u202Eb"),
            "a\uFFFD"
            "b");  // right-to-left override
}

TEST(Clip, CountsWhatItLeavesOut) {
  EXPECT_EQ(clip("äöü", 3), "äöü");
  EXPECT_EQ(clip("äöüß", 3), "äöü … (1 more characters)");
  EXPECT_EQ(clip("", 0), "");
}

TEST(Shorten, KeepsToOneLineAndTheLimit) {
  EXPECT_EQ(shorten("a\nb\tc", 5), "a b c");
  EXPECT_EQ(shorten("äöüß", 3), "äö…");
  EXPECT_EQ(length(shorten("abcdefgh", 4)), 4u);
}

}  // namespace
}  // namespace ws2conform::reports
