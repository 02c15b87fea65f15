// Cases as they are written. Plain values, made by the loader and never changed afterwards.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/case/requirement.hpp"
#include "conformance/case/source.hpp"

namespace ws2conform {

// A field of a step as it stands in the file: scalars are strings, null is null.
struct Field {
  std::string name;
  nlohmann::json value;
  SourcePlace place;
};

// Another outcome that a step may have, if what causes it has happened.
struct Alternative {
  std::vector<Field> fields;  // `returns`, `error` and outcomes
  std::string because;        // the step whose call must have been made before
  SourcePlace place;
};

// One of the outcomes that an ambiguous requirement allows.
struct Reading {
  std::string name;                    // of the requirement's `readings`
  std::vector<Field> fields;           // outcomes: error, returns, and the operation's own
  std::optional<std::string> because;  // counts only if that step had its effect before
  SourcePlace place;
};

struct Step {
  std::string id;         // as written, or the step's ordinal
  std::string actor;      // "client", "server", or one of the case's own
  int lane = 1;           // of the actor: steps of two lanes are ordered by `after` alone
  std::string operation;  // a name of operations.hpp, or "$axis"
  std::vector<Field> fields;
  std::vector<Alternative> alternatives;
  std::vector<std::string> after;    // steps that must have happened
  std::optional<std::string> until;  // an initiating call stays pending until this step decides
  std::optional<std::string> by;     // an initiating call has returned once this step decided
  std::optional<std::string> requirement;
  std::vector<Reading> readings;  // where there are any, what comes back must be one of them
  std::vector<Field> windows;     // outcomes that replace the others in the Windows edition
  Provenance provenance = Provenance::kDocumented;
  SourcePlace place;
  bool opening = false;  // made from `given`
};

// Whether they run in the order written: of one actor, and in one lane of it.
inline bool in_one_lane(const Step& a, const Step& b) {
  return a.actor == b.actor && a.lane == b.lane;
}

// What the relay does to one direction of a client's connections.
struct RelayRule {
  enum class Kind { kSplit, kCoalesce, kDelay, kHold, kCut };
  Kind kind = Kind::kDelay;
  std::string sender;  // one of the two is "server"; "$axis" in what is not yet an instance
  std::string receiver;
  std::string value;                 // as written: octets ("$axis" for an axis), milliseconds
  std::string with = "reset";        // of kCut: how it ends, a CutEnd's name ("$axis" likewise)
  std::optional<std::string> from;   // from when that step begins; from the beginning where absent
  std::optional<std::string> until;  // of kHold: the step that ends it
  SourcePlace place;

  bool to_server() const { return receiver == "server"; }
  const std::string& client() const { return to_server() ? sender : receiver; }
};

// What must not be seen of an actor during a part of the case.
struct Prohibition {
  std::string actor;
  // A network event that is recorded; "condition": the condition function is called; "receive":
  // octets come; "recv-zero" and "WSAEDISCON": a receive shows the end.
  std::string operation;
  std::string socket;                // as written; empty: the actor's own
  std::optional<std::string> from;   // once that step is over; from the beginning where absent
  std::optional<std::string> until;  // before that step begins; to the end where absent
  std::optional<std::string> requirement;
  Provenance provenance = Provenance::kDocumented;
  SourcePlace place;

  const std::string& socket_name() const { return socket.empty() ? actor : socket; }
};

// In a case with rounds this name has the number of the round, from 1.
inline constexpr const char* kRound = "round";

// The steps again and again, without a reset in between.
struct Rounds {
  int count = 0;                           // 0: the steps are taken once, and nothing is counted
  std::map<std::string, long long> start;  // values that names have before the first round
};

struct Axis {
  std::string name;
  std::vector<std::string> values;
};

struct Case {
  std::string id;
  std::string title;
  std::string area;  // folder below the case directory
  std::vector<std::string> requirements;
  std::vector<std::string> needs;  // capabilities that every provider in it must claim
  std::vector<std::string> lacks;  // capabilities that none may claim
  std::string edition;             // the only edition it is about; empty: both
  std::vector<std::string> actors;
  std::vector<Axis> axes;
  std::string given;  // "nothing", "listener" or "connected"
  SourcePlace given_place;
  std::vector<RelayRule> relay;  // empty: the actors connect directly
  Rounds rounds;
  std::vector<Step> steps;
  std::vector<Prohibition> must_not;
  std::string notes;
  SourcePlace place;
};

// All case and requirement files of one directory.
struct CaseSet {
  std::vector<Case> cases;  // by area, then ID
  Requirements requirements;
  std::string hash;  // of the contents of all files, 16 hexadecimal digits
};

// One choice for each axis, in the case's order; the provider comes first.
using AxisChoice = std::vector<std::pair<std::string, std::string>>;

// "provider=stream,notice=FD_CLOSE"
std::string to_string(const AxisChoice& axes);

}  // namespace ws2conform
