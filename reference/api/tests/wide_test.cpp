#include "api/wide.hpp"

#include <gtest/gtest.h>

namespace ws2 {
namespace {

TEST(Wide, GoesBothWays) {
  const char8_t text[] = u8"a\u00e9\u07ff\u0800\uffff\U00010000\U0010ffff";
  const std::string narrow_text(reinterpret_cast<const char*>(text), sizeof text - 1);
  const WideText wide_text = u"a\u00e9\u07ff\u0800\uffff\U00010000\U0010ffff";
  EXPECT_EQ(widen(narrow_text), wide_text);
  EXPECT_EQ(narrow(wide_text.c_str()), narrow_text);
  EXPECT_EQ(widen(""), WideText());
  EXPECT_EQ(narrow(u""), "");
}

TEST(Wide, HalfAPairIsNoText) {
  const WCHAR high[] = {'a', 0xd800, 0};
  const WCHAR low[] = {0xdc00, 'a', 0};
  const WCHAR twice[] = {0xd800, 0xd800, 0xdc00, 0};
  EXPECT_FALSE(narrow(high));
  EXPECT_FALSE(narrow(low));
  EXPECT_FALSE(narrow(twice));
}

TEST(Wide, WhatIsNoUtf8IsReplaced) {
  EXPECT_EQ(widen("a\xff"), u"a\ufffd");
  EXPECT_EQ(widen("\xc3"), u"\ufffd");
  EXPECT_EQ(widen("\xc0\x80"), u"\ufffd\ufffd");
  EXPECT_EQ(widen("\xed\xa0\x80"), u"\ufffd\ufffd\ufffd");
  EXPECT_EQ(widen("\xe2\x82z"), u"\ufffd\ufffdz");
  EXPECT_EQ(widen("\xf4\x90\x80\x80"), u"\ufffd\ufffd\ufffd\ufffd");
}

}  // namespace
}  // namespace ws2
