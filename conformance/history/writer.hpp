// Appends a run to history.jsonl as it goes.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "conformance/history/history.hpp"

namespace ws2conform {

// Each record is with the operating system when the call that wrote it returns, so that a run that
// is killed keeps what it had. May be used by several threads. Everything throws std::runtime_error
// with path and reason when the file cannot be written.
class HistoryWriter {
 public:
  // Replaces what is there.
  explicit HistoryWriter(const std::filesystem::path& path);

  // Appends to a history that was cut off, of which the reader gave `end`.
  HistoryWriter(const std::filesystem::path& path, const HistoryEnd& end);

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

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void open(const char* mode);
  void line(const nlohmann::json& object);
  void text(std::string record);
  [[noreturn]] void fail() const;

  std::mutex mutex_;
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Closer> file_;  // without a buffer
  HistoryEnd end_;
};

}  // namespace ws2conform
