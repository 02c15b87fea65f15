#include "reports/sarif.hpp"

#include <nlohmann/json.hpp>

#include "reports/text/clean.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;

json result_of(const Finding& finding) {
  json place = {{"artifactLocation", {{"uri", clean(finding.place.file)}}}};
  if (finding.place.line > 0) {
    place["region"]["startLine"] = finding.place.line;
    if (finding.place.column > 0) place["region"]["startColumn"] = finding.place.column;
  }
  return {{"ruleId", "case"},
          {"level", "error"},
          {"message", {{"text", clean(finding.message)}}},
          {"locations", json::array({{{"physicalLocation", place}}})}};
}

}  // namespace

std::string sarif(const std::vector<Finding>& findings, const std::string& version) {
  json results = json::array();
  for (const Finding& finding : findings) results.push_back(result_of(finding));
  const json rule = {{"id", "case"},
                     {"shortDescription", {{"text", "What a case, requirement or baseline says"}}}};
  const json driver = {
      {"name", "ws2conform lint"}, {"version", version}, {"rules", json::array({rule})}};
  const json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", json::array({{{"tool", {{"driver", driver}}},
                                           {"columnKind", "utf16CodeUnits"},
                                           {"results", results}}})}};
  return log.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace ws2conform::reports
