#include "conformance/commands/blame.hpp"

#include <algorithm>

namespace ws2conform {
namespace {

// Nothing is known of an instance that did not apply or stayed inconclusive.
enum class Outcome { kUnknown, kHolds, kFails };

Outcome outcome_of(const InstanceResult* instance) {
  if (instance == nullptr || instance->verdict == Verdict::kNotApplicable ||
      instance->verdict == Verdict::kInconclusive) {
    return Outcome::kUnknown;
  }
  return is_failing(*instance) ? Outcome::kFails : Outcome::kHolds;
}

bool is_open(const std::string& id, const Requirements& requirements) {
  const auto found = requirements.find(id);
  return found != requirements.end() &&
         (found->second.state == State::kSilent || found->second.state == State::kContradictory ||
          found->second.provenance == Provenance::kReferenceChoice);
}

// Whether everything that was violated is what the text leaves open.
bool is_silent(const InstanceResult& failing, const Requirements& requirements) {
  bool any = false;
  for (const ScheduleResult& schedule : failing.schedules) {
    for (const Violation& violation : schedule.violations) {
      any = true;
      const bool open = violation.provenance == Provenance::kReferenceChoice ||
                        (!violation.requirements.empty() &&
                         std::all_of(violation.requirements.begin(), violation.requirements.end(),
                                     [&](const auto& id) { return is_open(id, requirements); }));
      if (!open) return false;
    }
  }
  return any;
}

}  // namespace

std::string_view to_string(Blame blame) {
  switch (blame) {
    case Blame::kClient:
      return "client";
    case Blame::kServer:
      return "server";
    case Blame::kBoth:
      return "both";
    case Blame::kSilent:
      return "silent";
    case Blame::kUndecided:
      return "undecided";
  }
  return "";
}

bool is_failing(const InstanceResult& instance) {
  return instance.verdict == Verdict::kFail || instance.verdict == Verdict::kError;
}

Judgement assign_blame(const InstanceResult& failing, const AgainstReference& reference,
                       const Requirements& requirements) {
  if (is_silent(failing, requirements)) {
    return {Blame::kSilent, "the specification leaves open what is violated"};
  }
  if (outcome_of(reference.itself) == Outcome::kFails) {
    return {Blame::kUndecided, "the reference fails it with itself"};
  }
  const Outcome client = outcome_of(reference.client);
  const Outcome server = outcome_of(reference.server);
  if (client == Outcome::kFails && server == Outcome::kFails) {
    return {Blame::kBoth, "each fails it with the reference, too"};
  }
  if (client == Outcome::kFails) {
    return {Blame::kClient, "it fails with the reference as server, too"};
  }
  if (server == Outcome::kFails) {
    return {Blame::kServer, "it fails with the reference as client, too"};
  }
  if (client == Outcome::kHolds && server == Outcome::kHolds) {
    return {Blame::kSilent,
            "each holds with the reference; they agree with each other on nothing "
            "that the specification says"};
  }
  return {Blame::kUndecided, "it does not apply to both of them with the reference"};
}

}  // namespace ws2conform
