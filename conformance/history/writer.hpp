// Appends a run to history.jsonl as it goes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "conformance/history/history.hpp"

namespace ws2conform {

// A record is with the operating system kLatest after the call that gave it, so that a run that is
// killed keeps what it had but for that moment; headers, footers and ends of instances are when the
// call returns. May be used by several threads. Everything throws std::runtime_error with path and
// reason when the file cannot be written, also where that was found out after an earlier call.
class HistoryWriter {
 public:
  static constexpr std::chrono::milliseconds kLatest{100};

  // Replaces what is there.
  explicit HistoryWriter(const std::filesystem::path& path);

  // Appends to a history that was cut off, of which the reader gave `end`.
  HistoryWriter(const std::filesystem::path& path, const HistoryEnd& end);
  ~HistoryWriter();

  void header(const HistoryHeader& header);
  // The first record of a later session.
  void resumed(const std::string& started, const std::string& command_line);
  void planned(const HistoryInstance& instance);
  void begin(const HistoryInstance& instance);
  void end(const HistoryInstance& instance);

  // Returns the schedule's number, by which its events are known.
  std::size_t begin(const ScheduleHistory& schedule);
  void event(std::size_t schedule, const Event& event);
  void end(std::size_t schedule, const ScheduleHistory& history);

  void footer(std::size_t schedules, std::chrono::nanoseconds duration);

  // Writes what is held back. Whoever ends without a footer learns only here that it was lost.
  void flush();

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void open(const char* mode);
  void line(const nlohmann::json& object);
  void line_now(const nlohmann::json& object);
  template <typename Append>
  void record(const Append& append);
  void write_out();
  void flush_later(const std::stop_token& stop);
  void check() const;
  [[noreturn]] void fail() const;

  std::mutex mutex_;
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Closer> file_;
  HistoryEnd end_;
  int error_ = 0;          // the errno of a record that is lost: nothing is written after it
  std::string held_back_;  // records that are not with the operating system yet
  bool is_timed_ = false;  // those will be without another word
  std::condition_variable_any is_held_back_;
  std::jthread flusher_;  // uses everything above
};

}  // namespace ws2conform
