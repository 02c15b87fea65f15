// The subcommands. Each returns the program's exit code; wrong input is thrown.
#pragma once

#include <string>
#include <vector>

#include "conformance/commands/options.hpp"

namespace ws2conform {

// Runs the cases. `arguments` are those of GoogleTest's that the command line had.
int run_command(const Options& options);

// Today's judge over histories (shards of one run): the verdicts, and which of them have changed.
int judge_command(const std::vector<std::string>& files, const Options& options);

// All reports from histories: those of one run (shards of it), or a comparison of several runs.
int report_command(const std::vector<std::string>& files, const std::string& folder,
                   const Options& options);

// The failures of histories (shards of one run) as a baseline: to standard output, or into `path`,
// which is changed no more than is needed where it is there already.
int baseline_command(const std::vector<std::string>& files, const std::string& path,
                     const Options& options);

// How many random walks a search takes, unless it is told otherwise.
constexpr std::size_t kDefaultWalks = 300;

// What the zoo command takes besides the options that it shares with run.
struct ZooOptions {
  std::vector<std::string> faults;    // globs over names; empty: all
  std::size_t instances = 2;          // of each case that a fault does not name
  std::size_t schedules = 1;          // of each of those
  std::string out;                    // zoo.json; empty: beside the program
  std::vector<std::string> readmes;   // files with the generated line
  bool check = false;                 // only say whether it is current
  bool explore = false;               // by random walks, and not by the cases
  bool resume = false;                // a search that was cut off
  std::size_t walks = kDefaultWalks;  // so many at most
};

// Every fault of the zoo under every case that reaches it; kViolated where something is not as it
// has to be.
int zoo_command(const Options& options, const ZooOptions& zoo);
int list_faults();

// "cases", "requirements", "iuts", "invariants" or "faults".
int list_command(const std::string& what, const Options& options);

// A case as the two-column table, with its schedules.
int show_command(const std::string& case_id, const Options& options);

// Requirements by cases, for each provider; kViolated when a requirement has neither case nor
// state. With histories (shards of one run): which cells of the reference's state table that run
// reached, too; throws InputError where it did not record them.
int coverage_command(bool as_json, const std::vector<std::string>& histories,
                     const Options& options);

// A full examination of the adapter of options.iut.
int doctor_command(const Options& options);

// The files given, or the whole case directory and all IUT files.
int lint_command(const std::vector<std::string>& files, const Options& options);

struct MatrixOptions {
  std::vector<std::string> iuts;        // as on the command line of `run`
  std::string reference = "reference";  // who settles whose fault it is
  std::string out;                      // folder; empty: matrix/ beside the program
};

// Every client with every server, and for what fails whose fault it is.
int matrix_command(const MatrixOptions& wanted, const Options& options);

// All schedules of the cases against the model of an implementation: what it can do and a case does
// not allow, and what a case allows and it can never do; kViolated for what is not justified.
// How much was explored of each case goes into `out`; where that is empty and nothing was left out,
// into model.json beside the program.
int model_command(const std::string& out, const Options& options);

// Random walks of calls on an implementation, judged by the model and the invariants: so many, or
// until one fails, which is made small and written into `folder` (default: walks/ beside the
// program).
int explore_command(std::size_t walks, const std::string& folder, const Options& options);

// One schedule again, with the whole conversation.
int replay_command(const std::string& id, const Options& options);

}  // namespace ws2conform
