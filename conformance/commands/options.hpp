// What the command line says, checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"
#include "runners/host/iut.hpp"

namespace ws2conform {

// Exit codes of the program.
enum ExitCode {
  kHolds = 0,             // every applicable requirement holds (known failures aside)
  kViolated = 1,          // something failed or passed unexpectedly, or an adapter broke on the way
  kWrongInput = 2,        // the command line, a case or a configuration is wrong
  kNotDriven = 3,         // the implementation could not be driven at all
  kInconclusiveExit = 4,  // nothing failed, but something stayed inconclusive
};

// One of several parts of a run.
struct Shard {
  int index = 1;  // from 1
  int total = 1;
};

struct Options {
  std::string iut = "reference";   // both roles
  std::string client;              // instead of iut, for the client's role
  std::string server;              // and the server's
  std::string cases;               // directory
  std::string filter = "*";        // glob over case IDs, "ID/axes" and areas
  std::string provider;            // empty: all
  std::string schedules = "1000";  // "all" or a count for each case and axes
  std::uint64_t seed = 1;          // of the sample where there are more
  std::string shard;               // "I/N"
  std::string edition = "documented";
  double time_factor = 1;
  std::string relay;            // what the relay does under every case; empty: it is under none
  std::string report;           // directory
  std::string baseline;         // file
  std::string format = "text";  // of what is printed: for run and report "github", for lint "sarif"
  std::string zoo;              // what `zoo` wrote; empty: the one beside the program, if any
  std::string model;            // what `model` wrote, likewise
  std::string matrix;           // what `matrix` wrote, for a comparison
  std::string resume;           // the history of a run that was cut off
  std::string gtest_filter = "*";
  std::size_t jobs = 0;  // 0: as many as there are cores
  std::string command_line;

  std::size_t job_count() const;
  // The cores that the jobs and their adapters stay on, one each.
  std::vector<int> job_cores() const;
  std::size_t schedule_limit() const;  // throws UsageError
  // From --shard, or as GoogleTest's own variables say; none for the whole. Throws UsageError.
  std::optional<Shard> the_shard() const;
};

// The command line asks for something that cannot be.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Folders of the build this program belongs to.
host::Places places();
std::filesystem::path default_cases();
std::filesystem::path default_report();

// Has GoogleTest take the part that --shard asks for. Throws UsageError.
void export_shard(const Options& options);

// Glob with * and ?.
bool matches(const std::string& pattern, const std::string& text);

// Whether a case with these axes is meant by `filter`.
bool selected(const std::string& filter, const Case& source, const AxisChoice& axes);

}  // namespace ws2conform
