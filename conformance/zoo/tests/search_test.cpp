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

const Walks kWalks{300, "documented", 77};

TEST(ZooSearch, TheNullFaultAndTheTotalOneDoNotCount) {
  const std::vector<Searched> rows = {row("none", false), row("breaks-everything", true),
                                      row("a", true), row("b", false), row("c", true)};
  EXPECT_EQ(figure(rows, kWalks), "300 random walks find 2 of 3 faults (66 %).\n");
  const auto json = search_json(rows, kWalks);
  EXPECT_EQ(json.at("faults"), 3);
  EXPECT_EQ(json.at("found"), 2);
  EXPECT_EQ(json.at("rows").size(), 5U);
}

TEST(ZooSearch, ARowSaysWhatItWasFoundBy) {
  EXPECT_NE(row_text(row("a", true)).find("walk-1-4, recv data: expected a, observed b"),
            std::string::npos);
  EXPECT_NE(row_text(row("b", false)).find("not found, though reached"), std::string::npos);
  const auto json = search_json({row("a", true)}, kWalks).at("rows").at(0);
  EXPECT_EQ(json.at("walk"), "walk-1-4");
  EXPECT_TRUE(json.at("named"));
}

TEST(ZooSearch, WhatWasCutOffGoesOnWithTheSameWalksOnly) {
  const auto json = search_json({row("a", true), row("b", false), row("gone", true)}, kWalks);
  const std::vector<FaultEntry> faults = {row("b", false).fault, row("a", true).fault,
                                          row("new", false).fault};
  const auto rows = rows_of_search(json, kWalks, faults);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].fault.name, "a");
  EXPECT_EQ(rows[0].found, 3U);
  EXPECT_EQ(rows[0].check, "recv data");
  EXPECT_FALSE(rows[1].found);
  EXPECT_TRUE(rows[1].reached);
  EXPECT_TRUE(rows_of_search(json, {300, "documented", 78}, faults).empty());
  EXPECT_TRUE(rows_of_search(json, {299, "documented", 77}, faults).empty());
  EXPECT_TRUE(rows_of_search(json, {300, "windows", 77}, faults).empty());
  EXPECT_TRUE(rows_of_search(nullptr, kWalks, faults).empty());
}

}  // namespace
}  // namespace ws2conform::zoo
