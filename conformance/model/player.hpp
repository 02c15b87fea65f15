// Plays the schedules of one case against the model, as execution's Walk plays one against
// adapters. Copyable at every point; what comes next is somebody else's choice.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/judge/progress.hpp"
#include "conformance/model/net.hpp"
#include "conformance/schedule/plan.hpp"

namespace ws2conform::model {

// One thing that can come next.
struct Move {
  enum class Kind {
    kHappening,  // something arrives
    kArrival,    // an actor's call returns, or calls the condition function
    kItem,       // the suite goes on
  };
  Kind kind = Kind::kItem;
  Happening happening = {};
  std::string actor = {};
  ScheduleItem item = {};
};

class Player {
 public:
  // Runs the opening at once, everything being delivered as soon as it can be. `instance` and
  // `plan` (of its steps) must outlive it. Throws Outside.
  // `judges`: the case's own steps are held against what they expect, and give names their values.
  Player(const Instance& instance, const Plan& plan, const std::string& edition,
         const ws2::Limits& limits, bool judges = true);

  // None where a violation has stopped it, where it is finished, and where somebody waits in vain.
  std::vector<Move> moves() const;
  // Throws Outside, and InputError for a value that does not fit its use.
  void make(const Move& move);

  bool finished() const { return !active_ && plan_->finished(state_); }
  // The step whose outcome is awaited.
  std::optional<std::size_t> awaited() const;
  const Progress& progress() const { return progress_; }
  const Net& net() const { return net_; }
  // The step's record, the opening's not counted.
  StepRecord record(std::size_t step) const {
    return progress_.record(instance_->opening.size() + step);
  }
  // Steps that have come to their outcome by the last move.
  const std::vector<std::size_t>& just_done() const { return just_done_; }

  // What the step that was the last to be done came to, as a reply.
  const nlohmann::json& outcome() const { return outcome_; }

  // Equal octets, equal future.
  void write_state(ws2::StateWriter& out) const;

 private:
  using json = nlohmann::json;
  struct Active {
    ScheduleItem item;
    json request = {};     // the call that is awaited, of several
    std::string received;  // octets, of a `receive`
  };
  struct Message {
    json body;
    std::chrono::nanoseconds at{};
    Plan::State when = {};  // which steps had begun when it came
  };

  const Step& step(const ScheduleItem& item) const { return (*steps_)[item.step]; }
  void run_opening();
  void take(const ScheduleItem& item);
  void issue(const Step& step, json request);
  void begin(const Step& step);
  void arrive(const std::string& actor);
  void arrive_if_ready(const std::string& actor);
  // Goes on with the active item as far as it can.
  void advance();
  bool advance_indication(const Step& step, Message message);
  bool advance_receive(const Step& step, const Message& message);
  bool advance_condition(const Step& step, const Message& message);
  void complete();
  void wait_for_event(const Step& step);
  void record(Event::Kind kind, std::chrono::nanoseconds at, const Step& step, json body);
  std::chrono::nanoseconds tick() { return std::chrono::nanoseconds(++clock_); }

  const Instance* instance_;
  const Plan* plan_;
  const std::vector<Step>* steps_;  // of the opening first
  Net net_;
  Progress progress_;
  Plan::State state_;
  std::optional<Active> active_;
  std::map<std::string, Message> mailbox_;  // answers that nobody has asked for yet, by actor
  std::map<std::pair<std::string, std::string>, std::map<std::string, json>> unclaimed_;
  std::map<std::pair<std::string, std::string>, std::string> event_objects_;
  std::map<std::string, std::string> asked_;  // the operation of each actor's open request
  std::vector<std::size_t> just_done_;
  bool judges_;
  std::string family_;
  json outcome_;
  long long clock_ = 0;
  long long next_id_ = 0;
  std::map<std::string, long long> open_;  // request ID by actor
  std::map<std::string, long long> suspended_;
};

}  // namespace ws2conform::model
