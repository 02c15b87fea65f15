// The pictures themselves, compared with those in golden/. After a wanted change, look at the new
// ones: with WS2CONFORM_WRITE_GOLDEN=1 in the environment this test writes them and fails.

#include "reports/svg/sequence.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <pugixml.hpp>
#include <sstream>

#include "reports/tests/sample.hpp"

namespace ws2conform::reports::svg {
namespace {

void expect_golden(const std::string& name, const std::vector<StepRecord>& steps) {
  const std::string path = std::string(GOLDEN_FOLDER) + "/" + name + ".svg";
  const std::string svg = Sequence().render(steps, name);
  if (std::getenv("WS2CONFORM_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path) << svg;
    FAIL() << "wrote " << path << "; look at it, then run without WS2CONFORM_WRITE_GOLDEN";
  }
  std::ifstream file(path);
  ASSERT_TRUE(file) << "cannot read " << path;
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(svg, golden.str());
}

TEST(Sequence, OfTheSpecificationsExample) {
  expect_golden("totals", totals_schedule().steps);
}

TEST(Sequence, OfAViolatedStep) {
  expect_golden("violated", failing_schedule().steps);
}

TEST(Sequence, OfThreeActorsAndACallThatHangs) {
  expect_golden("hanging", hanging_schedule().steps);
}

TEST(Sequence, IsWellFormedWhateverTheStepsSay) {
  std::vector<StepRecord> steps = hanging_schedule().steps;
  steps[0].call = "</text><script>alert(1)</script>\x01\xff\"'&";
  steps[0].observed = std::string(5000, '<');
  steps[1].actor = "\"><script>";
  const std::string svg = Sequence().render(steps, "\"><script>");
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_string(svg.c_str());
  EXPECT_TRUE(result) << result.description();
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace ws2conform::reports::svg
