// A case's steps, walked with implementations that do as a test tells them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conformance/case/octets.hpp"
#include "conformance/case/tests/written.hpp"
#include "conformance/execution/tests/scripted.hpp"
#include "conformance/execution/walk.hpp"
#include "conformance/judge/judge.hpp"

namespace ws2conform {

using nlohmann::json;

inline json reply(const json& fields) {
  return json::array({{{"reply", fields}}});
}

class WalkTest : public testing::Test {
 protected:
  // The scripts of the two implementations.
  void play(const json& client = json::object(), const json& server = json::object()) {
    casting_ = {scripted_.iut("client", client), scripted_.iut("server", server)};
  }
  void answers(const json& client, const json& server = json::object()) {
    play({{"answers", client}}, {{"answers", server}});
  }

  // Walks the steps in the schedule that reads as `order`; in the order written where it is empty.
  ScheduleResult walk(const std::string& steps, const std::string& head = "",
                      const std::string& order = "") {
    const WrittenInstance written(with_steps(steps, head), "any");
    const std::vector<Step>& its_steps = written.instance.steps;
    Schedule schedule = opening_schedule(its_steps);
    for (const Schedule& other : schedules(its_steps, 1000, 0).schedules) {
      if (to_string(other, its_steps) == order) schedule = other;
    }
    if (!order.empty()) {
      EXPECT_EQ(to_string(schedule, its_steps), order);
    }
    sunk_.clear();
    const auto sink = [this](const Event& event) {
      sunk_.push_back(event);
      if (event.kind == Event::Kind::kPartial && --partials_until_held_up_ == 0) hold_up();
    };
    Walk walk(actors_, casting_, written.instance, {written.instance, "documented"}, sink);
    history_ = walk.run(schedule);
    return judge_schedule(written.instance, history_, "documented");
  }

  // The suite waits for its disk, or for a processor, longer than it waits for anybody.
  static void hold_up() {
    const auto until = host::Clock::now() + 2 * test_patience().call;
    while (host::Clock::now() < until) {
    }
  }

  // What the walk came to, in a line.
  static std::string outcome(const ScheduleResult& result) {
    std::string text(to_string(result.verdict));
    if (!result.violations.empty()) {
      const Violation& violation = result.violations.front();
      text += ": " + violation.check + ": expected " + violation.expected + ", observed " +
              violation.observed;
    } else if (!result.reason.empty()) {
      text += ": " + result.reason;
    }
    return text;
  }

  std::vector<json> bodies(Event::Kind kind, const std::string& step = "") const {
    std::vector<json> found;
    for (const Event& event : history_.events) {
      if (event.kind == kind && (step.empty() || event.step == step)) found.push_back(*event.body);
    }
    return found;
  }

  // An outcome that begins with `beginning`, after which the next schedule runs with whole
  // adapters.
  void expect_then_recovery(const std::string& steps, const std::string& beginning,
                            const std::string& head = "") {
    const std::string came = outcome(walk(steps, head));
    EXPECT_EQ(came.substr(0, beginning.size()), beginning) << came;
    EXPECT_EQ(outcome(walk("- {client: closesocket}\n- {server: closesocket}\n")), "pass");
  }

  ScriptedIuts scripted_;
  Casting casting_;
  Actors actors_{test_patience()};
  ScheduleHistory history_;
  std::vector<Event> sunk_;
  int partials_until_held_up_ = 0;
};

inline constexpr const char* kSend = "- {id: 1, client: send, data: abc}\n";

}  // namespace ws2conform
