#include "reports/ctrf.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "conformance/case/model.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;

json report_of(const RunResult& run) {
  return json::parse(ctrf(run));
}

// What the schema says against it; empty for nothing.
std::string complaint(const json& report) {
  std::ifstream file(CTRF_SCHEMA);
  const json schema_json = json::parse(file);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_json),
                                          schema);
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(report), &results))
    return "";
  valijson::ValidationResults::Error error;
  std::string text = "invalid:";
  while (results.popError(error)) {
    text += "\n";
    for (const std::string& part : error.context) text += part;
    text += ": " + error.description;
  }
  return text;
}

const json& test_named(const json& report, const std::string& beginning) {
  for (const json& test : report.at("results").at("tests")) {
    if (test.at("name").get<std::string>().rfind(beginning, 0) == 0) return test;
  }
  throw std::runtime_error("no test " + beginning);
}

TEST(Ctrf, IsAsItsSpecificationSays) {
  EXPECT_EQ(complaint(report_of(sample_run())), "");
  EXPECT_EQ(complaint(report_of(RunResult{})), "");
  RunResult odd = sample_run();
  odd.complete = false;
  odd.instances[0].title = "no UTF-8: \xff, a control: \x01";
  odd.instances[0].file.clear();
  odd.instances[0].axes.clear();
  EXPECT_EQ(complaint(report_of(odd)), "");
}

TEST(Ctrf, TheSchemaIsNoOpenDoor) {
  json report = report_of(sample_run());
  report["results"]["tests"][0]["status"] = "pass";
  EXPECT_NE(complaint(report), "");
  report = report_of(sample_run());
  report["results"]["summary"].erase("flaky");
  EXPECT_NE(complaint(report), "");
  report = report_of(sample_run());
  report["verdict"] = 1;
  EXPECT_NE(complaint(report), "");
}

TEST(Ctrf, CountsWhatItHolds) {
  const json results = report_of(sample_run()).at("results");
  std::map<std::string, int> counts;
  for (const json& test : results.at("tests")) ++counts[test.at("status")];
  const json& summary = results.at("summary");
  EXPECT_EQ(summary.at("tests"), 8);
  for (const char* status : {"passed", "failed", "skipped", "pending", "other"}) {
    EXPECT_EQ(summary.at(status), counts[status]) << status;
  }
  EXPECT_EQ(counts["passed"], 2);
  EXPECT_EQ(counts["failed"], 3) << "fail, error, unexpected pass";
  EXPECT_EQ(counts["skipped"], 2) << "not applicable, known failure";
  EXPECT_EQ(counts["other"], 1) << "inconclusive";
}

TEST(Ctrf, AFailureSaysWhatWhereAndHowToSeeItAgain) {
  const RunResult run = sample_run();
  const json report = report_of(run);
  const json test =
      test_named(report, run.instances[2].case_id + "/" + to_string(run.instances[2].axes));
  EXPECT_EQ(test.at("rawStatus"), "fail");
  EXPECT_EQ(test.at("filePath"), run.instances[2].file);
  EXPECT_NE(test.at("message").get<std::string>().find("\"45\" was expected"), std::string::npos);
  EXPECT_NE(test.at("trace").get<std::string>().find("replay: ws2conform replay "),
            std::string::npos);
  EXPECT_EQ(test.at("parameters").at("notice"), "WSAEDISCON");
  EXPECT_EQ(test.at("suite"), json({run.instances[2].area, run.instances[2].case_id}));
}

TEST(Ctrf, TimesAreMillisecondsSinceTheEpoch) {
  const json report = report_of(sample_run());
  const json& summary = report.at("results").at("summary");
  EXPECT_EQ(summary.at("start"), 1741944413000) << "2025-03-14T09:26:53Z";
  EXPECT_EQ(summary.at("stop"), 1741944413000 + 14230);
}

TEST(Ctrf, ARunThatIsNotCompleteIsAFailure) {
  RunResult run = sample_run();
  run.complete = false;
  run.missing = {"shard 2/3 is missing"};
  const json report = report_of(run);
  EXPECT_EQ(report.at("results").at("summary").at("tests"), 9);
  const json test = test_named(report, "complete");
  EXPECT_EQ(test.at("status"), "failed");
  EXPECT_NE(test.at("message").get<std::string>().find("shard 2/3 is missing"), std::string::npos);
}

}  // namespace
}  // namespace ws2conform::reports
