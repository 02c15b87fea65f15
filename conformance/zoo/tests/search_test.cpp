#include "conformance/zoo/matrix/search.hpp"

#include <gtest/gtest.h>

namespace ws2conform::zoo {
namespace {

Searched row(const std::string& name, bool found) {
  Searched made;
  made.fault.name = name;
  made.fault.symptoms = {"recv_*"};
  made.reached = true;
  if (!found) return made;
  made.found = 3;
  made.id = "walk-1-4";
  made.check = "recv data";
  made.message = "expected a, observed b";
  return made;
}

TEST(ZooSearch, TheNullFaultAndTheTotalOneDoNotCount) {
  const std::vector<Searched> rows = {row("none", false), row("breaks-everything", true),
                                      row("a", true), row("b", false), row("c", true)};
  EXPECT_EQ(figure(rows, 300), "300 random walks find 2 of 3 faults (66 %).\n");
  const auto json = search_json(rows, 300);
  EXPECT_EQ(json.at("faults"), 3);
  EXPECT_EQ(json.at("found"), 2);
  EXPECT_EQ(json.at("rows").size(), 5U);
}

TEST(ZooSearch, ARowSaysWhatItWasFoundBy) {
  EXPECT_NE(row_text(row("a", true)).find("walk-1-4, recv data: expected a, observed b"),
            std::string::npos);
  EXPECT_NE(row_text(row("b", false)).find("not found, though reached"), std::string::npos);
  const auto json = search_json({row("a", true)}, 5).at("rows").at(0);
  EXPECT_EQ(json.at("walk"), "walk-1-4");
  EXPECT_TRUE(json.at("named"));
}

}  // namespace
}  // namespace ws2conform::zoo
