#include "reports/text/tighten.hpp"

#include <gtest/gtest.h>

namespace ws2conform::reports {
namespace {

TEST(Tighten, WritesQuotesInTextAsTheyAre) {
  EXPECT_EQ(tighten("<p>&quot;3&quot; isn&apos;t &lt;b&gt; &amp;quot;</p>"),
            "<p>\"3\" isn't &lt;b&gt; &amp;quot;</p>");
}

TEST(Tighten, LeavesAttributesAlone) {
  const std::string tag = "<td title=\"&quot;3&quot;\n\n\">x</td>";
  EXPECT_EQ(tighten(tag), tag);
}

TEST(Tighten, LeavesOneBreakBetweenTags) {
  EXPECT_EQ(tighten("<ul>\n\n  \n<li>a</li> <li>b</li></ul>"), "<ul>\n<li>a</li> <li>b</li></ul>");
  EXPECT_EQ(tighten("<p>\n two \n\n words </p>"), "<p>\n two \n\n words </p>");
}

TEST(Tighten, TouchesNoStyleSheetAndNoScript) {
  const std::string page =
      "<style>a > b { content: '&quot;' }\n\n</style><script>if (a < b && c > d) f('&quot;');\n\n"
      "</script><p>\"</p>";
  EXPECT_EQ(tighten(page), page);
}

TEST(Tighten, TakesWhatIsNoPage) {
  for (const char* text : {"", "<", "a<b", "<script>", "&quot"}) EXPECT_EQ(tighten(text), text);
}

}  // namespace
}  // namespace ws2conform::reports
