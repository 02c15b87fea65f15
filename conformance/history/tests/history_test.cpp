#include <algorithm>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "conformance/case/octets.hpp"
#include "conformance/history/tests/history_fixture.hpp"

namespace ws2conform::history_test {
namespace {

TEST_F(HistoryTest, EverythingWrittenIsReadAgain) {
  std::vector<Event> events;
  for (const Event::Kind kind : kEventKinds) {
    for (const json& body : kBodies) {
      events.push_back({kind, nanoseconds(events.size() * 1000 + 1), "client", "5a", body});
    }
  }
  {
    HistoryWriter writer(path_);
    writer.header(a_header());
    HistoryInstance first = an_instance();
    first.position = 7;
    first.possible = 18446744073709551615U;
    HistoryInstance second = an_instance("b-case");
    second.not_applicable = "tcp does not claim \"events\"";
    writer.planned(first);
    writer.planned(second);
    writer.planned(an_instance("c-case"));
    writer.begin(first);
    const std::size_t a = writer.begin(a_schedule("FIRST"));
    const std::size_t b = writer.begin(a_schedule("SECOND"));
    for (const Event& event : events) {
      writer.event(a, event);
      writer.event(b, an_event());
    }
    writer.end(b, a_schedule("SECOND"));
    writer.end(a, a_schedule("FIRST"));
    first.verdict = "fail";
    first.left_out = 3;
    writer.end(first);
    writer.begin(second);
    second.verdict = "not applicable";
    writer.end(second);
    writer.footer(2, nanoseconds(123456789));
  }
  const History history = read_history(path_);
  EXPECT_EQ(history.file, path_);
  EXPECT_EQ(history.header.suite_version, "1.2.3");
  EXPECT_EQ(history.header.case_set, "0123456789abcdef");
  EXPECT_EQ(history.header.started, "2026-01-02T03:04:05Z");
  EXPECT_EQ(history.header.edition, "documented");
  EXPECT_EQ(history.header.machine, "Linux 6.1 x86_64");
  EXPECT_EQ(history.header.command_line, "ws2conform run \"x\"");
  EXPECT_EQ(history.header.implementations, a_header().implementations);
  EXPECT_EQ(history.header.options, a_header().options);
  EXPECT_EQ(history.header.baseline, a_header().baseline);
  EXPECT_TRUE(history.complete);
  EXPECT_TRUE(history.missing.empty());
  EXPECT_EQ(history.duration, nanoseconds(123456789));

  ASSERT_EQ(history.instances.size(), 3U);
  EXPECT_EQ(history.instances[0].asked, "0123456789abcdef");
  EXPECT_EQ(history.instances[0].case_id, "a-case");
  EXPECT_EQ(history.instances[0].axes, an_instance().axes);
  EXPECT_EQ(history.instances[0].position, 7U);
  EXPECT_EQ(history.instances[0].possible, 18446744073709551615U);
  EXPECT_EQ(history.instances[0].not_applicable, "");
  EXPECT_EQ(history.instances[0].verdict, "fail");
  EXPECT_EQ(history.instances[0].left_out, 3U);
  EXPECT_TRUE(history.instances[0].ended);
  EXPECT_EQ(history.instances[1].not_applicable, "tcp does not claim \"events\"");
  EXPECT_FALSE(history.instances[2].begun);

  ASSERT_EQ(history.schedules.size(), 2U);
  const ScheduleHistory& first = history.schedules[0];
  EXPECT_EQ(first.case_id, "a-case");
  EXPECT_EQ(first.axes, an_instance().axes);
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
    EXPECT_EQ(*read.body, *events[i].body) << to_string(events[i].kind);
  }
  EXPECT_EQ(history.schedules[1].events.size(), events.size());
}

// As the schema says?
bool valid(const json& record) {
  static const json kText = json::parse(std::ifstream(HISTORY_SCHEMA));
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(kText), schema);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  return validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(record), nullptr);
}

TEST_F(HistoryTest, EachRecordIsAsTheSchemaSays) {
  write_small();
  {
    History history = read_history(path_);
    HistoryWriter writer(folder_.write("again.jsonl", ""));
    for (const Event::Kind kind : kEventKinds) {
      for (const json& body : kBodies) writer.event(1, {kind, nanoseconds(0), "a", "", body});
    }
    writer.resumed("2026-01-02T03:04:05Z", "ws2conform run --resume x");
    HistoryInstance gap = an_instance();
    gap.not_applicable = "a gap";
    writer.begin(gap);
    gap.verdict = "not applicable";
    gap.left_out = 2;
    writer.end(gap);
  }
  std::vector<std::string> records = lines();
  path_ = folder_.path("again.jsonl");
  for (const std::string& record : lines()) records.push_back(record);

  for (const std::string& record : records) EXPECT_TRUE(valid(json::parse(record))) << record;
  for (const std::string& record : records) {
    json wrong = json::parse(record);
    wrong["more"] = 1;
    EXPECT_FALSE(valid(wrong)) << wrong;
    wrong = json::parse(record);
    wrong.erase("sum");
    EXPECT_FALSE(valid(wrong)) << wrong;
  }
}

TEST_F(HistoryTest, OneLineIsOneObjectWhateverItHolds) {
  {
    HistoryWriter writer(path_);
    writer.header(a_header());
    writer.event(1, {Event::Kind::kStderr, nanoseconds(1), "client", "1", {{"text", "a\nb\n"}}});
    writer.event(1, {Event::Kind::kStderr, nanoseconds(1), "client", "1", {{"text", "\xff"}}});
  }
  EXPECT_EQ(lines().size(), 3U);
  for (const std::string& line : lines()) {
    EXPECT_TRUE(json::parse(line, nullptr, false).is_object()) << line;
  }
}

Event with_data(const json& data) {
  return {Event::Kind::kPartial, nanoseconds(5), "client", "1", {{"returns", 9}, {"data", data}}};
}

// The only record of the kind, and what becomes of it.
std::pair<json, json> written_and_read(const std::string& path, const Event& event) {
  {
    HistoryWriter writer(path);
    writer.header(a_header());
    writer.planned(an_instance());
    const std::size_t number = writer.begin(a_schedule("A"));
    writer.event(number, event);
    writer.end(number, a_schedule("A"));
  }
  json record;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    json one = json::parse(line);
    if (one.contains("partial")) record = std::move(one);
  }
  return {record, *read_history(path).schedules.at(0).events.at(0).body};
}

TEST_F(HistoryTest, NamesAreKeptWhateverTheyHold) {
  const std::vector<std::string> names = {"server", "a b", "a\"b", "a\\b", "a\nb", "\u00e4", ""};
  {
    HistoryWriter writer(path_);
    for (const std::string& name : names) {
      writer.event(1, {Event::Kind::kReturn, nanoseconds(5), name, name, {{"returns", 0}}});
    }
  }
  ASSERT_EQ(lines().size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const json record = json::parse(lines()[i]);
    EXPECT_EQ(record.at("actor"), names[i]);
    EXPECT_EQ(record.at("step"), names[i]);
  }
}

TEST_F(HistoryTest, WhatCrossedThePipeIsWrittenAsItCrossedIt) {
  const std::string crossed = "{\"returns\" : 1.50e1,\r\"id\":7, \"text\":\"\\u00e4/\\/\"}";
  Event event = an_event();
  event.body = Event::Body::with_text(json::parse(crossed), crossed);
  const auto [record, read] = written_and_read(path_, event);
  const std::string line = lines().at(3);
  EXPECT_NE(line.find(crossed), std::string::npos) << line;
  EXPECT_EQ(read, *event.body);
}

TEST_F(HistoryTest, OctetsOfThePatternAreWrittenShortAndReadWhole) {
  for (const std::size_t first : {0, 1, 200, 255}) {
    for (const std::size_t count : {64, 65, 255, 256, 4096, 4097, 70000}) {
      const Event event = with_data(to_base64(octet_pattern(first + count).substr(first)));
      const auto [record, read] = written_and_read(path_, event);
      EXPECT_EQ(record.at("pattern"), json({{"first", first}, {"octets", count}}));
      EXPECT_EQ(record.at("partial"), json({{"returns", 9}}));
      EXPECT_EQ(read, *event.body) << first << ", " << count;
    }
  }
}

TEST_F(HistoryTest, OctetsThatDifferFromThePatternAreWrittenAsTheyAre) {
  std::string wrong = octet_pattern(4096);
  wrong[4095] ^= 1;
  std::string missing = octet_pattern(4096);
  missing.erase(1000, 1);
  const json bodies[] = {
      to_base64(wrong),
      to_base64(missing),
      to_base64(octet_pattern(63)),
      to_base64(""),
      "no base64",
      json(7),
      {{"first", 0}, {"octets", 64}},
      nullptr,
  };
  for (const json& data : bodies) {
    const Event event = with_data(data);
    const auto [record, read] = written_and_read(path_, event);
    EXPECT_FALSE(record.contains("pattern")) << data;
    EXPECT_EQ(record.at("partial"), *event.body);
    EXPECT_EQ(read, *event.body);
  }
}

TEST_F(HistoryTest, AnEventWithAPatternIsAsTheSchemaSays) {
  const auto [record, read] = written_and_read(path_, with_data(to_base64(octet_pattern(4096))));
  EXPECT_TRUE(valid(record)) << record;
  json two = record;
  two["return"] = json::object();
  EXPECT_FALSE(valid(two)) << "an event of two kinds";
}

TEST_F(HistoryTest, APatternThatStandsForNothingIsAnError) {
  const std::string start = R"({"actor":"a","step":"1","n":1,"t":1,)";
  for (const char* rest : {
           R"("return":{},"pattern":{"first":256,"octets":64}})",
           R"("return":{},"pattern":{"first":0,"octets":-1}})",
           R"("return":{},"pattern":{"first":0,"octets":99999999999999}})",
           R"("return":{"data":"QQ=="},"pattern":{"first":0,"octets":64}})",
           R"("return":7,"pattern":{"first":0,"octets":64}})",
       }) {
    EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule, start + rest})),
              ":4: a pattern that stands for nothing")
        << rest;
  }
}

TEST_F(HistoryTest, SchedulesAreGivenWithTheirEventsWhenTheyEndAndKeptWithoutThem) {
  {
    HistoryWriter writer(path_);
    writer.header(a_header());
    writer.planned(an_instance());
    const std::size_t a = writer.begin(a_schedule("A"));
    const std::size_t b = writer.begin(a_schedule("B"));
    const std::size_t c = writer.begin(a_schedule("C"));
    for (const std::size_t number : {c, b, a, b}) writer.event(number, an_event());
    writer.end(b, a_schedule("B"));
    writer.end(a, a_schedule("A"));
    writer.event(c, an_event());
  }
  std::string given;
  const auto take = [&](const History& so_far, const ScheduleHistory& schedule) {
    EXPECT_EQ(so_far.header.edition, "documented");
    EXPECT_EQ(schedule.complete, schedule.replay_id != "C");
    given += schedule.replay_id + std::to_string(schedule.events.size());
  };
  const History history = read_history(path_, take);
  EXPECT_EQ(given, "B2A1C2");
  ASSERT_EQ(history.schedules.size(), 3U);
  for (const ScheduleHistory& schedule : history.schedules) {
    EXPECT_TRUE(schedule.events.empty());
  }
  EXPECT_EQ(history.end.octets, read_history(path_).end.octets);

  // A later session makes void what was open.
  {
    HistoryWriter writer(path_, history.end);
    writer.resumed("then", "ws2conform run --resume x");
  }
  given.clear();
  EXPECT_EQ(read_history(path_, take).schedules.size(), 2U);
  EXPECT_EQ(given, "B2A1");
}

TEST_F(HistoryTest, WhatIsFoundOutFirstInTheFileIsThrown) {
  const std::string wrong_below =
      folder_.write("x.jsonl", sealed({kHeader, kPlanned, kSchedule, kEvent, kEnd, kHeader}));
  for (int i = 0; i < 100; ++i) {  // whichever thread is faster
    EXPECT_THROW(read_history(wrong_below,
                              [](const History& of, const ScheduleHistory&) {
                                EXPECT_FALSE(of.header.edition.empty());
                                throw std::logic_error("of the schedule");
                              }),
                 std::logic_error);
    EXPECT_THROW(read_history(wrong_below, [](const History&, const ScheduleHistory&) {}),
                 InputError);
  }
}

TEST_F(HistoryTest, WhatIsThrownForAScheduleIsThrownAndNoOtherGiven) {
  {
    HistoryWriter writer(path_);
    writer.header(a_header());
    writer.planned(an_instance());
    for (int i = 0; i < 100; ++i) {
      const std::size_t number = writer.begin(a_schedule(std::to_string(i)));
      writer.end(number, a_schedule(std::to_string(i)));
    }
  }
  for (const std::string last : {"0", "5", "99"}) {
    std::vector<std::string> given;
    EXPECT_THROW(read_history(path_,
                              [&](const History&, const ScheduleHistory& schedule) {
                                given.push_back(schedule.replay_id);
                                if (given.back() == last) throw std::logic_error(last);
                              }),
                 std::logic_error);
    ASSERT_EQ(given.size(), std::stoul(last) + 1);
    for (std::size_t i = 0; i < given.size(); ++i) EXPECT_EQ(given[i], std::to_string(i));
  }
}

TEST_F(HistoryTest, AFileThatEndsEarlyIsIncompleteAndSaysWhere) {
  write_small();
  const std::string whole = text();
  const std::size_t header = lines()[0].size() + 1;
  for (std::size_t length = header; length < whole.size(); length += 3) {
    const std::string path = folder_.write("x.jsonl", whole.substr(0, length));
    const History history = read_history(path);
    EXPECT_FALSE(history.complete) << length;
    EXPECT_EQ(history.header.suite_version, "1.2.3");
    ASSERT_EQ(history.missing.size(), 1U);
    const auto whole_lines =
        std::count(whole.begin(), whole.begin() + static_cast<long>(length), '\n');
    EXPECT_EQ(history.missing[0].find(path + ":" + std::to_string(whole_lines) + ": "), 0U);
    EXPECT_EQ(history.end.records, static_cast<std::size_t>(whole_lines));
  }
  EXPECT_TRUE(read_history(folder_.write("x.jsonl", whole)).complete);
}

TEST_F(HistoryTest, WhatWasCutOffCanBeGoneOnWith) {
  write_small();
  const std::string whole = text();
  const std::size_t header = lines()[0].size() + 1;
  for (std::size_t length = header; length < whole.size(); length += 5) {
    folder_.write("history.jsonl", whole.substr(0, length));
    const History before = read_history(path_);
    {
      HistoryWriter writer(path_, before.end);
      writer.resumed("2026-01-02T03:04:05Z", "again");
      if (before.instances.empty()) writer.planned(an_instance());
      const std::size_t number = writer.begin(a_schedule("B"));
      writer.end(number, a_schedule("B"));
      const bool first_ended = !before.schedules.empty() && before.schedules[0].complete;
      writer.footer(first_ended ? 2 : 1, nanoseconds(1));
    }
    const History after = read_history(path_);
    EXPECT_TRUE(after.complete);
    EXPECT_EQ(after.schedules.back().replay_id, "B");
    for (const ScheduleHistory& schedule : after.schedules) EXPECT_TRUE(schedule.complete);
  }
}

TEST_F(HistoryTest, AChangeOfOneOctetIsFoundInItsLine) {
  write_small();
  const std::string whole = text();
  for (std::size_t i = 0; i < whole.size(); i += 7) {  // several in each line
    if (whole[i] == '\n') continue;
    const auto line = std::count(whole.begin(), whole.begin() + static_cast<long>(i), '\n') + 1;
    std::string changed = whole;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    const std::string error = error_of(changed);
    EXPECT_EQ(error.find(":" + std::to_string(line) + ": "), 0U) << error << "\n" << changed;
  }
}

TEST_F(HistoryTest, ARemovedAddedOrMovedRecordIsFound) {
  write_small();
  const std::vector<std::string> records = lines();
  const std::string why =
      "does not fit its sum: it was changed, or a record before it was removed, added or moved";
  const auto joined = [](const std::vector<std::string>& some) {
    std::string all;
    for (const std::string& record : some) all += record + "\n";
    return all;
  };
  for (std::size_t i = 1; i + 1 < records.size(); ++i) {
    std::vector<std::string> changed = records;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(error_of(joined(changed)), ":" + std::to_string(i + 1) + ": " + why);
    changed = records;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), records[i - 1]);
    EXPECT_EQ(error_of(joined(changed)), ":" + std::to_string(i + 1) + ": " + why);
    changed = records;
    std::swap(changed[i], changed[i + 1]);
    EXPECT_EQ(error_of(joined(changed)), ":" + std::to_string(i + 1) + ": " + why);
  }
  EXPECT_EQ(error_of(kHeader + "\n"),
            ":1: has no sum: it is no record of a history, or was changed");
}

TEST_F(HistoryTest, WhatHasNoHeaderIsNoHistory) {
  const std::string missing = ":1: is no history: the header is missing";
  EXPECT_EQ(error_of(sealed({kSchedule, kEvent})), missing);
  EXPECT_EQ(error_of(""), missing);
  EXPECT_EQ(error_of("no newline at its end"), missing);
  EXPECT_EQ(error_of(kHeader.substr(0, 30)), missing);
}

TEST_F(HistoryTest, AnotherVersionIsNotRead) {
  EXPECT_EQ(error_of(sealed({R"({"history":3})"})),
            ":1: history version 3; this suite reads versions 1 and 2");
  EXPECT_EQ(error_of(sealed({R"({"history":"1"})"})),
            ":1: history version \"1\"; this suite reads versions 1 and 2");
}

TEST_F(HistoryTest, RecordsThatMakeNoSenseWhereTheyStandAreErrorsWithTheirLine) {
  EXPECT_EQ(error_of(sealed({kHeader, kHeader})), ":2: a second header");
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kPlanned})), ":3: a/provider=tcp is planned twice");
  EXPECT_EQ(error_of(sealed({kHeader, kSchedule})), ":2: a/provider=tcp was not planned");
  EXPECT_EQ(error_of(sealed({kHeader, kEvent})), ":2: an event of schedule 1, which is not open");
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule, kEnd, kEvent})),
            ":5: an event of schedule 1, which is not open");
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule, kSchedule})), ":4: a second schedule 1");
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule,
                             R"({"n":1,"t":1,"actor":"a","step":"1","shout":{}})"})),
            ":4: an event of no known kind");
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule, kEvent, kEnd, kFooter, kEvent})),
            ":7: a record after the footer");
}

TEST_F(HistoryTest, WhatIsNoObjectIsAnErrorWithItsLine) {
  EXPECT_EQ(error_of(sealed({kHeader}) + "[1]\n"), ":2: is no JSON object");
  EXPECT_EQ(error_of(sealed({kHeader}) + "{\"t\": 1, \"ac\n" + kEvent), ":2: is no JSON object")
      << "only the last line may be cut off";
}

TEST_F(HistoryTest, AMissingMemberIsAnErrorWithItsLine) {
  EXPECT_EQ(error_of(sealed({kHeader, R"({"planned":{"case":"A"}})"})).find(":2: "), 0U);
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule, R"({"n":1,"t":"soon","call":{}})"}))
                .find(":4: "),
            0U);
}

TEST_F(HistoryTest, AFooterThatCountsOtherwiseIsAnError) {
  EXPECT_EQ(error_of(sealed({kHeader, kFooter})),
            ":2: the footer counts 5 records and 1 schedules; there are 1 and 0, 0 of them open");
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule, kEvent,
                             R"({"footer":{"records":4,"schedules":1,"t":9}})"})),
            ":5: the footer counts 4 records and 1 schedules; there are 4 and 1, 1 of them open");
  EXPECT_EQ(error_of(sealed({kHeader, kPlanned, kSchedule, kEvent, kEnd, kFooter})), "no error");
}

TEST_F(HistoryTest, AFileThatIsNotThereIsAnError) {
  EXPECT_THROW(read_history(folder_.path("nowhere")), InputError);
  EXPECT_THROW(read_history(folder_.path()), InputError) << "a folder";
}

}  // namespace
}  // namespace ws2conform::history_test
