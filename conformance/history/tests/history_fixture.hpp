// Histories to be written and read, and the file that they are in.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "conformance/case/source.hpp"
#include "conformance/case/tests/scratch.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/history/records.hpp"
#include "conformance/history/writer.hpp"

namespace ws2conform {

using nlohmann::json;
using std::chrono::nanoseconds;
inline HistoryHeader a_header() {
  return {"1.2.3",
          "0123456789abcdef",
          "2026-01-02T03:04:05Z",
          "documented",
          "Linux 6.1 x86_64",
          "ws2conform run \"x\"",
          json::array({{{"role", "client"},
                        {"iut", "plain-tcp"},
                        {"implementation", "TCP"},
                        {"version", "1"}}}),
          {{"seed", 18446744073709551615U}, {"shard", {{"index", 1}, {"total", 2}}}},
          {{"file", "known.yaml"}, {"implementation", "x"}, {"failures", json::array()}}};
}

inline HistoryInstance an_instance(const std::string& case_id = "a-case") {
  HistoryInstance instance;
  instance.case_id = case_id;
  instance.axes = {{"provider", "stream"}, {"notice", "FD_CLOSE"}};
  instance.asked = "0123456789abcdef";
  return instance;
}

inline ScheduleHistory a_schedule(const std::string& id) {
  ScheduleHistory schedule;
  schedule.case_id = "a-case";
  schedule.axes = an_instance().axes;
  schedule.order = "1 2( 3 2)";
  schedule.replay_id = id;
  schedule.duration = nanoseconds(777);
  return schedule;
}

inline Event an_event(const std::string& step = "1") {
  return {Event::Kind::kCall, nanoseconds(5), "client", step, {{"id", 1}}};
}

// Bodies that a careless writer or reader would change.
inline const json kBodies[] = {
    json::object(),
    {{"id", 1}, {"returns", 0}},
    {{"id", 9007199254740993}, {"error", "WSAE\"quoted\"\n"}},
    json::array(),
    json::array({"a", "b"}),
    json::array({json::array({"a", 1})}),
    nullptr,
    "text",
    {{"t", 5}, {"actor", "somebody"}, {"step", "else"}, {"call", {{"nested", true}}}},
    {{"sum", "0123456789abcdef"}},
};

class HistoryTest : public testing::Test {
 protected:
  std::string text() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::vector<std::string> lines() const {
    std::istringstream stream(text());
    std::vector<std::string> all;
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
  }

  // One instance with a schedule of one event, each record of a kind.
  void write_small() {
    HistoryWriter writer(path_);
    writer.header(a_header());
    writer.planned(an_instance());
    writer.begin(an_instance());
    const std::size_t number = writer.begin(a_schedule("A"));
    writer.event(number, an_event());
    writer.end(number, a_schedule("A"));
    HistoryInstance ended = an_instance();
    ended.verdict = "pass";
    writer.end(ended);
    writer.footer(1, nanoseconds(9));
  }

  // Records with the sums that they should have.
  static std::string sealed(const std::vector<std::string>& records) {
    std::uint64_t sum = kUnsealed;
    std::string all;
    for (const std::string& record : records) {
      const std::size_t begin = all.size();
      all += record;
      seal(all, begin, sum);
      all += '\n';
    }
    return all;
  }

  std::string error_of(const std::string& written) const {
    try {
      read_history(folder_.write("wrong.jsonl", written));
    } catch (const InputError& error) {
      const std::string what = error.what();
      const std::string name = folder_.path("wrong.jsonl");
      return what.compare(0, name.size(), name) == 0 ? what.substr(name.size()) : what;
    }
    return "no error";
  }

  ScratchFolder folder_;
  std::string path_ = folder_.path("history.jsonl");
};

inline const std::string kHeader =
    R"({"history":1,"suite":"s","case_set":"c","started":"t","edition":"documented",)"
    R"("machine":"m","command_line":"l","options":{},"implementations":[]})";
inline const std::string kPlanned =
    R"({"planned":{"case":"a","axes":[["provider","tcp"]],"position":0}})";
inline const std::string kSchedule =
    R"({"n":1,"schedule":{"id":"ABC","case":"a","axes":[["provider","tcp"]],"order":"1"}})";
inline const std::string kEvent = R"({"n":1,"t":5,"actor":"client","step":"1","call":{"id":1}})";
inline const std::string kEnd = R"({"n":1,"schedule_end":{"id":"ABC","t":7}})";
inline const std::string kFooter = R"({"footer":{"records":5,"schedules":1,"t":9}})";

}  // namespace ws2conform
