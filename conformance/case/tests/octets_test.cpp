#include "conformance/case/octets.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ws2conform::octets_test {
namespace {

// RFC 4648, section 10.
constexpr std::pair<const char*, const char*> kVectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(Base64, IsThatOfRfc4648) {
  for (const auto& [octets, text] : kVectors) {
    EXPECT_EQ(to_base64(octets), text);
    EXPECT_EQ(from_base64(text), octets);
  }
  EXPECT_EQ(to_base64("\xfb\xff\xbf"), "+/+/");
  EXPECT_EQ(from_base64("+/+/"), "\xfb\xff\xbf");
}

TEST(Base64, HasAllOctetsAtAllLengths) {
  for (std::size_t length = 0; length <= 600; ++length) {
    const std::string octets = octet_pattern(length);
    const std::string text = to_base64(octets);
    EXPECT_EQ(text.size(), (length + 2) / 3 * 4);
    EXPECT_EQ(from_base64(text), octets) << length;
  }
}

RC_GTEST_PROP(Base64, IsReversible, (const std::string& octets)) {
  RC_ASSERT(from_base64(to_base64(octets)) == octets);
}

// Whatever is taken for base64 is what encoding gives: there is one text for each value.
RC_GTEST_PROP(Base64, HasOneTextForEachValue, ()) {
  const std::string alphabet = "AQgw4/+9=\n";
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
  if (const auto octets = from_base64(text)) {
    RC_ASSERT(to_base64(*octets) == text);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg==\n", "Zm9v\n", "Zm 9", "Zm9_", "Zm9-", "=",
                           "====", "Z===", "=Zg=", "Zg=g", "Zg==Zg==", "Zm=v", "Zm9vZ"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_base64(std::string_view("Zm9\0", 4)), std::nullopt);
}

TEST(Base64, RefusesBitsThatNobodyWrote) {
  EXPECT_EQ(from_base64("Zh=="), std::nullopt) << "f, and a bit too many";
  EXPECT_EQ(from_base64("Zm9="), std::nullopt) << "fo, and a bit too many";
}

TEST(Hex, IsReadInBothCases) {
  EXPECT_EQ(from_hex(""), "");
  EXPECT_EQ(from_hex("00ffA5a5"), std::string("\x00\xff\xa5\xa5", 4));
  for (const char* digits : {"0", "000", "0g", "g0", " 0", "0x", "-1"}) {
    EXPECT_EQ(from_hex(digits), std::nullopt) << digits;
  }
}

TEST(OctetPattern, RunsThroughAllValuesAgainAndAgain) {
  EXPECT_EQ(octet_pattern(0), "");
  const std::string octets = octet_pattern(600);
  ASSERT_EQ(octets.size(), 600U);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    EXPECT_EQ(static_cast<unsigned char>(octets[i]), i % 256);
  }
}

TEST(ShowOctets, QuotesWhatIsPrintable) {
  EXPECT_EQ(show_octets(""), "\"\"");
  EXPECT_EQ(show_octets("45"), "\"45\"");
  EXPECT_EQ(show_octets(" ~"), "\" ~\"");
}

TEST(ShowOctets, IsHexadecimalForTheRest) {
  EXPECT_EQ(show_octets(std::string("a\0", 2)), "hex 6100");
  EXPECT_EQ(show_octets("\x7f"), "hex 7f");
  EXPECT_EQ(show_octets("\xff\n"), "hex ff0a");
}

TEST(ShowOctets, CutsLongOnesWithTheirCount) {
  EXPECT_EQ(show_octets(std::string(64, 'x')), "\"" + std::string(64, 'x') + "\"");
  EXPECT_EQ(show_octets(std::string(65, 'x')), "\"" + std::string(64, 'x') + "\"... (65 octets)");
  EXPECT_EQ(show_octets(std::string(64, 'x') + "\n").find("\"xxx"), 0U)
      << "what is cut off does not decide how the rest is shown";
}

}  // namespace
}  // namespace ws2conform::octets_test
