#include "conformance/history/file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "conformance/case/source.hpp"
#include "conformance/case/tests/scratch.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;
using std::chrono::nanoseconds;

HistoryHeader a_header() {
  return {"1.2.3",
          "0123456789abcdef",
          "2026-01-02T03:04:05Z",
          "documented",
          "Linux 6.1 x86_64",
          "ws2conform run \"x\"",
          json::array({{{"role", "client"},
                        {"iut", "plain-tcp"},
                        {"implementation", "TCP"},
                        {"version", "1"}}})};
}

ScheduleHistory a_schedule(const std::string& id) {
  ScheduleHistory schedule;
  schedule.case_id = "a-case";
  schedule.axes = {{"provider", "stream"}, {"notice", "FD_CLOSE"}};
  schedule.order = "1 2( 3 2)";
  schedule.replay_id = id;
  schedule.duration = nanoseconds(777);
  return schedule;
}

constexpr Event::Kind kAllKinds[] = {
    Event::Kind::kCall,    Event::Kind::kStarted,    Event::Kind::kReturn,
    Event::Kind::kPartial, Event::Kind::kIndication, Event::Kind::kCondition,
    Event::Kind::kVerdict, Event::Kind::kComputed,   Event::Kind::kBreakdown,
    Event::Kind::kStderr,
};

// Bodies that a careless writer or reader would change.
const json kBodies[] = {
    json::object(),
    {{"id", 1}, {"returns", 0}},
    {{"id", 9007199254740993}, {"error", "WSAE\"quoted\"\n"}},
    json::array(),
    json::array({"a", "b"}),
    json::array({json::array({"a", 1})}),
    nullptr,
    "text",
    {{"t", 5}, {"actor", "somebody"}, {"step", "else"}, {"call", {{"nested", true}}}},
};

class HistoryTest : public testing::Test {
 protected:
  std::string text() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::string line(const std::string& object) const { return object + "\n"; }

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

constexpr const char* kHeader =
    R"({"history": 1, "suite": "s", "case_set": "c", "started": "t", "edition": "documented", )"
    R"("machine": "m", "command_line": "l", "implementations": []})"
    "\n";
constexpr const char* kSchedule =
    R"({"schedule": {"id": "ABC", "case": "a-case", "axes": [["provider", "tcp"]], "order": "1"}})"
    "\n";
constexpr const char* kEvent = R"({"t": 5, "actor": "client", "step": "1", "call": {"id": 1}})"
                               "\n";
constexpr const char* kEnd = R"({"schedule_end": {"id": "ABC", "t": 7}})"
                             "\n";
constexpr const char* kFooter = R"({"footer": {"schedules": 1, "t": 9}})"
                                "\n";

TEST_F(HistoryTest, EverythingWrittenIsReadAgain) {
  std::vector<Event> events;
  for (const Event::Kind kind : kAllKinds) {
    for (const json& body : kBodies) {
      events.push_back({kind, nanoseconds(events.size() * 1000 + 1), "client", "5a", body});
    }
  }
  {
    HistoryWriter writer(path_);
    writer.header(a_header());
    writer.instance({"a-case", a_schedule("").axes, 18446744073709551615U, ""});
    writer.instance({"b-case", {{"provider", "tcp"}}, 0, "tcp does not claim \"events\""});
    writer.begin(a_schedule("FIRST"));
    for (const Event& event : events) writer.event(event);
    writer.end(a_schedule("FIRST"));
    writer.begin(a_schedule("SECOND"));
    writer.end(a_schedule("SECOND"));
    writer.footer(2, nanoseconds(123456789));
  }
  const History history = read_history(path_);
  EXPECT_EQ(history.header.suite_version, "1.2.3");
  EXPECT_EQ(history.header.case_set, "0123456789abcdef");
  EXPECT_EQ(history.header.started, "2026-01-02T03:04:05Z");
  EXPECT_EQ(history.header.edition, "documented");
  EXPECT_EQ(history.header.machine, "Linux 6.1 x86_64");
  EXPECT_EQ(history.header.command_line, "ws2conform run \"x\"");
  EXPECT_EQ(history.header.implementations, a_header().implementations);
  EXPECT_TRUE(history.complete);
  EXPECT_EQ(history.duration, nanoseconds(123456789));

  ASSERT_EQ(history.instances.size(), 2U);
  EXPECT_EQ(history.instances[0].case_id, "a-case");
  EXPECT_EQ(history.instances[0].axes, a_schedule("").axes);
  EXPECT_EQ(history.instances[0].possible, 18446744073709551615U);
  EXPECT_EQ(history.instances[0].not_applicable, "");
  EXPECT_EQ(history.instances[1].not_applicable, "tcp does not claim \"events\"");

  ASSERT_EQ(history.schedules.size(), 2U);
  const ScheduleHistory& first = history.schedules[0];
  EXPECT_EQ(first.case_id, "a-case");
  EXPECT_EQ(first.axes, a_schedule("").axes);
  EXPECT_EQ(first.order, "1 2( 3 2)");
  EXPECT_EQ(first.replay_id, "FIRST");
  EXPECT_EQ(first.duration, nanoseconds(777));
  EXPECT_TRUE(first.complete);
  ASSERT_EQ(first.events.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& read = first.events[i];
    EXPECT_EQ(to_string(read.kind), to_string(events[i].kind));
    EXPECT_EQ(read.at, events[i].at);
    EXPECT_EQ(read.actor, "client");
    EXPECT_EQ(read.step, "5a");
    EXPECT_EQ(read.body, events[i].body) << to_string(events[i].kind);
  }
  EXPECT_TRUE(history.schedules[1].events.empty());
}

TEST_F(HistoryTest, OneLineIsOneObjectWhateverItHolds) {
  {
    HistoryWriter writer(path_);
    writer.header(a_header());
    writer.begin(a_schedule("A"));
    writer.event({Event::Kind::kStderr, nanoseconds(1), "client", "1", {{"text", "two\nlines\n"}}});
    writer.event(
        {Event::Kind::kStderr, nanoseconds(1), "client", "1", {{"text", "no UTF-8: \xff"}}});
  }
  std::istringstream lines(text());
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) {
    EXPECT_TRUE(json::parse(line, nullptr, false).is_object()) << line;
    ++count;
  }
  EXPECT_EQ(count, 4);
}

TEST_F(HistoryTest, AFinishedScheduleIsOnDiskBeforeTheNext) {
  HistoryWriter writer(path_);
  writer.header(a_header());
  EXPECT_NO_THROW(read_history(path_));
  writer.begin(a_schedule("A"));
  writer.end(a_schedule("A"));
  const History history = read_history(path_);
  EXPECT_FALSE(history.complete);
  ASSERT_EQ(history.schedules.size(), 1U);
  EXPECT_TRUE(history.schedules[0].complete);
}

TEST_F(HistoryTest, WithoutItsFooterItIsIncomplete) {
  const std::string path = folder_.write("x.jsonl", std::string(kHeader) + kSchedule + kEvent);
  const History history = read_history(path);
  EXPECT_FALSE(history.complete);
  ASSERT_EQ(history.schedules.size(), 1U);
  EXPECT_FALSE(history.schedules[0].complete);
  EXPECT_EQ(history.schedules[0].events.size(), 1U);
}

TEST_F(HistoryTest, ALastLineThatWasCutOffIsNoError) {
  const std::string whole = std::string(kHeader) + kSchedule + kEvent + kEnd + kFooter;
  const std::size_t header = std::string(kHeader).size();
  for (std::size_t length = header; length < whole.size(); ++length) {
    const History history = read_history(folder_.write("x.jsonl", whole.substr(0, length)));
    EXPECT_FALSE(history.complete) << length;
    EXPECT_EQ(history.header.suite_version, "s");
  }
  EXPECT_TRUE(read_history(folder_.write("x.jsonl", whole)).complete);
}

TEST_F(HistoryTest, WhatHasNoHeaderIsNoHistory) {
  const std::string missing = ":1: is no history: the header is missing";
  EXPECT_EQ(error_of(std::string(kSchedule) + kEvent), missing);
  EXPECT_EQ(error_of(""), missing);
  EXPECT_EQ(error_of("no newline at its end"), missing);
  EXPECT_EQ(error_of(std::string(kHeader).substr(0, 30)), missing);
}

TEST_F(HistoryTest, AnotherVersionIsNotRead) {
  EXPECT_EQ(error_of("{\"history\": 2}\n"), ":1: history version 2; this suite reads version 1");
  EXPECT_EQ(error_of("{\"history\": \"1\"}\n"),
            ":1: history version \"1\"; this suite reads version 1");
}

TEST_F(HistoryTest, AnEventBeforeAnyScheduleIsAnError) {
  EXPECT_EQ(error_of(std::string(kHeader) + kEvent), ":2: an event before any schedule");
  EXPECT_EQ(error_of(std::string(kHeader) + kEnd), ":2: an event before any schedule");
}

TEST_F(HistoryTest, AnEventOfNoKnownKindIsAnError) {
  EXPECT_EQ(error_of(std::string(kHeader) + kSchedule +
                     "{\"t\": 1, \"actor\": \"a\", \"step\": \"1\", \"shout\": {}}\n"),
            ":3: an event of no known kind");
}

TEST_F(HistoryTest, WhatIsNoObjectIsAnErrorWithItsLine) {
  EXPECT_EQ(error_of(std::string(kHeader) + "[1]\n"), ":2: is no JSON object");
  EXPECT_EQ(error_of(std::string(kHeader) + kSchedule + "{\"t\": 1, \"ac\n" + kEvent),
            ":3: is no JSON object")
      << "only the last line may be cut off";
}

TEST_F(HistoryTest, AMissingMemberIsAnErrorWithItsLine) {
  EXPECT_EQ(error_of(std::string(kHeader) + "{\"schedule\": {\"id\": \"A\"}}\n").find(":2: "), 0U);
  EXPECT_EQ(
      error_of(std::string(kHeader) + kSchedule + "{\"t\": \"soon\", \"call\": {}}\n").find(":3: "),
      0U);
}

TEST_F(HistoryTest, AFooterThatCountsOtherwiseIsAnError) {
  EXPECT_EQ(error_of(std::string(kHeader) + kFooter),
            ":2: the footer counts other schedules than the file has");
}

TEST_F(HistoryTest, AFileThatIsNotThereIsAnError) {
  EXPECT_THROW(read_history(folder_.path("nowhere")), InputError);
  EXPECT_THROW(read_history(folder_.path()), InputError) << "a folder";
}

TEST_F(HistoryTest, APathThatCannotBeWrittenIsAnErrorWithItsReason) {
  const std::string path = folder_.path("no/such/folder/history.jsonl");
  try {
    HistoryWriter writer(path);
    FAIL() << "it is written";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), path + " cannot be written: No such file or directory");
  }
}

TEST_F(HistoryTest, AFullDiskIsAnErrorAndNotALoss) {
  HistoryWriter writer("/dev/full");
  try {
    writer.header(a_header());
    FAIL() << "the header is lost and nobody knows";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "/dev/full cannot be written: No space left on device");
  }
}

}  // namespace
}  // namespace ws2conform
