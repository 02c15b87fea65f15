#include "conformance/history/file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "conformance/case/source.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

constexpr Event::Kind kKinds[] = {
    Event::Kind::kCall,    Event::Kind::kStarted,    Event::Kind::kReturn,
    Event::Kind::kPartial, Event::Kind::kIndication, Event::Kind::kCondition,
    Event::Kind::kVerdict, Event::Kind::kComputed,   Event::Kind::kBreakdown,
    Event::Kind::kStderr,
};

constexpr const char* kNoHeader = "is no history: the header is missing";

json axes_json(const AxisChoice& axes) {
  json list = json::array();
  for (const auto& [name, value] : axes) list.push_back({name, value});
  return list;
}

AxisChoice axes_from(const json& list) {
  AxisChoice axes;
  for (const json& pair : list) axes.emplace_back(pair.at(0), pair.at(1));
  return axes;
}

Event event_from(const json& line) {
  Event event;
  event.at = std::chrono::nanoseconds(line.at("t").get<long long>());
  event.actor = line.at("actor");
  event.step = line.at("step");
  for (const Event::Kind kind : kKinds) {
    const std::string key(to_string(kind));
    if (!line.contains(key)) continue;
    event.kind = kind;
    event.body = line.at(key);
    return event;
  }
  throw std::runtime_error("an event of no known kind");
}

class Reader {
 public:
  void line(const json& object) {
    if (object.contains("history")) {
      header(object);
    } else if (object.contains("instance")) {
      const json& body = object.at("instance");
      history.instances.push_back({body.at("case"), axes_from(body.at("axes")),
                                   body.at("possible").get<std::uint64_t>(),
                                   body.value("not_applicable", ""), 0});
    } else if (object.contains("left_out")) {
      if (history.instances.empty()) throw std::runtime_error("\"left_out\" before any instance");
      history.instances.back().left_out = object.at("left_out").at("schedules");
    } else if (object.contains("schedule")) {
      const json& body = object.at("schedule");
      ScheduleHistory schedule;
      schedule.case_id = body.at("case");
      schedule.axes = axes_from(body.at("axes"));
      schedule.order = body.at("order");
      schedule.replay_id = body.at("id");
      history.schedules.push_back(std::move(schedule));
    } else if (object.contains("schedule_end")) {
      ScheduleHistory& schedule = current();
      schedule.duration = std::chrono::nanoseconds(object.at("schedule_end").at("t"));
      schedule.complete = true;
    } else if (object.contains("footer")) {
      const json& body = object.at("footer");
      if (body.at("schedules") != history.schedules.size()) {
        throw std::runtime_error("the footer counts other schedules than the file has");
      }
      history.duration = std::chrono::nanoseconds(body.at("t"));
      history.complete = true;
    } else {
      current().events.push_back(event_from(object));
    }
  }

  History history;
  bool has_header = false;

 private:
  void header(const json& object) {
    if (object.at("history") != 1) {
      throw std::runtime_error("history version " + object.at("history").dump() +
                               "; this suite reads version 1");
    }
    has_header = true;
    history.header = {object.at("suite"),          object.at("case_set"), object.at("started"),
                      object.at("edition"),        object.at("machine"),  object.at("command_line"),
                      object.at("implementations")};
  }

  ScheduleHistory& current() {
    if (history.schedules.empty()) throw std::runtime_error("an event before any schedule");
    return history.schedules.back();
  }
};

}  // namespace

std::string_view to_string(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kCall:
      return "call";
    case Event::Kind::kStarted:
      return "started";
    case Event::Kind::kReturn:
      return "return";
    case Event::Kind::kPartial:
      return "partial";
    case Event::Kind::kIndication:
      return "indication";
    case Event::Kind::kCondition:
      return "condition";
    case Event::Kind::kVerdict:
      return "verdict";
    case Event::Kind::kComputed:
      return "computed";
    case Event::Kind::kBreakdown:
      return "breakdown";
    case Event::Kind::kStderr:
      return "stderr";
  }
  return "";
}

HistoryWriter::HistoryWriter(const std::filesystem::path& path)
    : path_(path), stream_(path, std::ios::binary | std::ios::trunc) {
  if (!stream_) {
    throw std::runtime_error(
        fmt::format("{} cannot be written: {}", path.string(), std::strerror(errno)));
  }
}

void HistoryWriter::line(const json& object) {
  stream_ << object.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
  check();
}

void HistoryWriter::flush() {
  stream_.flush();
  check();
}

void HistoryWriter::check() const {
  if (stream_) return;
  throw std::runtime_error(
      fmt::format("{} cannot be written: {}", path_.string(), std::strerror(errno)));
}

void HistoryWriter::header(const HistoryHeader& header) {
  line({{"history", 1},
        {"suite", header.suite_version},
        {"case_set", header.case_set},
        {"started", header.started},
        {"edition", header.edition},
        {"machine", header.machine},
        {"command_line", header.command_line},
        {"implementations", header.implementations}});
  flush();
}

void HistoryWriter::instance(const HistoryInstance& instance) {
  json body = {{"case", instance.case_id},
               {"axes", axes_json(instance.axes)},
               {"possible", instance.possible}};
  if (!instance.not_applicable.empty()) body["not_applicable"] = instance.not_applicable;
  line({{"instance", body}});
}

void HistoryWriter::begin(const ScheduleHistory& schedule) {
  line({{"schedule",
         {{"id", schedule.replay_id},
          {"case", schedule.case_id},
          {"axes", axes_json(schedule.axes)},
          {"order", schedule.order}}}});
}

void HistoryWriter::event(const Event& event) {
  line({{"t", event.at.count()},
        {"actor", event.actor},
        {"step", event.step},
        {std::string(to_string(event.kind)), event.body}});
}

void HistoryWriter::end(const ScheduleHistory& schedule) {
  line({{"schedule_end", {{"id", schedule.replay_id}, {"t", schedule.duration.count()}}}});
  flush();
}

void HistoryWriter::left_out(const HistoryInstance& instance, std::size_t schedules) {
  line({{"left_out",
         {{"case", instance.case_id},
          {"axes", axes_json(instance.axes)},
          {"schedules", schedules}}}});
}

void HistoryWriter::footer(std::size_t schedules, std::chrono::nanoseconds duration) {
  line({{"footer", {{"schedules", schedules}, {"t", duration.count()}}}});
  flush();
}

History read_history(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError({path.string(), 0, 0}, "cannot be read");
  Reader reader;
  std::string text;
  for (int number = 1; std::getline(stream, text); ++number) {
    const bool cut_off = stream.eof();  // no newline: it was being written when the run ended
    const json object = json::parse(text, nullptr, false);
    if (cut_off) break;
    if (!object.is_object()) throw InputError({path.string(), number, 0}, "is no JSON object");
    try {
      if (number == 1 && !object.contains("history")) throw std::runtime_error(kNoHeader);
      reader.line(object);
    } catch (const std::exception& error) {
      throw InputError({path.string(), number, 0}, error.what());
    }
  }
  if (!reader.has_header) throw InputError({path.string(), 1, 0}, kNoHeader);
  return std::move(reader.history);
}

}  // namespace ws2conform
