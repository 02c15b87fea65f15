// A run as history.jsonl holds it.
#pragma once

#include <cstdint>
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
  nlohmann::json options = nlohmann::json::object();  // seed, schedules, shard ... by name
  nlohmann::json baseline;                            // the known failures; null for none
};

// One case with one choice of axes that the run was to judge.
struct HistoryInstance {
  std::string case_id;
  AxisChoice axes;
  std::string asked;           // its asked_hash; empty: of a suite that did not tell
  std::size_t position = 0;    // among all that the run, shards together, is to judge
  std::uint64_t possible = 0;  // schedules that the partial order allows
  std::string not_applicable;  // the declared gap; empty when it applies
  std::size_t left_out = 0;    // schedules that were not run after several had broken adapters
  bool begun = false;
  bool ended = false;
  std::string verdict;  // what the run itself came to; empty while it has not ended

  std::string name() const { return case_id + "/" + to_string(axes); }
};

// Where the last record of a file ends, for whoever appends to it.
struct HistoryEnd {
  std::uintmax_t octets = 0;  // of whole records; what follows was cut off
  std::uint64_t sum = 0;
  std::size_t records = 0;
  std::size_t last_schedule = 0;  // the highest number given to one
};

struct History {
  std::string file;  // its name in messages
  HistoryHeader header;
  std::vector<HistoryInstance> instances;  // in the order they were planned
  // Those of a session that was cut off and then resumed are left out where they had not ended.
  std::vector<ScheduleHistory> schedules;
  std::chrono::nanoseconds duration{};
  bool complete = false;  // has its footer
  // Why it is not complete, a sentence each: "history.jsonl:812: the run was cut off here ...".
  std::vector<std::string> missing;
  HistoryEnd end;
};

}  // namespace ws2conform
