// Follows one schedule event by event: which steps are met, what is violated, what has which value.
// Execution feeds it as the schedule runs, the offline judge from a file; so both see the same.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "conformance/case/bindings.hpp"
#include "conformance/case/instance.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/history/event.hpp"
#include "conformance/judge/invariants.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

class Progress {
 public:
  // `instance` must outlive it. `edition`: "documented" or "windows".
  Progress(const Instance& instance, std::string edition);

  void on(const Event& event);

  const Bindings& bindings() const { return bindings_; }

  // In the order they were seen.
  const std::vector<Violation>& violations() const { return violations_; }

  // Why the schedule says nothing about the IUT: the adapter or the harness broke. Empty if not.
  const std::string& error() const { return error_; }

  // Why the schedule could not go on although nobody is at fault: a step whose expectation binds
  // nobody went otherwise, and left the conversation where the case does not go on. Empty if not.
  const std::string& undecided() const { return undecided_; }

  // Nothing that comes later can be trusted to mean what the case means.
  bool stopped() const { return !violations_.empty() || !error_.empty() || !undecided_.empty(); }

  // All steps, opening first, as they went; what was called and expected is not in words yet.
  std::vector<StepRecord> records() const;
  StepRecord record(std::size_t number) const;  // from 0

  // The first step that nothing has come of; none where there is no such step.
  const Step* unreached() const;

  // How many have begun, in a case with rounds.
  int rounds() const { return round_; }

  Verdict verdict() const;

 private:
  struct Tracked {
    const Step* step;
    const Operation* operation;  // of the step
    std::size_t record;
    Event::Body request;                             // as sent
    std::optional<std::chrono::nanoseconds> effect;  // when others could have noticed it
  };

  using Positions = std::unordered_map<std::string_view, std::size_t>;  // in tracked_, by step

  void add(const Step& step, Positions& positions);
  void begin_round(int number);
  std::string round_text() const;
  std::string place_of(const Step& step) const;
  Tracked* find(const std::string& step_id);
  void on_call(Tracked& tracked, const Event& event);
  void on_outcome(Tracked& tracked, const Event& event);
  void on_condition(Tracked& tracked, const Event& event);
  void on_computed(Tracked& tracked, const Event& event);
  void on_breakdown(Tracked* tracked, const Event& event);
  void on_death(const Event& event);
  const Step* as_came(Tracked& tracked, const Event& event);
  void note_touched(const Tracked& tracked, const nlohmann::json& reply);
  void check_pending(Tracked& tracked, const Event& event);
  // An outcome that is not as written.
  struct Mismatch {
    std::string what;
    std::string expected;
    std::string observed;
  };

  void check_reply(Tracked& tracked, const nlohmann::json& reply);
  void check_readings(Tracked& tracked, const nlohmann::json& reply);
  bool had_effect(const std::string& step_id, std::chrono::nanoseconds by);
  std::optional<Mismatch> compare_reply(const Tracked& tracked, const std::vector<Field>& fields,
                                        const nlohmann::json& reply, Bindings& bindings);
  std::optional<Mismatch> compare_result(const Tracked& tracked, const std::vector<Field>& fields,
                                         const nlohmann::json& reply, const Bindings& bindings);
  std::optional<Mismatch> compare_outcomes(const Tracked& tracked, const std::vector<Field>& fields,
                                           const nlohmann::json& reply, Bindings& bindings);
  bool judged(Provenance provenance) const;
  void check_prohibitions(Tracked& tracked, const Event& event);
  bool forbids(const Prohibition& prohibition, const Event& event);
  void violate_for_good(Tracked& tracked, const std::string& what, const std::string& expected,
                        const std::string& observed);
  void violate(Tracked& tracked, const std::string& what, const std::string& expected,
               const std::string& observed);

  // Says where the violation of something that the case says was seen.
  Violation violation_of(const std::optional<std::string>& requirement, const SourcePlace& place,
                         Provenance provenance) const;

  const Instance& instance_;
  std::string edition_;
  std::vector<Tracked> tracked_;
  std::shared_ptr<const Positions> positions_;
  std::vector<StepRecord> records_;  // without what the steps say
  Bindings bindings_;
  int round_ = 0;                  // that has begun, in a case with rounds
  std::set<std::string> carried_;  // names that keep their values when the next begins
  std::deque<Step> alternatives_;  // steps as they came, where that is not their main outcome
  std::vector<Violation> violations_;
  std::string error_;
  std::string undecided_;
  Invariants invariants_;
};

}  // namespace ws2conform
