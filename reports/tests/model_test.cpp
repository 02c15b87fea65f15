#include <gtest/gtest.h>

#include "reports/html.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;

json model() {
  return json::parse(R"({
    "model": 1, "implementation": "ws2 reference", "edition": "documented",
    "bounds": {"states": 20000, "samples": 300},
    "totals": {"cases": {"agrees": 1, "justified": 0, "disagrees": 1, "outside": 1},
               "instances": 9, "outside": 2, "states": 20216, "sampled": 1},
    "cases": [
      {"id": "totals-answered-by-grand-total", "area": "teardown", "title": "t",
       "verdict": "agrees", "instances": 4, "schedules": 932941095, "states": 20000, "sampled": 1,
       "outside": {}, "findings": []},
      {"id": "odd", "area": "accept", "title": "t", "verdict": "disagrees", "instances": 3,
       "schedules": 24, "states": 216, "sampled": 0, "outside": {},
       "findings": [{"finding": "too strict", "step": "4", "message": "one <more> call",
                     "file": "cases/accept/odd.yaml", "line": 15}]},
      {"id": "relayed", "area": "closing", "title": "t", "verdict": "outside", "instances": 2,
       "schedules": 0, "states": 0, "sampled": 0, "outside": {"the relay is not in the model": 2},
       "findings": []}]})");
}

std::string page_with(const json& model) {
  return page(sample_run(), {nullptr, model, nullptr}).html;
}

TEST(Model, TellsItsStatesAndWhereItSampled) {
  const std::string page = page_with(model());
  EXPECT_TRUE(
      holds(page, "<a href=\"#model\">20,216 states of 2 cases, 1 sampled, 1 not as modelled</a>"));
  EXPECT_TRUE(holds(page, "20,000, sampled</td>"));
  EXPECT_TRUE(holds(page, "932,941,095</td>"));
  EXPECT_TRUE(holds(page, "more than 20,000 states"));
}

TEST(Model, TellsWhatItFoundAndWhatItDoesNotHave) {
  const std::string page = page_with(model());
  EXPECT_TRUE(holds(page, "one &lt;more&gt; call <code>cases/accept/odd.yaml:15</code>"));
  EXPECT_TRUE(holds(page, "the relay is not in the model: 2 instances"));
  EXPECT_TRUE(holds(page, "1 agree, 1 disagree; 1 need what the model does not have"));
}

TEST(Model, IsNotThereWithoutItsFile) {
  EXPECT_FALSE(holds(page_with(nullptr), "id=\"model\""));
  EXPECT_THROW(page_with(json::object()), json::exception);
}

}  // namespace
}  // namespace ws2conform::reports
