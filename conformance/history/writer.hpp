// Appends a run to history.jsonl as it goes.
#pragma once

#include <filesystem>
#include <fstream>
#include <mutex>

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
  void line(const nlohmann::json& object);
  void check() const;

  std::mutex mutex_;
  std::filesystem::path path_;
  std::ofstream stream_;
  HistoryEnd end_;
};

}  // namespace ws2conform
