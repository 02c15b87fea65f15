#include "reports/junit.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <string>

#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

class Junit : public testing::Test {
 protected:
  void parse(const RunResult& run) {
    const std::string xml = junit(run);
    const pugi::xml_parse_result result = document_.load_buffer(xml.data(), xml.size());
    ASSERT_TRUE(result) << result.description() << " at " << result.offset << " of\n" << xml;
    suites_ = document_.child("testsuites");
  }

  pugi::xml_node test(const std::string& class_name, const std::string& name = "no axes") {
    for (const auto& found : document_.select_nodes("//testcase"))
      if (found.node().attribute("classname").value() == class_name &&
          found.node().attribute("name").value() == name)
        return found.node();
    return {};
  }

  static std::string message(const pugi::xml_node& node) {
    return node.attribute("message").value();
  }

  pugi::xml_document document_;
  pugi::xml_node suites_;
};

TEST_F(Junit, CountsWhatItHolds) {
  parse(sample_run());
  EXPECT_EQ(suites_.attribute("tests").as_int(), 8);
  EXPECT_EQ(suites_.attribute("failures").as_int(), 2);
  EXPECT_EQ(suites_.attribute("errors").as_int(), 1);
  EXPECT_EQ(suites_.attribute("skipped").as_int(), 3);
  for (const pugi::xml_node suite : suites_.children("testsuite")) {
    const auto count = [&](const char* query) {
      return static_cast<int>(suite.select_nodes(query).size());
    };
    EXPECT_EQ(suite.attribute("tests").as_int(), count("testcase"));
    EXPECT_EQ(suite.attribute("failures").as_int(), count("testcase[failure]"));
    EXPECT_EQ(suite.attribute("errors").as_int(), count("testcase[error]"));
    EXPECT_EQ(suite.attribute("skipped").as_int(), count("testcase[skipped]"));
    EXPECT_STRNE(suite.attribute("name").value(), "");
  }
}

TEST_F(Junit, NamesEveryTest) {
  RunResult run = sample_run();
  run.instances[0].case_id.clear();
  run.instances[0].axes.clear();
  run.instances[0].area.clear();
  parse(run);
  for (const auto& found : document_.select_nodes("//testcase")) {
    EXPECT_STRNE(found.node().attribute("name").value(), "");
    EXPECT_STRNE(found.node().attribute("classname").value(), "");
    EXPECT_TRUE(found.node().attribute("time"));
  }
}

TEST_F(Junit, SaysEachVerdictInTheNearestWords) {
  parse(sample_run());
  const pugi::xml_node failed =
      test("teardown.totals-answered-by-grand-total", "provider=message, notice=WSAEDISCON");
  EXPECT_EQ(message(failed.child("failure")).rfind("fail: Step 7", 0), 0u);
  EXPECT_NE(std::string(failed.child("failure").text().get()).find("ws2conform replay t7-9e02"),
            std::string::npos);
  const pugi::xml_node passed =
      test("teardown.totals-answered-by-grand-total", "provider=message, notice=FD_CLOSE");
  ASSERT_TRUE(passed);
  EXPECT_FALSE(passed.child("failure") || passed.child("error") || passed.child("skipped"));
  EXPECT_EQ(message(test("teardown.totals-answered-by-grand-total", "provider=tcp, notice=FD_CLOSE")
                        .child("skipped")),
            "not applicable: tcp does not declare XP1_DISCONNECT_DATA");
  EXPECT_EQ(message(test("setup.refused-after-close").child("skipped")).rfind("inconclusive: ", 0),
            0u);
  EXPECT_EQ(message(test("setup.rejected-caller").child("skipped")).rfind("known failure: ", 0),
            0u);
  EXPECT_EQ(message(test("setup.backlog-of-one").child("failure")).rfind("unexpected pass: ", 0),
            0u);
  EXPECT_TRUE(test("setup.deferred-stays-first", "provider=stream").child("error"));
}

TEST_F(Junit, IsNotGreenForARunThatWasCutOff) {
  RunResult run = sample_run();
  run.instances.resize(2);
  run.complete = false;
  parse(run);
  EXPECT_EQ(suites_.attribute("tests").as_int(), 3);
  EXPECT_EQ(suites_.attribute("errors").as_int(), 1);
  EXPECT_TRUE(test("run", "complete").child("error"));
}

TEST_F(Junit, SurvivesHostileText) {
  const std::string evil = "<&\"']]>\x01\x0b\x1b\xff\xed\xa0\x80\xef\xbf\xbf";
  RunResult run = sample_run();
  for (InstanceResult& instance : run.instances) {
    instance.title = instance.reason = instance.file = instance.area = evil;
    instance.axes = {{evil, evil}};
    for (ScheduleResult& schedule : instance.schedules)
      for (Violation& violation : schedule.violations) violation.message = evil;
  }
  parse(run);
  EXPECT_EQ(suites_.attribute("tests").as_int(), 8);
  // The parser is more lenient than XML: look for what XML 1.0 forbids, raw or as a reference.
  const std::string xml = junit(run);
  for (const char c : xml) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  EXPECT_EQ(xml.find("&#"), std::string::npos);
}

TEST_F(Junit, IsTheSameForTheSameRun) {
  EXPECT_EQ(junit(sample_run()), junit(sample_run()));
}

TEST_F(Junit, IsValidWithoutInstances) {
  parse({});
  EXPECT_EQ(suites_.attribute("tests").as_int(), 0);
}

}  // namespace
}  // namespace ws2conform::reports
