#include "conformance/history/writer.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "conformance/case/json_line.hpp"
#include "conformance/history/pattern.hpp"
#include "conformance/history/records.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

constexpr std::size_t kMostHeldBack = 64 * 1024;  // octets
constexpr std::size_t kUsual = 384;               // octets, of an event's record with its seal

json instance_json(const std::string& case_id, const AxisChoice& axes) {
  return {{"case", case_id}, {"axes", axes_json(axes)}};
}

}  // namespace

HistoryWriter::HistoryWriter(const std::filesystem::path& path) : path_(path) {
  end_.sum = kUnsealed;
  open("wbe");
}

HistoryWriter::HistoryWriter(const std::filesystem::path& path, const HistoryEnd& end)
    : path_(path), end_(end) {
  std::error_code error;
  std::filesystem::resize_file(path, end.octets, error);
  if (error) {
    throw std::runtime_error(
        fmt::format("{} cannot be written: {}", path.string(), error.message()));
  }
  open("abe");
}

void HistoryWriter::open(const char* mode) {
  file_.reset(std::fopen(path_.c_str(), mode));
  if (!file_) {
    error_ = errno;
    fail();
  }
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  held_back_.reserve(kMostHeldBack + kUsual);
  flusher_ = std::jthread([this](const std::stop_token& stop) { flush_later(stop); });
}

HistoryWriter::~HistoryWriter() {
  const std::lock_guard lock(mutex_);
  write_out();
}

void HistoryWriter::line(const json& object) {
  record([&](std::string& text) { append_json(text, object); });
}

void HistoryWriter::line_now(const json& object) {
  line(object);
  write_out();
  check();
}

// `append` appends a record's text to what it is given.
template <typename Append>
void HistoryWriter::record(const Append& append) {
  check();
  const bool is_first = held_back_.empty();
  const std::size_t begin = held_back_.size();
  append(held_back_);
  seal(held_back_, begin, end_.sum);
  held_back_ += '\n';
  ++end_.records;
  if (held_back_.size() >= kMostHeldBack) {
    write_out();
    check();
  } else if (is_first && !is_timed_) {
    is_held_back_.notify_one();
  }
}

void HistoryWriter::flush() {
  const std::lock_guard lock(mutex_);
  check();
  write_out();
  check();
}

void HistoryWriter::write_out() {
  if (error_ == 0 &&
      std::fwrite(held_back_.data(), 1, held_back_.size(), file_.get()) != held_back_.size()) {
    error_ = errno;
  }
  held_back_.clear();
}

// In a thread of its own. Many records come in the time that the first of them is held back; those
// that come while it runs are written at its end, whether or not the first has been by then.
void HistoryWriter::flush_later(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (is_held_back_.wait(lock, stop, [this] { return !held_back_.empty(); })) {
    is_timed_ = true;
    is_held_back_.wait_for(lock, stop, kLatest, [] { return false; });
    is_timed_ = false;
    if (stop.stop_requested()) return;
    write_out();
  }
}

void HistoryWriter::check() const {
  if (error_ != 0) fail();
}

void HistoryWriter::fail() const {
  throw std::runtime_error(
      fmt::format("{} cannot be written: {}", path_.string(), std::strerror(error_)));
}

void HistoryWriter::header(const HistoryHeader& header) {
  const std::lock_guard lock(mutex_);
  json record = {{"history", kHistoryVersion},
                 {"suite", header.suite_version},
                 {"case_set", header.case_set},
                 {"started", header.started},
                 {"edition", header.edition},
                 {"machine", header.machine},
                 {"command_line", header.command_line},
                 {"options", header.options},
                 {"implementations", header.implementations}};
  if (!header.baseline.is_null()) record["baseline"] = header.baseline;
  line_now(record);
}

void HistoryWriter::resumed(const std::string& started, const std::string& command_line) {
  const std::lock_guard lock(mutex_);
  line_now({{"resumed", {{"started", started}, {"command_line", command_line}}}});
}

void HistoryWriter::planned(const HistoryInstance& instance) {
  json body = instance_json(instance.case_id, instance.axes);
  body["position"] = instance.position;
  if (!instance.asked.empty()) body["asked"] = instance.asked;
  const std::lock_guard lock(mutex_);
  line({{"planned", body}});
}

void HistoryWriter::begin(const HistoryInstance& instance) {
  json body = instance_json(instance.case_id, instance.axes);
  body["possible"] = instance.possible;
  if (!instance.not_applicable.empty()) body["not_applicable"] = instance.not_applicable;
  const std::lock_guard lock(mutex_);
  line({{"instance", body}});
}

void HistoryWriter::end(const HistoryInstance& instance) {
  json body = instance_json(instance.case_id, instance.axes);
  body["verdict"] = instance.verdict;
  if (instance.left_out > 0) body["left_out"] = instance.left_out;
  const std::lock_guard lock(mutex_);
  line_now({{"instance_end", body}});
}

std::size_t HistoryWriter::begin(const ScheduleHistory& schedule) {
  json body = instance_json(schedule.case_id, schedule.axes);
  body["id"] = schedule.replay_id;
  body["order"] = schedule.order;
  const std::lock_guard lock(mutex_);
  const std::size_t number = ++end_.last_schedule;
  record([&](std::string& text) {
    text += R"({"n":)";
    append_json(text, number);
    text += R"(,"schedule":)";
    append_json(text, body);
    text += '}';
  });
  return number;
}

// There are many of these: no object is made of what is to be a line.
void HistoryWriter::event(std::size_t schedule, const Event& event) {
  const json pattern = pattern_of(*event.body);
  const std::lock_guard lock(mutex_);
  record([&](std::string& text) {
    text += R"({"n":)";
    append_json(text, schedule);
    text += R"(,"t":)";
    append_json(text, event.at.count());
    text += R"(,"actor":)";
    append_json_text(text, event.actor);
    text += R"(,"step":)";
    append_json_text(text, event.step);
    text += ",\"";
    text += to_string(event.kind);
    text += "\":";
    if (pattern.is_null()) {
      event.body.append_to(text);
    } else {
      json body = *event.body;
      body.erase("data");
      append_json(text, body);
      text += fmt::format(R"(,"{}":)", kPattern);
      append_json(text, pattern);
    }
    text += '}';
  });
}

void HistoryWriter::end(std::size_t schedule, const ScheduleHistory& history) {
  const std::lock_guard lock(mutex_);
  record([&](std::string& text) {
    text += R"({"n":)";
    append_json(text, schedule);
    text += R"(,"schedule_end":{"id":)";
    append_json_text(text, history.replay_id);
    text += R"(,"t":)";
    append_json(text, history.duration.count());
    text += "}}";
  });
}

void HistoryWriter::footer(std::size_t schedules, std::chrono::nanoseconds duration) {
  const std::lock_guard lock(mutex_);
  line_now(
      {{"footer", {{"records", end_.records}, {"schedules", schedules}, {"t", duration.count()}}}});
}

}  // namespace ws2conform
