#include "conformance/case/yaml.hpp"

#include <gtest/gtest.h>

#include "conformance/case/tests/scratch.hpp"

namespace ws2conform::yaml_test {
namespace {

constexpr const char* kSchema = R"({
  "type": "object", "required": ["name"], "additionalProperties": false,
  "properties": {"name": {"type": "string"}, "count": {"type": "integer"},
                 "items": {"type": "array", "items": {"type": "object",
                           "properties": {"deep": {"type": "boolean"}}}}}})";

class YamlTest : public testing::Test {
 protected:
  YamlFile read(const std::string& text) const {
    return read_yaml(folder_.write("x.yaml", text), "x.yaml");
  }

  template <typename Call>
  static std::string error_of(Call call) {
    try {
      call();
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  std::string read_error(const std::string& text) const {
    return error_of([&] { read(text); });
  }
  std::string key_error(const std::string& text) const {
    return error_of([&] {
      const YamlFile file = read(text);
      require_known_keys(file, file.root, {"name", "count"}, "a thing");
    });
  }
  std::string schema_error(const std::string& text) const {
    return error_of([&] { validate(read(text), kSchema); });
  }

  ScratchFolder folder_;
};

TEST_F(YamlTest, PlacesAreOneBased) {
  const YamlFile file = read("name: a\nitems:\n  - deep: true\n");
  EXPECT_EQ(to_string(file.place(file.root)), "x.yaml:1:1");
  EXPECT_EQ(to_string(file.place(file.root["items"][0])), "x.yaml:3:5");
}

TEST_F(YamlTest, WhatCannotBeReadIsAnError) {
  EXPECT_EQ(error_of([&] { read_yaml(folder_.path("nowhere.yaml"), "nowhere.yaml"); }),
            "nowhere.yaml: cannot be read");
}

TEST_F(YamlTest, AnEmptyFileIsAnError) {
  EXPECT_EQ(read_error(""), "x.yaml: is empty");
  EXPECT_EQ(read_error("# only a comment\n"), "x.yaml: is empty");
}

TEST_F(YamlTest, WhatIsNoYamlIsAnErrorWithItsLine) {
  EXPECT_EQ(read_error("name: a\nitems: [1, 2\n").find("x.yaml:"), 0U);
  EXPECT_NE(read_error("name: a\nitems: [1, 2\n").find("is no YAML: "), std::string::npos);
  EXPECT_EQ(read_error("name: a\n\tcount: 1\n").find("x.yaml:2:1: is no YAML: "), 0U)
      << read_error("name: a\n\tcount: 1\n");
  EXPECT_EQ(read_error("name: *nobody\n").find("x.yaml:1:7: is no YAML: "), 0U)
      << read_error("name: *nobody\n");
}

TEST_F(YamlTest, ASecondDocumentIsNotLostSilently) {
  EXPECT_EQ(read_error("name: a\n---\nname: b\n"),
            "x.yaml:3:1: a second document; one file holds one");
  EXPECT_EQ(read_error("---\nname: a\n...\n"), "no error");
}

TEST_F(YamlTest, ANodeThatContainsItselfIsAnError) {
  EXPECT_EQ(read_error("name: &a [*a]\n").find("x.yaml:1:"), 0U);
  EXPECT_NE(read_error("name: &a {b: [*a]}\n").find("contains itself"), std::string::npos);
  EXPECT_EQ(read_error("name: &a [1]\nagain: [*a, *a]\n"), "no error");
}

TEST_F(YamlTest, AnUnknownKeyIsAnErrorWithItsPlaceAndAHint) {
  EXPECT_EQ(key_error("name: a\ncont: 1\n"),
            "x.yaml:2:1: unknown key \"cont\" in a thing; did you mean \"count\"?");
  EXPECT_EQ(key_error("name: a\nsomething-else: 1\n"),
            "x.yaml:2:1: unknown key \"something-else\" in a thing");
}

TEST_F(YamlTest, AKeyWrittenTwiceIsAnErrorWithItsPlace) {
  EXPECT_EQ(key_error("name: a\ncount: 1\nname: b\n"), "x.yaml:3:1: key \"name\" is written twice");
}

TEST_F(YamlTest, KeysNeedAMap) {
  EXPECT_EQ(key_error("- name\n"), "x.yaml:1:1: a thing must be a map (key: value)");
  EXPECT_EQ(key_error("name\n"), "x.yaml:1:1: a thing must be a map (key: value)");
}

TEST_F(YamlTest, SchemaErrorsHaveThePlaceOfTheDeepestFault) {
  EXPECT_EQ(schema_error("name: a\ncount: 3\nitems:\n  - deep: true\n"), "no error");
  EXPECT_EQ(schema_error("name: a\ncount: many\n").find("x.yaml:2:8: count: "), 0U);
  EXPECT_EQ(schema_error("name: a\nitems:\n  - deep: true\n  - deep: 5\n")
                .find("x.yaml:4:11: items.1.deep: "),
            0U)
      << schema_error("name: a\nitems:\n  - deep: true\n  - deep: 5\n");
  EXPECT_EQ(schema_error("count: 3\n").find("x.yaml:1:1: "), 0U);
}

TEST_F(YamlTest, PlainScalarsHaveTypesAndQuotedOnesAreText) {
  EXPECT_EQ(schema_error("name: \"5\"\n"), "no error");
  EXPECT_NE(schema_error("name: 5\n"), "no error");
  EXPECT_NE(schema_error("name: true\n"), "no error");
  EXPECT_NE(schema_error("name: a\ncount: \"3\"\n"), "no error");
}

TEST_F(YamlTest, StringsAreKeptAsWritten) {
  const YamlFile file = read("a: 007\nb: true\nc: null\nd: ~\ne: \"null\"\nf: {g: [1, x]}\n");
  EXPECT_EQ(to_json_strings(file.root),
            nlohmann::json({{"a", "007"},
                            {"b", "true"},
                            {"c", nullptr},
                            {"d", nullptr},
                            {"e", "null"},
                            {"f", {{"g", nlohmann::json::array({"1", "x"})}}}}));
}

TEST(SourcePlaces, LeaveOutWhatIsNotKnown) {
  EXPECT_EQ(to_string(SourcePlace{"f", 0, 0}), "f");
  EXPECT_EQ(to_string(SourcePlace{"f", 3, 0}), "f:3");
  EXPECT_EQ(to_string(SourcePlace{"f", 3, 4}), "f:3:4");
  EXPECT_STREQ(InputError({"f", 3, 4}, "what is wrong").what(), "f:3:4: what is wrong");
}

TEST(DidYouMean, OffersTheNearestOfWhatIsNear) {
  EXPECT_EQ(did_you_mean("WSASendDisconect", {"WSARecvDisconnect", "WSASendDisconnect"}),
            "; did you mean \"WSASendDisconnect\"?");
  EXPECT_EQ(did_you_mean("recv", {"send", "receive", "rec"}), "; did you mean \"rec\"?");
  EXPECT_EQ(did_you_mean("teleport", {"send", "recv"}), "");
  EXPECT_EQ(did_you_mean("x", {}), "");
}

}  // namespace
}  // namespace ws2conform::yaml_test
