#include "conformance/history/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <fstream>
#include <map>
#include <semaphore>
#include <stdexcept>
#include <utility>

#include "conformance/case/json_line.hpp"
#include "conformance/case/source.hpp"
#include "conformance/history/pattern.hpp"
#include "conformance/history/records.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

constexpr std::size_t kMostWaiting = 16;  // schedules that are read and not yet taken
constexpr std::size_t kDeepest = 256;     // arrays and objects within one another
constexpr const char* kNoHeader = "is no history: the header is missing";

// Takes the body out of the line.
Event event_from(json& line) {
  Event event;
  event.at = std::chrono::nanoseconds(line.at("t").get<long long>());
  event.actor = line.at("actor");
  event.step = line.at("step");
  for (const Event::Kind kind : kEventKinds) {
    const auto body = line.find(to_string(kind));
    if (body == line.end()) continue;
    event.kind = kind;
    if (line.contains(kPattern)) put_back_pattern(*body, line.at(kPattern));
    event.body = std::move(*body);
    return event;
  }
  throw std::runtime_error("an event of no known kind");
}

class Reader {
 public:
  // One record, its seal checked. Throws std::exception for what makes no sense here.
  void line(json& object) {
    ended_ = nullptr;
    if (history.complete) throw std::runtime_error("a record after the footer");
    if (object.contains("history") && history.end.records > 0) {
      throw std::runtime_error("a second header");
    }
    if (object.contains("history")) {
      header(object);
    } else if (object.contains("planned")) {
      plan(object.at("planned"));
    } else if (object.contains("instance")) {
      begin(object.at("instance"));
    } else if (object.contains("instance_end")) {
      end(object.at("instance_end"));
    } else if (object.contains("resumed")) {
      drop_open_schedules();
    } else if (object.contains("footer")) {
      footer(object.at("footer"));
    } else {
      of_schedule(object);
    }
    ++history.end.records;
  }

  // The schedule that ended with the last record, if one did.
  ScheduleHistory* just_ended() { return ended_; }

  History history;

 private:
  void header(const json& object) {
    if (object.at("history") != 1 && object.at("history") != kHistoryVersion) {
      throw std::runtime_error(fmt::format("history version {}; this suite reads versions 1 and {}",
                                           object.at("history").dump(), kHistoryVersion));
    }
    history.header = {object.at("suite"),
                      object.at("case_set"),
                      object.at("started"),
                      object.at("edition"),
                      object.at("machine"),
                      object.at("command_line"),
                      object.at("implementations"),
                      object.at("options"),
                      object.value("baseline", json(nullptr))};
  }

  static std::string name_of(const json& body) {
    return body.at("case").get<std::string>() + "/" + to_string(axes_from(body.at("axes")));
  }

  void plan(const json& body) {
    if (!instances_.emplace(name_of(body), history.instances.size()).second) {
      throw std::runtime_error(name_of(body) + " is planned twice");
    }
    HistoryInstance instance;
    instance.case_id = body.at("case");
    instance.axes = axes_from(body.at("axes"));
    instance.position = body.at("position");
    instance.asked = body.value("asked", "");
    history.instances.push_back(std::move(instance));
  }

  HistoryInstance& planned(const json& body) {
    const auto found = instances_.find(name_of(body));
    if (found == instances_.end()) throw std::runtime_error(name_of(body) + " was not planned");
    return history.instances[found->second];
  }

  void begin(const json& body) {
    HistoryInstance& instance = planned(body);
    instance.begun = true;
    instance.possible = body.at("possible").get<std::uint64_t>();
    instance.not_applicable = body.value("not_applicable", "");
  }

  void end(const json& body) {
    HistoryInstance& instance = planned(body);
    instance.ended = true;
    instance.verdict = body.at("verdict");
    instance.left_out = body.value("left_out", std::size_t{0});
  }

  void of_schedule(json& object) {
    const std::size_t number = object.at("n");
    if (object.contains("schedule")) {
      const json& body = object.at("schedule");
      planned(body);
      if (number <= history.end.last_schedule) {
        throw std::runtime_error(fmt::format("a second schedule {}", number));
      }
      history.end.last_schedule = number;
      ScheduleHistory schedule;
      schedule.case_id = body.at("case");
      schedule.axes = axes_from(body.at("axes"));
      schedule.order = body.at("order");
      schedule.replay_id = body.at("id");
      open_[number] = history.schedules.size();
      history.schedules.push_back(std::move(schedule));
      return;
    }
    const auto found = open_.find(number);
    if (found == open_.end()) {
      throw std::runtime_error(fmt::format("an event of schedule {}, which is not open", number));
    }
    ScheduleHistory& schedule = history.schedules[found->second];
    if (!object.contains("schedule_end")) {
      schedule.events.push_back(event_from(object));
      return;
    }
    schedule.duration = std::chrono::nanoseconds(object.at("schedule_end").at("t"));
    schedule.complete = true;
    history.duration += schedule.duration;
    ended_ = &schedule;
    open_.erase(found);
  }

  void drop_open_schedules() {
    open_.clear();
    auto& all = history.schedules;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [](const ScheduleHistory& schedule) { return !schedule.complete; }),
              all.end());
  }

  void footer(const json& body) {
    if (body.at("records") != history.end.records ||
        body.at("schedules") != history.schedules.size() || !open_.empty()) {
      throw std::runtime_error(fmt::format(
          "the footer counts {} records and {} schedules; there are {} and {}, {} of them open",
          body.at("records").dump(), body.at("schedules").dump(), history.end.records,
          history.schedules.size(), open_.size()));
    }
    history.duration = std::chrono::nanoseconds(body.at("t"));
    history.complete = true;
  }

  std::map<std::string, std::size_t> instances_;  // by name: where in history.instances
  std::map<std::size_t, std::size_t> open_;       // by number: where in history.schedules
  ScheduleHistory* ended_ = nullptr;
};

// Without events it stays.
ScheduleHistory taken_out(ScheduleHistory& schedule) {
  std::vector<Event> events = std::move(schedule.events);
  schedule.events.clear();
  ScheduleHistory whole = schedule;
  whole.events = std::move(events);
  return whole;
}

std::string cut_off(const History& history) {
  const auto ended = std::count_if(history.instances.begin(), history.instances.end(),
                                   [](const HistoryInstance& instance) { return instance.ended; });
  return fmt::format("{}:{}: the run was cut off here: {} of {} cases with their axes had ended",
                     history.file, history.end.records, ended, history.instances.size());
}

using OnEnd = std::function<void(ScheduleHistory& ended)>;

void read_all(const std::filesystem::path& path, Reader& reader, const OnEnd& on_end) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError({path.string(), 0, 0}, "cannot be read");
  HistoryEnd& end = reader.history.end;
  end.sum = kUnsealed;
  std::string text;
  for (int number = 1; std::getline(stream, text); ++number) {
    if (stream.eof()) break;  // no newline: it was being written when the run ended
    json object = read_json(text, kDeepest).value;
    const auto place = [&] { return SourcePlace{path.string(), number, 0}; };
    if (!object.is_object()) throw InputError(place(), "is no JSON object");
    try {
      if (number == 1 && !object.contains("history")) throw std::runtime_error(kNoHeader);
      check_seal(text, end.sum);
      reader.line(object);
    } catch (const std::exception& error) {
      throw InputError(place(), error.what());
    }
    end.octets += text.size() + 1;
    if (ScheduleHistory* ended = reader.just_ended(); ended != nullptr) on_end(*ended);
  }
  if (end.records == 0) throw InputError({path.string(), 1, 0}, kNoHeader);
  for (ScheduleHistory& schedule : reader.history.schedules) {
    if (!schedule.complete) on_end(schedule);
  }
  if (!reader.history.complete) reader.history.missing.push_back(cut_off(reader.history));
}

// Hands schedules over in a thread of its own, one by one and in their order. What `take` throws
// ends that, and is thrown again by whatever is called next.
class Handover {
 public:
  using Take = std::function<void(const ScheduleHistory&)>;

  explicit Handover(Take take) : take_(std::move(take)) {}

  void put(ScheduleHistory schedule) {
    room_.acquire();
    if (failed_) std::rethrow_exception(failure_);
    boost::asio::post(thread_, [this, schedule = std::move(schedule)] {
      try {
        if (!failed_) take_(schedule);
      } catch (...) {
        failure_ = std::current_exception();
        failed_ = true;
      }
      room_.release();
    });
  }

  // Returns when all is taken.
  void finish() {
    thread_.join();
    if (failed_) std::rethrow_exception(failure_);
  }

 private:
  const Take take_;
  std::counting_semaphore<> room_{kMostWaiting};
  std::exception_ptr failure_;  // not touched any more once `failed_` is true
  std::atomic<bool> failed_ = false;
  boost::asio::thread_pool thread_{1};  // uses everything above
};

}  // namespace

History read_history(const std::filesystem::path& path) {
  Reader reader;
  reader.history.file = path.string();
  read_all(path, reader, [](ScheduleHistory&) {});
  return std::move(reader.history);
}

// Reading takes about as long as what is done with the schedules.
History read_history(const std::filesystem::path& path, const OnSchedule& on_schedule) {
  Reader reader;
  reader.history.file = path.string();
  History known;
  Handover handover([&](const ScheduleHistory& schedule) { on_schedule(known, schedule); });
  try {
    read_all(path, reader, [&](ScheduleHistory& ended) {
      if (known.file.empty()) {
        known.file = reader.history.file;
        known.header = reader.history.header;
      }
      handover.put(taken_out(ended));
    });
  } catch (...) {
    handover.finish();  // throws what was found further up in the file
    throw;
  }
  handover.finish();
  return std::move(reader.history);
}

}  // namespace ws2conform
