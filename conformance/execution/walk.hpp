// Walks one schedule against the adapters and records what happened.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/execution/actors.hpp"
#include "conformance/history/event.hpp"
#include "conformance/judge/progress.hpp"
#include "conformance/schedule/schedule.hpp"
#include "runners/host/lateness.hpp"

namespace ws2conform {

// Which implementation plays which actor.
struct Casting {
  host::Iut client;
  host::Iut server;

  // The actor "server" is played by `server`, every other by `client`.
  const host::Iut& iut_of(const std::string& actor) const {
    return actor == "server" ? server : client;
  }
};

// Whether it is a call whose answer is its outcome, and during which nobody asks the suite.
bool is_one_call(const Step& step);

class Walk {
 public:
  using Sink = std::function<void(const Event&)>;

  // `progress`: of `instance`, which no event has been told. `sink` is told of every event when it
  // is recorded. Everything given must outlive the walk.
  Walk(Actors& actors, const Casting& casting, const Instance& instance, Progress progress,
       Sink sink);

  // Runs the opening and then `schedule`; stops at the first thing that is violated or broken.
  // Afterwards every adapter is clean, or gone. Throws CannotDrive when one cannot be started.
  ScheduleHistory run(const Schedule& schedule);

  // What has followed its events.
  const Progress& progress() const { return progress_; }

 private:
  struct Lane {
    long long open = 0;       // the request that is open; 0 for none
    Event::Body request;      // that one, or the one before, as recorded
    long long suspended = 0;  // the WSAAccept whose condition function is open; 0 for none
  };

  struct Role {
    const host::Iut* iut;
    std::size_t index;  // which of that IUT's adapters
    Actor* actor;
    bool tells_lanes = false;  // the case needs several
    std::string family;        // of its addresses
    std::string home;          // where it listens and is found, without a port
    std::map<int, Lane> lanes = {};
    bool gone = false;  // its process was ended by the case
  };

  // Of a wait that has timed out.
  struct Overtime {
    std::vector<host::Lateness> adapters;  // all, since it timed out first
    bool is_held_up = false;               // one of them, when last looked at
  };

  struct Sendable {
    std::string line;
    Event::Body body;              // for the record
    host::Clock::time_point at{};  // when it was sent
  };

  // A step whose call is made, or will be, before its answer is awaited.
  struct Asked {
    const Step* step;
    Sendable call;
    Lane lane;  // as it is while that is open
  };

  struct Fault {
    std::string kind;  // as of a breakdown
    std::string detail;
  };

  void cast();
  void check_silence();
  void take_what_came();
  void open();
  std::vector<const Step*> stretch_of(const Schedule& schedule, std::size_t from,
                                      const std::vector<Step>& steps) const;
  bool is_alone(const std::string& actor) const;
  std::vector<Asked> ask_at_once(const std::vector<const Step*>& steps);
  std::size_t take_ahead(const std::vector<const Step*>& steps);
  void walk(const Schedule& schedule, const std::vector<Step>& steps);
  template <typename Action>
  void attempt(const Step& step, const Action& action) {
    try {
      action();
    } catch (const InputError& error) {
      // The case cannot go on with what the IUT gave it: a $name that does not fit its use.
      broke(step.actor, step.id, "stuck", error.what());
    } catch (const relay::RelayError& error) {
      broke(step.actor, step.id, "relay", error.what());
    }
  }
  void walk_rounds();
  void name_for_round(const std::string& actor, nlohmann::json& request);
  void take(const ScheduleItem& item, const Step& step);
  void take_together(const Step& first, const Step& second);
  void issue(const Step& step, bool announce);
  void finish(const Step& step);
  void compute(const Step& step);
  void answer_condition(const Step& step);
  void decide(const Step& step);
  void give_verdict(const Step& step);
  void tell_limits(const Step& step);
  void vanish(const Step& step);
  std::chrono::milliseconds moment() const;
  bool has_overtime(Overtime& overtime) const;
  void look(Overtime& overtime, const Step& step);
  void finish_wait(const Step& step);
  void finish_indication(const Step& step);
  void finish_receive(const Step& step, Event::Body reply);
  void finish_repeated(const Step& step, nlohmann::json last);
  nlohmann::json request_of(const Step& step) const;
  nlohmann::json request_to_make(const Step& step);  // and notes what it selects events for
  std::chrono::milliseconds window() const;
  void wait_for_event(const Step& step, host::Clock::time_point deadline, bool announce);

  void send(const Step& step, nlohmann::json request, Event::Kind kind, bool announce);
  // What is left is to record it and to send its line.
  Sendable prepared(const Step& step, nlohmann::json request, Event::Kind kind, bool announce);
  // The reply to the open request of the step's lane and when it came, or nothing when the
  // conversation broke (which is then recorded).
  std::optional<std::pair<host::Clock::time_point, Event::Body>> answer(
      const Step& step, host::Clock::time_point deadline);
  // The same, recorded.
  std::optional<Event::Body> reply(const Step& step, Event::Kind kind,
                                   host::Clock::time_point deadline);
  std::optional<host::Message> receive(const Step& step, host::Clock::time_point deadline);
  void broke(const std::string& actor, const std::string& step, const std::string& kind,
             const std::string& detail);
  void record(Event::Kind kind, host::Clock::time_point at, const std::string& actor,
              const std::string& step, Event::Body body);
  void look_for_dead();
  void clean_up();
  std::map<std::string, Fault> reset(const std::vector<std::string>& actors);
  host::Clock::time_point deadline() const;
  host::Clock::time_point answer_deadline(const nlohmann::json& request) const;
  Role& role_of(const Step& step);
  Lane& lane_of(const Step& step) { return role_of(step).lanes[step.lane]; }

  Actors& actors_;
  Relaying& relaying_;
  const Casting& casting_;
  const Instance& instance_;
  Sink sink_;
  Progress progress_;
  ScheduleHistory history_;
  host::Clock::time_point start_;
  std::map<std::string, Role> roles_;             // by actor
  std::pair<const Step*, Role*> last_role_ = {};  // that was asked for, and of which step
  std::string running_;                           // the step whose outcome is awaited
  // Network events enumerated and not yet claimed by a step, by actor and socket: event -> error.
  std::map<std::pair<std::string, std::string>, std::map<std::string, nlohmann::json>> unclaimed_;
  std::map<std::pair<std::string, std::string>, std::string> event_objects_;  // by actor and socket
  int round_ = 0;  // that is going on, in a case with rounds
  std::map<std::string, std::map<std::string, std::string>> latest_names_;  // by actor, and name
};

}  // namespace ws2conform
