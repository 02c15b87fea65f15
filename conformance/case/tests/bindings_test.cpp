#include "conformance/case/bindings.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "conformance/case/octets.hpp"

namespace ws2conform::bindings_test {
namespace {

using nlohmann::json;

const SourcePlace kPlace = {"case.yaml", 7, 3};

Binding octets(const std::string& text) {
  return {FieldType::kOctets, to_base64(text)};
}
Binding number(long long value) {
  return {FieldType::kNumber, value};
}

const Bindings kBindings = {
    {"three", octets("3")},    {"minus", octets("-3")},
    {"word", octets("three")}, {"null", {FieldType::kOctets, nullptr}},
    {"sum", number(45)},       {"listener", {FieldType::kAddress, "127.0.0.1:80"}},
    {"a.b_c1", number(7)},
};

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  } catch (const std::domain_error& error) {
    return std::string("domain error: ") + error.what();
  }
  return "no error";
}

long long value(const std::string& expression) {
  return evaluate(expression, kBindings, kPlace);
}

TEST(Evaluate, KnowsTheRulesOfArithmetic) {
  EXPECT_EQ(value("42"), 42);
  EXPECT_EQ(value("2 + 3 * 4"), 14);
  EXPECT_EQ(value("2 * 3 + 4"), 10);
  EXPECT_EQ(value("(2 + 3) * 4"), 20);
  EXPECT_EQ(value("10 - 4 - 3"), 3) << "from the left";
  EXPECT_EQ(value("10 - (4 - 3)"), 9);
  EXPECT_EQ(value("2*3*4"), 24);
  EXPECT_EQ(value("  ( ( 1 ) )  "), 1);
  EXPECT_EQ(value("1 - 2 * 3"), -5);
}

TEST(Evaluate, TakesNumbersAndDecimalDigitsOfBindings) {
  EXPECT_EQ(value("42 + $three"), 45);
  EXPECT_EQ(value("$sum"), 45);
  EXPECT_EQ(value("$minus + 1"), -2);
  EXPECT_EQ(value("$a.b_c1*$three"), 21);
}

TEST(Evaluate, SyntaxErrorsSayWhere) {
  const std::pair<const char*, int> wrong[] = {
      {"", 1},      {"  ", 3},  {"1 +", 4},    {"1 + + 2", 5}, {"(1", 3},
      {"1)", 2},    {"1 2", 3}, {"1 / 2", 3},  {"three", 1},   {"-1", 1},
      {"1 + (", 6}, {"()", 2},  {"1\t+ 2", 2}, {"0x10", 2},    {"2 $three", 3},
  };
  for (const auto& [expression, character] : wrong) {
    const std::string expected = "case.yaml:7:3: \"" + std::string(expression) +
                                 "\" is no expression of integers, $names, + - * and parentheses "
                                 "(it goes wrong at character " +
                                 std::to_string(character) + ")";
    EXPECT_EQ(error_of([&text = expression] { value(text); }), expected);
  }
}

TEST(Evaluate, AnUnknownNameIsAnErrorWithItsPlace) {
  EXPECT_EQ(error_of([] { value("1 + $four"); }), "case.yaml:7:3: $four has no value here");
  EXPECT_NE(error_of([] { value("$"); }), "no error");
}

TEST(Evaluate, ABindingThatIsNoNumberIsADomainError) {
  EXPECT_EQ(error_of([] { value("$word"); }), "domain error: $word is no number: \"three\"");
  EXPECT_EQ(error_of([] { value("$null"); }), "domain error: $null is no number: NULL");
  const Bindings odd = {{"spaced", octets("3 ")},
                        {"empty", octets("")},
                        {"plus", octets("+3")},
                        {"huge", octets("9223372036854775808")},
                        {"real", {FieldType::kAnything, 1.5}},
                        {"yes", {FieldType::kAnything, true}},
                        {"map", {FieldType::kAnything, {{"onoff", 1}}}}};
  for (const auto& [name, binding] : odd) {
    const std::string expression = "$" + name;
    EXPECT_EQ(error_of([&] { evaluate(expression, odd, kPlace); }).find("domain error: $" + name),
              0U)
        << name;
  }
}

TEST(Evaluate, AResultBeyond64BitsIsADomainError) {
  for (const char* expression : {"9223372036854775807 + 1", "0 - 9223372036854775807 - 2",
                                 "9223372036854775807 * 2", "3037000500 * 3037000500"}) {
    EXPECT_EQ(error_of([&] { value(expression); }),
              "domain error: \"" + std::string(expression) + "\" is beyond 64 bits");
  }
  EXPECT_EQ(value("9223372036854775807 - 1"), 9223372036854775806);
}

json argument(FieldType type, const json& written) {
  return argument_value(type, written, kBindings, kPlace);
}

TEST(ArgumentValue, OfOctets) {
  EXPECT_EQ(argument(FieldType::kOctets, "abc"), "YWJj");
  EXPECT_EQ(argument(FieldType::kOctets, ""), "");
  EXPECT_EQ(argument(FieldType::kOctets, nullptr), nullptr);
  EXPECT_EQ(argument(FieldType::kOctets, {{"hex", "00FF"}}), "AP8=");
  EXPECT_EQ(argument(FieldType::kOctets, {{"pattern", "3"}}), "AAEC");
  EXPECT_EQ(argument(FieldType::kOctets, "$three"), to_base64("3"));
  EXPECT_EQ(argument(FieldType::kOctets, "$null"), nullptr);
  EXPECT_EQ(argument(FieldType::kOctets, "$sum"), to_base64("45")) << "a number as its digits";
  EXPECT_EQ(argument(FieldType::kOctets, "$listener"), to_base64("127.0.0.1:80"));
}

TEST(ArgumentValue, OfOtherTypes) {
  EXPECT_EQ(argument(FieldType::kNumber, "-12"), -12);
  EXPECT_EQ(argument(FieldType::kNumber, nullptr), nullptr);
  EXPECT_EQ(argument(FieldType::kNumber, "$sum"), 45);
  EXPECT_EQ(argument(FieldType::kBoolean, "true"), true);
  EXPECT_EQ(argument(FieldType::kBoolean, "false"), false);
  EXPECT_EQ(argument(FieldType::kWord, "SD_SEND"), "SD_SEND");
  EXPECT_EQ(argument(FieldType::kWord, "7"), 7);
  EXPECT_EQ(argument(FieldType::kWords, "MSG_PEEK"), json::array({"MSG_PEEK"}));
  EXPECT_EQ(argument(FieldType::kWords, json::array({"FD_READ", "FD_CLOSE"})),
            json::array({"FD_READ", "FD_CLOSE"}));
  EXPECT_EQ(argument(FieldType::kAddress, "$listener"), "127.0.0.1:80");
  EXPECT_EQ(argument(FieldType::kSocket, "client"), "client");
  EXPECT_EQ(argument(FieldType::kAnything, {{"onoff", "1"}, {"linger", "0"}}),
            json({{"onoff", 1}, {"linger", 0}}));
  EXPECT_EQ(argument(FieldType::kAnything, "WSAEINVAL"), "WSAEINVAL");
}

TEST(ArgumentValue, ANumberMayComeFromOctets) {
  EXPECT_EQ(argument(FieldType::kNumber, "$three"), 3);
  EXPECT_EQ(error_of([] { argument(FieldType::kNumber, "$word"); }),
            "case.yaml:7:3: $word is no number: \"three\"");
}

TEST(ArgumentValue, ErrorsHaveTheirPlace) {
  const auto error = [](FieldType type, const json& written) {
    return error_of([&] { argument(type, written); });
  };
  EXPECT_EQ(error(FieldType::kNumber, "many"), "case.yaml:7:3: a number is expected here");
  EXPECT_EQ(error(FieldType::kNumber, "12x"), "case.yaml:7:3: a number is expected here");
  EXPECT_EQ(error(FieldType::kNumber, json::array()), "case.yaml:7:3: a number is expected here");
  EXPECT_EQ(error(FieldType::kBoolean, "yes"), "case.yaml:7:3: true or false is expected here");
  EXPECT_EQ(error(FieldType::kWord, ""), "case.yaml:7:3: a name or a number is expected here");
  EXPECT_EQ(error(FieldType::kWords, {{"a", "b"}}),
            "case.yaml:7:3: a list of names is expected here");
  EXPECT_EQ(error(FieldType::kWords, json::array({1})),
            "case.yaml:7:3: a list of names is expected here");
  EXPECT_EQ(error(FieldType::kSocket, json::array()), "case.yaml:7:3: a name is expected here");
  EXPECT_EQ(error(FieldType::kOctets, {{"hex", "0"}}), "case.yaml:7:3: \"0\" is not hexadecimal");
  EXPECT_EQ(error(FieldType::kOctets, {{"hex", "00"}, {"pattern", "1"}}),
            "case.yaml:7:3: octets are written as text, {hex: 00ff}, {pattern: 512} or null");
  EXPECT_EQ(error(FieldType::kOctets, "$nobody"), "case.yaml:7:3: $nobody has no value here");
  EXPECT_EQ(error(FieldType::kAddress, "$nobody"), "case.yaml:7:3: $nobody has no value here");
}

TEST(Compare, BindsANameThatHasNoValueAndComparesOneThatHas) {
  Bindings bindings;
  const Comparison first = compare(FieldType::kOctets, "$x", "YWJj", bindings, kPlace);
  EXPECT_TRUE(first.holds);
  EXPECT_EQ(first.expected + first.observed, "") << "nobody is told of what holds";
  EXPECT_EQ(bindings.at("x").wire, "YWJj");
  EXPECT_TRUE(compare(FieldType::kOctets, "$x", "YWJj", bindings, kPlace).holds);
  const Comparison other = compare(FieldType::kOctets, "$x", "YWJk", bindings, kPlace);
  EXPECT_FALSE(other.holds);
  EXPECT_EQ(other.expected, "\"abc\"");
  EXPECT_EQ(other.observed, "\"abd\"");
  EXPECT_EQ(bindings.at("x").wire, "YWJj") << "the first value stays";
}

TEST(Compare, TellsNullFromNoOctets) {
  Bindings bindings;
  EXPECT_TRUE(compare(FieldType::kOctets, nullptr, nullptr, bindings, kPlace).holds);
  EXPECT_TRUE(compare(FieldType::kOctets, "", "", bindings, kPlace).holds);
  EXPECT_FALSE(compare(FieldType::kOctets, nullptr, "", bindings, kPlace).holds);
  EXPECT_FALSE(compare(FieldType::kOctets, "", nullptr, bindings, kPlace).holds);
  EXPECT_EQ(compare(FieldType::kOctets, "", nullptr, bindings, kPlace).observed, "NULL");
}

TEST(Compare, ConvertsBetweenOctetsAndNumbers) {
  Bindings bindings = kBindings;
  EXPECT_TRUE(compare(FieldType::kOctets, "$sum", to_base64("45"), bindings, kPlace).holds);
  EXPECT_TRUE(compare(FieldType::kNumber, "$three", 3, bindings, kPlace).holds);
  EXPECT_FALSE(compare(FieldType::kNumber, "3", "3", bindings, kPlace).holds);
}

TEST(References, AreNames) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(references("$x"), Names{"x"});
  EXPECT_EQ(references("42 + $client_total * $a.b"), (Names{"client_total", "a.b"}));
  EXPECT_EQ(references("no name, just $ and text"), Names{});
  EXPECT_EQ(references(nullptr), Names{});
}

TEST(IsReference, IsANameAndNothingElse) {
  EXPECT_TRUE(is_reference("$x"));
  EXPECT_TRUE(is_reference("$client.name_2"));
  for (const char* text : {"x", "$", "", "$a + 1", "$5 please", "x$y", "$a$b"}) {
    EXPECT_FALSE(is_reference(text)) << text;
  }
  EXPECT_FALSE(is_reference(nullptr));
  EXPECT_FALSE(is_reference(json::array({"$x"})));
}

TEST(IsWireValue, TellsTheFormsOfTheProtocol) {
  EXPECT_TRUE(is_wire_value(FieldType::kOctets, "YWJj"));
  EXPECT_TRUE(is_wire_value(FieldType::kOctets, nullptr));
  EXPECT_FALSE(is_wire_value(FieldType::kOctets, "abc"));
  EXPECT_FALSE(is_wire_value(FieldType::kOctets, 5));
  EXPECT_TRUE(is_wire_value(FieldType::kNumber, 5));
  EXPECT_FALSE(is_wire_value(FieldType::kNumber, "5"));
  EXPECT_FALSE(is_wire_value(FieldType::kNumber, 1.5));
  EXPECT_TRUE(is_wire_value(FieldType::kBoolean, false));
  EXPECT_FALSE(is_wire_value(FieldType::kBoolean, 0));
  EXPECT_TRUE(is_wire_value(FieldType::kAddress, "h:1"));
  EXPECT_FALSE(is_wire_value(FieldType::kAddress, json::object()));
}

TEST(FlowText, IsWhatACaseWouldSay) {
  EXPECT_EQ(flow_text({{"onoff", 1}, {"linger", 60}}), "{linger: 60, onoff: 1}");
  EXPECT_EQ(flow_text({"FD_READ", "127.0.0.1:80", "$client.name"}),
            "[FD_READ, 127.0.0.1:80, $client.name]");
  EXPECT_EQ(flow_text({{"pattern", {{"octets", 512}}}}), "{pattern: {octets: 512}}");
  EXPECT_EQ(flow_text(json::object()), "{}");
  EXPECT_EQ(flow_text(nullptr), "null");
}

TEST(FlowText, QuotesWhatWouldBeReadAsSomethingElse) {
  EXPECT_EQ(flow_text({"", "two words", "a, b", "{}"}), R"(["", "two words", "a, b", "{}"])");
  EXPECT_EQ(flow_text({"45", 45, "true", true, "null", "-1"}),
            R"(["45", 45, "true", true, "null", "-1"])");
  EXPECT_EQ(flow_text(std::string("\xff")), "\"\xEF\xBF\xBD\"") << "no text of any kind";
}

TEST(Show, IsForPeople) {
  EXPECT_EQ(show(FieldType::kOctets, "NDU="), "\"45\"");
  EXPECT_EQ(show(FieldType::kOctets, nullptr), "NULL");
  EXPECT_EQ(show(FieldType::kOctets, "?"), "(no base64) \"?\"");
  EXPECT_EQ(show(FieldType::kNumber, 5), "5");
  EXPECT_EQ(show(FieldType::kWord, "SD_SEND"), "SD_SEND");
  EXPECT_EQ(show(FieldType::kAnything, {{"onoff", 1}}), "{onoff: 1}");
}

}  // namespace
}  // namespace ws2conform::bindings_test
