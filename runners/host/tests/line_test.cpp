#include "runners/host/line.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace ws2conform::host {
namespace {

std::string wrong_with(const std::string& line) {
  nlohmann::json message;
  return parse_line(line, message);
}

TEST(Line, IsReadWhateverItsTextsHold) {
  for (const char* line : {R"({"id":1,"addr":"[::1]:80","peer":"127.0.0.1:80"})",
                           R"({"id" : 1, "text" : "\":\"\\", "list" : [{"a":":"},{"a":"\\"}]})",
                           R"({"id":1,"name:with":{"colons:":1}})", "{}"}) {
    nlohmann::json message;
    EXPECT_EQ(parse_line(line, message), "") << line;
    EXPECT_EQ(message, nlohmann::json::parse(line));
  }
}

TEST(Line, HasNoNameTwiceInOneObject) {
  EXPECT_EQ(wrong_with(R"({"id":1,"addr":"[::1]:80","addr":"[::1]:81"})"),
            R"(wrote "addr" twice in one object)");
  EXPECT_EQ(wrong_with(R"({"id":1,"text":"\\","id":2,"other":"\":"})"),
            R"(wrote "id" twice in one object)");
  EXPECT_EQ(wrong_with(R"({"id" :1,"list":[{"a":1,"a" : 2}]})"),
            R"(wrote "a" twice in one object)");
}

TEST(Line, IsAnObject) {
  for (const char* line : {"", "1", "[]", "{", R"({"id":})", R"({"id":"\"})", R"(\{"id":1})"}) {
    EXPECT_EQ(wrong_with(line), "wrote a line that is no JSON object") << line;
  }
}

TEST(Line, NestsAsDeepAsAnyoneNeeds) {
  const auto nested = [](int levels) {
    return R"({"id":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  EXPECT_EQ(wrong_with(nested(64)), "");
  EXPECT_EQ(wrong_with(nested(65)), "wrote values nested more than 64 deep");
  EXPECT_EQ(wrong_with(nested(100000)), "wrote values nested more than 64 deep");
}

}  // namespace
}  // namespace ws2conform::host
