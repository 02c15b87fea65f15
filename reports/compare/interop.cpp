#include "reports/compare/interop.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

#include "reports/page/links.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

using nlohmann::json;

constexpr std::size_t kLongest = 600;  // characters of a sentence

std::size_t tally(const json& pair, const char* verdict) {
  return pair.value("verdicts", json::object()).value(verdict, std::size_t{0});
}

// "client 3, silent 1": how many failures are whose.
std::string blames(const json& pair) {
  std::map<std::string, std::size_t> counts;
  for (const json& failure : pair.at("failures")) ++counts[failure.at("blame").get<std::string>()];
  std::string text;
  const auto add = [&](const std::string& blame, std::size_t number) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", blame, number);
  };
  for (const char* usual : {"client", "server", "both"})
    if (const auto count = counts.extract(usual)) add(usual, count.mapped());
  for (const auto& [blame, number] : counts) add(blame, number);
  return text;
}

Data pair_data(const json& pair) {
  const std::size_t failed = tally(pair, "fail") + tally(pair, "error");
  const std::size_t passed = tally(pair, "pass");
  const std::string problem = pair.value("problem", "");
  const Verdict verdict = !problem.empty()                  ? Verdict::kError
                          : failed > 0                      ? Verdict::kFail
                          : tally(pair, "inconclusive") > 0 ? Verdict::kInconclusive
                          : passed > 0                      ? Verdict::kPass
                                                            : Verdict::kNotApplicable;
  Data item = verdict_data(verdict);
  item["cell"] = true;
  // Where nothing ran there is no report either.
  const std::string link = pair.at("folder").get<std::string>() + "/index.html";
  item["link"] = problem.empty() ? Data(link) : Data(false);
  item["text"] =
      !problem.empty() ? "did not run" : fmt::format("{} of {}", passed, passed + failed);
  item["problem"] = optional(clip(problem, kLongest));
  item["blames"] = optional(blames(pair));
  return item;
}

Data failure_data(const json& pair, const json& failure) {
  std::string axes;
  for (const json& axis : failure.at("axes"))
    axes += (axes.empty() ? "" : ", ") + axis.at(0).get<std::string>() + "=" +
            axis.at(1).get<std::string>();
  Data item;
  item["pair"] = fmt::format("{} to {}", pair.at("client").get<std::string>(),
                             pair.at("server").get<std::string>());
  item["case"] = failure.at("case").get<std::string>();
  item["axes"] = axes;
  item["reason"] = clip(failure.at("reason").get<std::string>(), kLongest);
  item["blame"] = failure.at("blame").get<std::string>();
  item["because"] = clip(failure.at("because").get<std::string>(), kLongest);
  return item;
}

}  // namespace

Data interop_data(const json& matrix) {
  std::map<std::pair<std::string, std::string>, const json*> pairs;
  List failures;
  for (const json& pair : matrix.at("pairs")) {
    if (!pair.at("asked_for").get<bool>()) continue;
    pairs[{pair.at("client"), pair.at("server")}] = &pair;
    for (const json& failure : pair.at("failures")) failures.push_back(failure_data(pair, failure));
  }
  List names;
  List rows;
  for (const json& server : matrix.at("implementations"))
    names.push_back(Data("name", server.at("iut").get<std::string>()));
  for (const json& client : matrix.at("implementations")) {
    List cells;
    for (const json& server : matrix.at("implementations")) {
      const auto found = pairs.find({client.at("iut"), server.at("iut")});
      cells.push_back(found == pairs.end() ? Data("cell", Data(false)) : pair_data(*found->second));
    }
    Data row;
    row["client"] = client.at("iut").get<std::string>();
    row["cells"] = Data(cells);
    rows.push_back(row);
  }
  Data data;
  data["servers"] = Data(names);
  data["rows"] = Data(rows);
  data["reference"] = matrix.at("reference").get<std::string>();
  data["some"] = !failures.empty();
  data["failures"] = Data(failures);
  return data;
}

}  // namespace ws2conform::reports
