#include "conformance/judge/judge.hpp"

#include <gtest/gtest.h>

#include "conformance/case/asked.hpp"
#include "conformance/case/tests/written.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/history/writer.hpp"
#include "conformance/judge/tests/script.hpp"

namespace ws2conform::judge_test {
namespace {

using nlohmann::json;
using std::chrono::nanoseconds;

constexpr const char* kTwoSends =
    "- {id: 1, client: send, data: abc, requirement: REQ-2}\n- {id: 2, client: send, data: d}\n";

json send_of(const std::string& octets) {
  return {{"op", "send"}, {"socket", "client"}, {"data", octets}};
}

Script both_sent() {
  Script script;
  script.done("client", "1", send_of("YWJj"), {{"returns", 3}})
      .done("client", "2", send_of("ZA=="), {{"returns", 1}});
  return script;
}

Script first_failed() {
  Script script;
  script.call("client", "1", send_of("YWJj"))
      .stderr_text("client", "1", "warning\n")
      .returns("client", "1", {{"error", "WSAENOTCONN"}});
  return script;
}

ScheduleHistory history_of(const Script& script, const AxisChoice& axes = {{"provider", "tcp"}}) {
  ScheduleHistory history;
  history.case_id = "a-case";
  history.axes = axes;
  history.order = "1 2";
  history.replay_id = "ABCDEFGH";
  history.events = script.events();
  history.duration = nanoseconds(500);
  history.complete = true;
  return history;
}

TEST(JudgeSchedule, ItsStepsSayWhatIsCalledAndExpected) {
  const WrittenInstance written(
      with_steps("- {client: WSAConnect, caller_data: hi, callee_capacity: 16, callee_data: \"\", "
                 "until: 2}\n"
                 "- {id: 2, server: FD_ACCEPT, socket: listener, error: 0, after: 1}\n"
                 "- {server: compute, sum: 1 + 2}\n"
                 "- {server: recv, error: WSAEINVAL}\n"),
      "tcp");
  const std::vector<StepRecord> steps =
      judge_schedule(written.instance, history_of(Script()), "documented").steps;
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(steps[0].call, "WSAConnect(caller_data: \"hi\", callee_capacity: 16)");
  EXPECT_EQ(steps[0].expected, "returns 0, callee_data \"\", pending until step 2");
  EXPECT_EQ(steps[1].call, "FD_ACCEPT(socket: listener)");
  EXPECT_EQ(steps[1].expected, "error 0");
  EXPECT_EQ(steps[1].after, std::vector<std::string>{"1"});
  EXPECT_EQ(steps[1].line, 6);
  EXPECT_EQ(steps[2].call, "compute(sum: 1 + 2)");
  EXPECT_EQ(steps[3].expected, "fails with WSAEINVAL");
}

TEST(JudgeSchedule, PassesWhatIsAsTheCaseSays) {
  const WrittenInstance written(with_steps(kTwoSends), "tcp");
  const ScheduleResult result =
      judge_schedule(written.instance, history_of(both_sent()), "documented");
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.reason, "");
  EXPECT_EQ(result.replay_id, "ABCDEFGH");
  EXPECT_EQ(result.order, "1 2");
  EXPECT_EQ(result.duration, nanoseconds(500));
  EXPECT_EQ(result.steps.size(), 2U);
  EXPECT_TRUE(result.conversation.empty());
}

TEST(JudgeSchedule, FailsWithTheWholeConversation) {
  const WrittenInstance written(with_steps(kTwoSends), "tcp");
  const ScheduleResult result =
      judge_schedule(written.instance, history_of(first_failed()), "documented");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  ASSERT_EQ(result.violations.size(), 1U);
  EXPECT_EQ(result.violations[0].line, 5);
  ASSERT_EQ(result.conversation.size(), 3U);
  EXPECT_EQ(result.conversation[0].direction, ">");
  EXPECT_EQ(json::parse(result.conversation[0].text).at("op"), "send");
  EXPECT_EQ(result.conversation[1].direction, "!");
  EXPECT_EQ(result.conversation[1].text, "warning\n");
  EXPECT_EQ(result.conversation[2].direction, "<");
  EXPECT_EQ(result.conversation[2].actor, "client");
}

TEST(JudgeSchedule, TheSuitesOwnDoingsAreNoConversation) {
  const WrittenInstance written(with_steps("- {client: compute, a: 1}\n- {client: FD_CLOSE}\n"),
                                "tcp");
  Script script;
  script.computed("client", "1", {{"a", 1}}).indication("client", "2", {{"event", "not recorded"}});
  const ScheduleResult result = judge_schedule(written.instance, history_of(script), "documented");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_TRUE(result.conversation.empty());
}

TEST(JudgeSchedule, ABreakdownIsAnErrorWithItsReason) {
  const WrittenInstance written(with_steps(kTwoSends), "tcp");
  Script script;
  script.call("client", "1", send_of("YWJj")).breakdown("client", "1", "crashed", "signal 11");
  const ScheduleResult result = judge_schedule(written.instance, history_of(script), "documented");
  EXPECT_EQ(result.verdict, Verdict::kError);
  EXPECT_NE(result.reason.find("crashed: signal 11"), std::string::npos);
  EXPECT_EQ(result.conversation.back().direction, "!");
  EXPECT_EQ(result.conversation.back().text, "crashed: signal 11");
}

TEST(JudgeSchedule, CutOffWithoutAViolationIsInconclusive) {
  const WrittenInstance written(with_steps(kTwoSends), "tcp");
  ScheduleHistory history = history_of(both_sent());
  history.complete = false;
  const ScheduleResult result = judge_schedule(written.instance, history, "documented");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_EQ(result.reason, "the run was cut off in the middle of this schedule");
  history = history_of(first_failed());
  history.complete = false;
  EXPECT_EQ(judge_schedule(written.instance, history, "documented").verdict, Verdict::kFail);
}

TEST(JudgeSchedule, AStepThatWasNotReachedIsNoPass) {
  const WrittenInstance written(with_steps(kTwoSends), "tcp");
  Script script;
  script.done("client", "1", send_of("YWJj"), {{"returns", 3}});
  const ScheduleResult result = judge_schedule(written.instance, history_of(script), "documented");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_EQ(result.reason, "step 2 was not reached");
}

TEST(JudgeSchedule, TheEditionDecidesWhetherWindowsIsHeldAgainstAnybody) {
  const WrittenInstance written(
      with_steps("- {id: 1, client: send, data: abc, provenance: windows}\n"), "tcp");
  const ScheduleHistory history = history_of(first_failed());
  EXPECT_EQ(judge_schedule(written.instance, history, "documented").verdict, Verdict::kPass);
  EXPECT_EQ(judge_schedule(written.instance, history, "windows").verdict, Verdict::kFail);
}

class JudgeHistory : public testing::Test {
 protected:
  JudgeHistory() {
    cases_.cases.push_back(case_of(with_steps(kTwoSends, "axes: {way: [one, other]}")));
    cases_.requirements["REQ-1"].id = "REQ-1";
    history_.file = "x.jsonl";
    history_.header.edition = "documented";
    history_.header.suite_version = "1.2.3";
    history_.header.implementations = json::array(
        {{{"role", "client"}, {"iut", "x"}, {"implementation", "X"}, {"version", "9"}}});
    history_.complete = true;
  }

  static AxisChoice axes(const std::string& way) { return {{"provider", "tcp"}, {"way", way}}; }

  // What is planned, has begun and has ended.
  HistoryInstance& instance(const std::string& way, const std::string& case_id = "a-case") {
    HistoryInstance made;
    made.case_id = case_id;
    made.axes = axes(way);
    made.possible = 1;
    made.begun = made.ended = true;
    history_.instances.push_back(made);
    return history_.instances.back();
  }

  void ran(const std::string& way, const Script& script) {
    instance(way);
    history_.schedules.push_back(history_of(script, axes(way)));
  }

  CaseSet cases_;
  History history_;
};

TEST_F(JudgeHistory, JudgesEachInstanceByItsSchedules) {
  ran("one", both_sent());
  ran("other", first_failed());
  const RunResult run = judge_history(cases_, history_);
  ASSERT_EQ(run.instances.size(), 2U);
  EXPECT_EQ(run.instances[0].verdict, Verdict::kPass);
  EXPECT_EQ(run.instances[0].title, "A case for a test");
  EXPECT_EQ(run.instances[0].area, "area");
  EXPECT_EQ(run.instances[0].file, "case.yaml");
  EXPECT_EQ(run.instances[0].axes, axes("one"));
  EXPECT_EQ(run.instances[0].schedules_possible, 1U);
  EXPECT_EQ(run.instances[1].verdict, Verdict::kFail);
  EXPECT_EQ(run.instances[1].reason, run.instances[1].schedules[0].violations[0].message);
  EXPECT_EQ(run.verdict(), Verdict::kFail);
  EXPECT_EQ(run.suite_version, "1.2.3");
  EXPECT_EQ(run.requirements.count("REQ-1"), 1U);
  ASSERT_EQ(run.implementations.size(), 1U);
  EXPECT_EQ(run.implementations[0].implementation, "X");
  EXPECT_TRUE(run.complete);
}

TEST_F(JudgeHistory, TheWorstScheduleIsTheInstances) {
  ran("one", both_sent());
  history_.schedules.push_back(history_of(first_failed(), axes("one")));
  history_.schedules.push_back(history_of(both_sent(), axes("one")));
  const RunResult run = judge_history(cases_, history_);
  ASSERT_EQ(run.instances.size(), 1U);
  EXPECT_EQ(run.instances[0].schedules.size(), 3U);
  EXPECT_EQ(run.instances[0].verdict, Verdict::kFail);
}

TEST_F(JudgeHistory, StepsOfFurtherPassingSchedulesAreNotKeptButTheirReadingsAre) {
  cases_.cases.front() =
      case_of(with_steps("- {id: 1, client: send, data: abc}\n"
                         "- {id: 2, client: recv, requirement: REQ-2,\n"
                         "   readings: {zero: {returns: 0}, reset: {error: WSAECONNRESET}}}\n",
                         "axes: {way: [one, other]}"));
  const auto ended = [](const json& last) {
    Script script;
    script.done("client", "1", send_of("YWJj"), {{"returns", 3}})
        .done("client", "2", {{"op", "recv"}, {"socket", "client"}, {"length", 9}}, last);
    return script;
  };
  ran("one", ended({{"returns", 0}, {"data", ""}}));
  for (const char* error : {"WSAEINVAL", "WSAECONNRESET"}) {
    history_.schedules.push_back(history_of(ended({{"error", error}}), axes("one")));
  }
  const std::vector<ScheduleResult> schedules =
      judge_history(cases_, history_).instances.at(0).schedules;
  ASSERT_EQ(schedules.size(), 3U);
  EXPECT_EQ(schedules[0].steps.size(), 2U);
  EXPECT_EQ(schedules[1].verdict, Verdict::kFail);
  EXPECT_EQ(schedules[1].steps.size(), 2U);
  EXPECT_EQ(schedules[2].verdict, Verdict::kPass);
  ASSERT_EQ(schedules[2].steps.size(), 1U);
  EXPECT_EQ(schedules[2].steps[0].id, "2");
  EXPECT_EQ(schedules[2].steps[0].requirement, "REQ-2");
  EXPECT_EQ(schedules[2].steps[0].reading, "reset");
}

TEST_F(JudgeHistory, ADeclaredGapIsNotApplicableWithItsReason) {
  instance("one").not_applicable = "tcp does not claim events";
  const RunResult run = judge_history(cases_, history_);
  EXPECT_EQ(run.instances.at(0).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(run.instances.at(0).reason, "tcp does not claim events");
}

TEST_F(JudgeHistory, AnInstanceThatNeverRanIsInconclusive) {
  instance("one");
  const RunResult run = judge_history(cases_, history_);
  EXPECT_EQ(run.instances.at(0).verdict, Verdict::kInconclusive);
  EXPECT_EQ(run.instances.at(0).reason, "no schedule of it has run");
}

TEST_F(JudgeHistory, WhatTheRunDidNotFinishIsInconclusive) {
  instance("one").begun = false;
  history_.instances.back().ended = false;
  ran("other", both_sent());
  history_.instances.back().ended = false;
  const RunResult run = judge_history(cases_, history_);
  EXPECT_EQ(run.instances.at(0).verdict, Verdict::kInconclusive);
  EXPECT_EQ(run.instances.at(0).reason, "the run was cut off before this case");
  EXPECT_EQ(run.instances.at(1).verdict, Verdict::kInconclusive);
  EXPECT_EQ(run.instances.at(1).reason, "the run was cut off in the middle of this case");
}

TEST_F(JudgeHistory, WhatIsAlreadyViolatedIsNoMatterOfTheRest) {
  ran("one", first_failed());
  history_.instances.back().ended = false;
  EXPECT_EQ(judge_history(cases_, history_).instances.at(0).verdict, Verdict::kFail);
}

TEST_F(JudgeHistory, WhatWasAskedOtherwiseIsHeldAgainstNobody) {
  ran("one", first_failed());
  HistoryInstance& recorded = history_.instances.back();
  recorded.asked = asked_hash(*find_instance(cases_.cases.front(), axes("one")));
  EXPECT_EQ(judge_history(cases_, history_).instances.at(0).verdict, Verdict::kFail);
  recorded.asked = "0123456789abcdef";
  const InstanceResult judged = judge_history(cases_, history_).instances.at(0);
  EXPECT_EQ(judged.verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged.reason, "the case asks for other calls now than when it was run");
  EXPECT_TRUE(judged.schedules.empty());
}

std::string error_of(const CaseSet& cases, const History& history) {
  try {
    judge_history(cases, history);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(JudgeHistory, ACaseThatIsGoneIsAnError) {
  instance("one", "b-case");
  EXPECT_EQ(error_of(cases_, history_),
            "x.jsonl: it is of a case \"b-case\" that is not there any more");
}

TEST_F(JudgeHistory, AxesThatAreGoneAreAnError) {
  instance("third");
  EXPECT_EQ(error_of(cases_, history_),
            "case.yaml:1:1: it has no axes provider=tcp,way=third any more");
}

TEST_F(JudgeHistory, AScheduleOfNoInstanceIsNotLostSilently) {
  instance("one");
  history_.schedules.push_back(history_of(first_failed(), axes("other")));
  EXPECT_EQ(
      error_of(cases_, history_),
      "x.jsonl: schedule ABCDEFGH is of a-case/provider=tcp,way=other, which is not among its "
      "instances");
}

TEST_F(JudgeHistory, AFileIsJudgedAsTheMemoryIs) {
  ran("one", both_sent());
  ran("other", first_failed());
  const ScratchFolder folder;
  const std::string path = folder.path("history.jsonl");
  {
    HistoryWriter writer(path);
    writer.header(history_.header);
    for (const HistoryInstance& instance : history_.instances) {
      writer.planned(instance);
      writer.begin(instance);
    }
    for (const ScheduleHistory& schedule : history_.schedules) {
      const std::size_t number = writer.begin(schedule);
      for (const Event& event : schedule.events) writer.event(number, event);
      writer.end(number, schedule);
    }
    for (const HistoryInstance& instance : history_.instances) writer.end(instance);
    writer.footer(2, nanoseconds(1000));
  }
  const RunResult memory = judge_history(cases_, history_);
  Judging judging(cases_);
  const History read =
      read_history(path, [&](const History& so_far, const ScheduleHistory& schedule) {
        judging.take(so_far, schedule);
      });
  const RunResult file = judging.result(read);
  ASSERT_EQ(file.instances.size(), memory.instances.size());
  for (std::size_t i = 0; i < file.instances.size(); ++i) {
    const InstanceResult& a = file.instances[i];
    const InstanceResult& b = memory.instances[i];
    EXPECT_EQ(a.verdict, b.verdict);
    EXPECT_EQ(a.reason, b.reason);
    ASSERT_EQ(a.schedules.size(), b.schedules.size());
    for (std::size_t j = 0; j < a.schedules.size(); ++j) {
      EXPECT_EQ(a.schedules[j].verdict, b.schedules[j].verdict);
      EXPECT_EQ(a.schedules[j].duration, b.schedules[j].duration);
      ASSERT_EQ(a.schedules[j].violations.size(), b.schedules[j].violations.size());
      for (std::size_t k = 0; k < a.schedules[j].violations.size(); ++k) {
        EXPECT_EQ(a.schedules[j].violations[k].message, b.schedules[j].violations[k].message);
      }
      ASSERT_EQ(a.schedules[j].steps.size(), b.schedules[j].steps.size());
      for (std::size_t k = 0; k < a.schedules[j].steps.size(); ++k) {
        EXPECT_EQ(a.schedules[j].steps[k].observed, b.schedules[j].steps[k].observed);
        EXPECT_EQ(a.schedules[j].steps[k].began, b.schedules[j].steps[k].began);
        EXPECT_EQ(a.schedules[j].steps[k].ended, b.schedules[j].steps[k].ended);
      }
      ASSERT_EQ(a.schedules[j].conversation.size(), b.schedules[j].conversation.size());
    }
  }
}

}  // namespace
}  // namespace ws2conform::judge_test
