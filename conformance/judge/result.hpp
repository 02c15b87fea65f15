// What a run came to, in the form that reports are written from. Plain values; owns everything.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/case/requirement.hpp"
#include "conformance/history/event.hpp"
#include "conformance/judge/verdict.hpp"

namespace ws2conform {

// One violated expectation, invariant or order edge.
struct Violation {
  std::string check;  // "step 3 data", or an invariant's ID
  std::string step;   // the step it was seen at; empty for a whole-history check
  std::vector<std::string> requirements;  // IDs
  std::string file;                       // YAML file of the case, as shown to users
  int line = 0;                           // 1-based; 0 when no line is to blame
  std::string expected;
  std::string observed;
  std::string message;  // one sentence that names step, call, expected and observed
  Provenance provenance = Provenance::kDocumented;
};

// One step as it was expected and as it went, for the two-column table and the sequence diagram.
struct StepRecord {
  enum class Status { kMet, kViolated, kNotReached };

  std::string id;
  std::string actor;
  int lane = 1;          // of the actor
  std::string call;      // "WSASendDisconnect(client, data: \"3\")"
  std::string expected;  // "returns 0"
  std::string observed;  // "returns 0, data \"45\""; empty when not reached
  Event::Body reply;     // that came; `observed` has only what is said besides, see put_in_words
  Status status = Status::kNotReached;
  std::vector<std::string> after;  // IDs of the steps of other actors that must have happened
  std::string until;               // of the step before whose decision it must not return, if any
  int line = 0;                    // YAML line, 1-based
  std::string requirement;         // the one it shows; empty: any of the case's
  std::string reading;             // the reading of an ambiguous requirement that was seen
  bool opening = false;            // belongs to `given`, not to the case's own steps
  std::optional<std::chrono::nanoseconds> began;  // since the schedule's start
  std::optional<std::chrono::nanoseconds> ended;
};

// One line of the conversation with an adapter.
struct ConversationLine {
  std::chrono::nanoseconds at{};  // since the schedule's start
  std::string actor;
  std::string direction;  // ">" to the adapter, "<" from it, "!" its stderr or its end
  std::string text;
};

// A wait for what must not come, where no later event could tell that it will not.
struct Window {
  std::string step;
  std::chrono::nanoseconds length{};
};

// Something that the relay saw between an actor and itself, or between itself and the server.
struct WireMark {
  std::chrono::nanoseconds at{};  // since the schedule's start
  std::string from;               // actors
  std::string to;
  bool arrived = false;  // it went on to `to`; else it came from `from`
  std::string what;      // "8 octets", "FIN", "RST"
};

struct ScheduleResult {
  std::string replay_id;
  std::string order;  // the schedule in words: "1 2 3 5 6( 5a 6) 7 8"
  Verdict verdict = Verdict::kPass;
  std::string reason;  // why, when the verdict is inconclusive or error
  std::vector<Violation> violations;
  // In the order of the case. In a RunResult those of an instance's passing schedules but the first
  // are only the steps with a reading: ID, requirement and reading.
  std::vector<StepRecord> steps;
  std::vector<ConversationLine> conversation;  // empty for passing schedules unless asked for
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds slowest_opening{};  // of its opening's calls; 0 for none
  std::vector<Window> windows;                 // in the order of their calls
  std::vector<WireMark> wire;                  // in the order of time; of relayed cases
};

// One case with one choice of axes, under all its schedules.
struct InstanceResult {
  std::string case_id;
  std::string title;
  std::string area;  // folder below cases/
  std::string file;  // YAML file, as shown to users
  int line = 1;
  std::vector<std::string> requirements;                  // IDs
  std::vector<std::pair<std::string, std::string>> axes;  // in the case's order, provider first
  Verdict verdict = Verdict::kPass;
  std::string reason;  // why not applicable, inconclusive or error
  std::vector<ScheduleResult> schedules;
  std::size_t schedules_possible =
      0;  // how many the partial order allows; more than ran = a sample
};

struct ImplementationInfo {
  std::string role;  // "client", "server", or "client and server"
  std::string iut;   // name of the IUT file
  std::string implementation;
  std::string version;
};

struct RunResult {
  std::string suite_version;
  std::string case_set;  // hash of all case and requirement files
  std::string started;   // ISO 8601, UTC
  std::string edition;   // "documented" or "windows"
  std::string machine;
  std::string command_line;
  std::vector<ImplementationInfo> implementations;
  std::vector<InstanceResult> instances;
  std::map<std::string, Requirement> requirements;           // by ID, all of the ledger
  std::vector<std::pair<std::string, std::string>> options;  // what the run was asked for
  std::chrono::nanoseconds duration{};
  bool complete = true;  // false when the history has no footer: the run was cut off
  // Why it is not complete, a sentence each: where a file ends early, which shard is missing.
  std::vector<std::string> missing;
  // Lines of the baseline that fit nothing that applies: "file:line: why".
  std::vector<std::string> stale;

  Verdict verdict() const;  // worst over instances; kPass when there are none
};

}  // namespace ws2conform
