// history.jsonl: one JSON object a line, appended as the run goes.
//
//   {"history": 1, "suite": ..., ...}                       header, once
//   {"instance": {"case": ..., "axes": [[name, value], ...], "possible": N, "not_applicable":
//   reason?}}
//   {"schedule": {"id": ..., "case": ..., "axes": ..., "order": ...}}
//   {"t": nanoseconds, "actor": ..., "step": ..., "call": {...}}   one for each event, keyed by its
//   kind
//   {"schedule_end": {"id": ..., "t": nanoseconds}}
//   {"left_out": {"case": ..., "axes": ..., "schedules": N}}   after breakdowns the rest did not
//   run
//   {"footer": {"schedules": N, "t": nanoseconds}}           last; without it the run was cut off
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/history/event.hpp"

namespace ws2conform {

struct HistoryHeader {
  std::string suite_version;
  std::string case_set;
  std::string started;  // ISO 8601, UTC
  std::string edition;
  std::string machine;
  std::string command_line;
  // One for each role: {"role": "client", "iut": ..., "implementation": ..., "version": ...}
  nlohmann::json implementations = nlohmann::json::array();
};

// One case with one choice of axes, whether or not it ran.
struct HistoryInstance {
  std::string case_id;
  AxisChoice axes;
  std::uint64_t possible = 0;  // schedules that the partial order allows
  std::string not_applicable;  // the declared gap; empty when it applies
  std::size_t left_out = 0;    // schedules that were not run after several had broken adapters
};

struct History {
  HistoryHeader header;
  std::vector<HistoryInstance> instances;
  std::vector<ScheduleHistory> schedules;
  std::chrono::nanoseconds duration{};
  bool complete = false;  // has its footer
};

// Appends to a file. Throws std::runtime_error with path and reason when it cannot be written.
class HistoryWriter {
 public:
  explicit HistoryWriter(const std::filesystem::path& path);

  void header(const HistoryHeader& header);
  void instance(const HistoryInstance& instance);
  void begin(const ScheduleHistory& schedule);
  void event(const Event& event);
  void end(const ScheduleHistory& schedule);
  void left_out(const HistoryInstance& instance, std::size_t schedules);
  void footer(std::size_t schedules, std::chrono::nanoseconds duration);

 private:
  void line(const nlohmann::json& object);
  void flush();
  void check() const;

  std::filesystem::path path_;
  std::ofstream stream_;
};

// Throws InputError with file and line for a file that is no history; a last line that was cut off
// is no error but makes the history incomplete.
History read_history(const std::filesystem::path& path);

}  // namespace ws2conform
