#include "conformance/case/json_line.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace ws2conform {
namespace {

// Accepted is what another reader accepts, and made of it the same.
TEST(JsonLine, IsReadAsOtherReadersDo) {
  for (const char* value : {"0",
                            "-0",
                            "-1",
                            "17",
                            "9223372036854775807",
                            "9223372036854775808",
                            "18446744073709551615",
                            "18446744073709551616",
                            "-9223372036854775808",
                            "-9223372036854775809",
                            "1.5",
                            "-2.5e3",
                            "1e5",
                            "0.1",
                            "1e400",
                            "1e-400",
                            "+1",
                            "01",
                            "-",
                            ".5",
                            "1.",
                            "1e",
                            "NaN",
                            "Infinity",
                            "true",
                            "false",
                            "null",
                            "True",
                            "nul",
                            "\"\"",
                            R"("\"\\\/\b\f\n\r\t")",
                            R"("\u00e9\u20AC")",
                            R"("\ud83d\ude00")",
                            R"("\ud83d")",
                            R"("\ude00")",
                            R"("\ud83d\u0041")",
                            R"("\u12g4")",
                            R"("\x")",
                            "\"\x01\"",
                            "\"\x7f\"",
                            "\"\xc3\xa9\"",
                            "\"\xc3\"",
                            "\"\xc0\x80\"",
                            "\"\xed\xa0\x80\"",
                            "\"\xf0\x9f\x98\x80\"",
                            "\"\xf4\x90\x80\x80\"",
                            "'text'",
                            "[]",
                            "[ ]",
                            "[1,2]",
                            "[1,]",
                            "[,1]",
                            "[1 2]",
                            "{}",
                            R"({"b":1,"a":{"c":[{}]}})",
                            R"({"a":1,})",
                            R"({a:1})",
                            R"({"a" 1})",
                            R"({"a":})",
                            R"({1:2})",
                            "1 /* one */",
                            "1 // one",
                            "\t1\r\n ",
                            "\v1",
                            "1}",
                            "1,\"b\":2"}) {
    const std::string line = fmt::format(R"({{"id":{}}})", value);
    const auto expected = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    const ReadJson read = read_json(line, 8);
    EXPECT_EQ(read.fault == ReadJson::Fault::kNone, !expected.is_discarded()) << line;
    if (expected.is_discarded()) continue;
    EXPECT_EQ(read.value.dump(), expected.dump()) << line;
  }
}

TEST(JsonLine, IsReadToADepth) {
  EXPECT_EQ(read_json("[[1]]", 2).value, nlohmann::json({{1}}));
  EXPECT_EQ(read_json("[[[]]]", 2).fault, ReadJson::Fault::kTooDeep);
  EXPECT_EQ(read_json("[[[]]]", 2).value, nullptr);
}

TEST(JsonLine, TellsOfANameThatIsThereTwice) {
  const ReadJson read = read_json(R"({"a":{"b":1,"c":2,"b":{"d":3}},"b":4})", 8);
  EXPECT_EQ(read.twice, "b");
  EXPECT_EQ(read.value, nlohmann::json({{"a", {{"b", {{"d", 3}}}, {"c", 2}}}, {"b", 4}}));
  EXPECT_EQ(read_json(R"({"a":{"b":1},"b":4})", 8).twice, "");
}

TEST(JsonLine, IsWrittenAndReadAgain) {
  const nlohmann::json message = {
      {"id", 18446744073709551615U},       {"at", -5},        {"share", 0.25},
      {"text", "a\n\"\\\x01\x7f\xc3\xa9"}, {"none", nullptr}, {"is", true},
      {"list", {1, {{"a", {}}}, "b"}},     {"name \"q\"", {}}};
  EXPECT_EQ(read_json(json_line(message), 8).value, message);
  EXPECT_EQ(json_line(message), message.dump());
  EXPECT_EQ(json_line({{"text", "a\xff"}}), "{\"text\":\"a\xef\xbf\xbd\"}");
}

}  // namespace
}  // namespace ws2conform
