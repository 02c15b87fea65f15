#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

using namespace std::chrono_literals;
using Status = StepRecord::Status;

StepRecord step(const char* id, const char* actor, const char* call, const char* result, int began,
                int ended, std::vector<std::string> after = {}) {
  StepRecord record;
  record.id = id;
  record.actor = actor;
  record.call = call;
  record.expected = result;
  record.observed = result;
  record.status = Status::kMet;
  record.after = std::move(after);
  record.began = std::chrono::microseconds(began);
  record.ended = std::chrono::microseconds(ended);
  return record;
}

StepRecord given(StepRecord record) {
  record.opening = true;
  return record;
}

Requirement requirement(const char* id, Level level, const char* file, const char* statement,
                        Provenance provenance = Provenance::kDocumented) {
  Requirement made;
  made.id = id;
  made.level = level;
  made.file = file;
  made.statement = statement;
  made.source = "Connection Setup and Teardown, paragraph 4";
  made.provenance = provenance;
  return made;
}

InstanceResult instance(const char* id, const char* title, const char* area, Verdict verdict,
                        std::vector<ScheduleResult> schedules) {
  InstanceResult made;
  made.case_id = id;
  made.title = title;
  made.area = area;
  made.file = std::string("cases/") + area + "/" + id + ".yaml";
  made.verdict = verdict;
  made.schedules = std::move(schedules);
  made.schedules_possible = made.schedules.size();
  return made;
}

InstanceResult totals(const char* notice, Verdict verdict, std::vector<ScheduleResult> schedules) {
  InstanceResult made = instance("totals-answered-by-grand-total",
                                 "The client's total is answered by the server's grand total",
                                 "teardown", verdict, std::move(schedules));
  made.requirements = {"SEED-A14", "SEED-A16", "SEED-A21"};
  made.axes = {{"provider", "message"}, {"notice", notice}};
  return made;
}

ScheduleResult with_verdict(ScheduleResult schedule, Verdict verdict, const char* reason) {
  schedule.verdict = verdict;
  schedule.reason = reason;
  return schedule;
}

void add_requirements(RunResult& run) {
  const char* teardown = "cases/requirements/teardown.yaml";
  const char* setup = "cases/requirements/setup.yaml";
  for (Requirement& made : std::vector<Requirement>{
           requirement("SEED-A14", Level::kMust, teardown,
                       "The end that begins the teardown may hand over data with it."),
           requirement("SEED-A16", Level::kMust, teardown,
                       "After notice of the teardown the data of the peer can be fetched."),
           requirement("SEED-A21", Level::kMust, teardown,
                       "The end that began the teardown can fetch the answer of its peer."),
           requirement("TEAR-12", Level::kMust, teardown,
                       "Disconnect data is what the peer gave, whole or an error."),
           requirement("TEAR-40", Level::kShould, teardown,
                       "A closed listener refuses calls that wait for it."),
           requirement("TEAR-41", Level::kMay, teardown, "A second teardown is an error."),
           requirement("ACC-03", Level::kMust, setup,
                       "A deferred request stays at the head of the queue."),
           requirement("ACC-09", Level::kMay, setup,
                       "A rejected caller learns no more than that it was refused.",
                       Provenance::kWindows),
           requirement("ACC-17", Level::kMay, setup, "A backlog of zero still holds one request.",
                       Provenance::kReferenceChoice)})
    run.requirements[made.id] = made;
}

InstanceResult error_instance() {
  InstanceResult made =
      instance("deferred-stays-first", "A deferred request stays at the head of the queue", "setup",
               Verdict::kError, {});
  ScheduleResult schedule = hanging_schedule();
  schedule.verdict = Verdict::kError;
  made.schedules = {schedule};
  made.schedules_possible = 12;
  made.requirements = {"ACC-03"};
  made.axes = {{"provider", "stream"}};
  made.reason = "The adapter of second_client ended with signal 11 while WSAConnect was pending.";
  return made;
}

}  // namespace

ScheduleResult totals_schedule() {
  ScheduleResult schedule;
  schedule.replay_id = "t7-1f4c";
  schedule.order = "1 2 3 4 6( 5 5a 6) 7 8";
  schedule.duration = 3200us;
  schedule.steps = {
      given(step("a", "server", "listen(listener, backlog: 5)", "returns 0", 0, 10)),
      given(step("b", "client", "WSAConnect(client)", "returns 0", 20, 180)),
      given(step("c", "server", "WSAAccept(listener)", "returns server", 60, 190)),
      step("1", "client", "WSASendDisconnect(client, data: \"3\")", "returns 0", 200, 230),
      step("2", "server", "FD_CLOSE(server)", "error 0", 240, 300, {"1"}),
      step("3", "server", "WSARecvDisconnect(server)", "returns 0, data \"3\"", 310, 330),
      step("4", "server", "compute grand_total: 42 + 3", "45", 340, 350),
      step("5", "server", "WSASendDisconnect(server, data: \"45\")", "returns 0", 400, 430),
      step("5a", "server", "closesocket(server)", "returns 0", 450, 470),
      step("6", "client", "FD_CLOSE(client)", "error 0", 360, 480, {"5"}),
      step("7", "client", "WSARecvDisconnect(client)", "returns 0, data \"45\"", 500, 540),
      step("8", "client", "closesocket(client)", "returns 0", 560, 580),
  };
  return schedule;
}

ScheduleResult failing_schedule() {
  ScheduleResult schedule = totals_schedule();
  schedule.replay_id = "t7-9e02";
  schedule.order = "1 2 3 4 6( 5 5a 6) 7 8";
  schedule.verdict = Verdict::kFail;
  StepRecord& seventh = schedule.steps[10];
  seventh.observed = "returns 0, no data";
  seventh.status = Status::kViolated;
  seventh.line = 19;
  StepRecord& eighth = schedule.steps[11];
  eighth.status = Status::kNotReached;
  eighth.observed.clear();
  eighth.began.reset();
  eighth.ended.reset();

  Violation data;
  data.check = "step 7 data";
  data.step = "7";
  data.requirements = {"SEED-A21"};
  data.file = "cases/teardown/totals-answered-by-grand-total.yaml";
  data.line = 19;
  data.expected = "returns 0, data \"45\"";
  data.observed = "returns 0, no data";
  data.message = "Step 7: WSARecvDisconnect on the client returned no data; \"45\" was expected.";
  Violation whole;
  whole.check = "disconnect-data-whole";
  whole.requirements = {"TEAR-12"};
  whole.message = "The server gave 2 octets of disconnect data and the client received none.";
  schedule.violations = {data, whole};

  schedule.conversation = {
      {490us, "client", ">", R"({"id": 9, "op": "WSARecvDisconnect", "socket": "client"})"},
      {530us, "client", "<", R"({"id": 9, "returns": 0, "data": ""})"},
      {535us, "client", "!", "warning: <disconnect> \"data\" dropped"},
  };
  return schedule;
}

ScheduleResult hanging_schedule() {
  ScheduleResult schedule;
  schedule.replay_id = "d2-77aa";
  schedule.order = "1( 2( 3 1) 2)";
  schedule.verdict = Verdict::kFail;
  schedule.duration = 2s;
  schedule.steps = {
      step("1", "client", "WSAConnect(client)", "returns 0", 0, 900),
      step("2", "second_client", "WSAConnect(second)", "returns 0", 100, 0, {"3"}),
      step("3", "server", "WSAAccept(listener, CF_DEFER)", "WSATRY_AGAIN", 300, 400, {"1"}),
  };
  schedule.steps[1].ended.reset();
  schedule.steps[1].observed.clear();
  schedule.steps[1].status = Status::kViolated;
  return schedule;
}

ScheduleResult relayed_schedule() {
  ScheduleResult schedule;
  schedule.replay_id = "r1-0c17";
  schedule.order = "1 2 3";
  schedule.steps = {
      given(step("a", "client", "WSAConnect(client)", "returns 0", 20, 180)),
      step("1", "client", "send(client, data: \"hello\")", "returns 5", 200, 230),
      step("2", "server", "recv(server)", "returns 5, data \"hello\"", 240, 300, {"1"}),
      step("3", "server", "send(server, data: \"good\")", "returns 4", 310, 330),
      step("4", "client", "recv(client)", "fails with WSAECONNRESET", 320, 420, {"3"}),
  };
  schedule.wire = {
      {100us, "client", "server", false, "62 octets"},  // of the opening
      {210us, "client", "server", false, "13 octets"},
      {212us, "client", "server", true, "13 octets"},
      {325us, "server", "client", false, "12 octets"},
      {340us, "server", "client", true, "8 octets"},
      {341us, "server", "client", true, "RST"},
      {342us, "client", "server", true, "RST"},
  };
  return schedule;
}

RunResult sample_run() {
  RunResult run;
  run.suite_version = "0.1.0";
  run.case_set = "3f2a9c51d07be84466c0a1c7d2e5f8b90a11223344556677";
  run.started = "2025-03-14T09:26:53Z";
  run.edition = "documented";
  run.machine = "Linux 6.1 x86_64, 2 processors";
  run.command_line = "ws2conform run layered --report build/report";
  run.implementations = {{"client and server", "layered", "ws2 layered", "0.1.0"}};
  run.duration = 14230ms;
  add_requirements(run);

  ScheduleResult second = totals_schedule();
  second.order = "1 2 3 4 5 6 5a 7 8";
  run.instances.push_back(totals("FD_CLOSE", Verdict::kPass, {totals_schedule(), second}));
  run.instances.back().schedules_possible = 9;
  run.instances.push_back(totals("recv-zero", Verdict::kPass, {totals_schedule()}));
  run.instances.push_back(
      totals("WSAEDISCON", Verdict::kFail, {totals_schedule(), failing_schedule()}));

  InstanceResult gap = totals("FD_CLOSE", Verdict::kNotApplicable, {});
  gap.axes[0].second = "tcp";
  gap.reason = "tcp does not declare XP1_DISCONNECT_DATA";
  run.instances.push_back(gap);
  run.instances.push_back(error_instance());

  InstanceResult undecided = instance(
      "refused-after-close", "A closed listener refuses whoever waits", "setup",
      Verdict::kInconclusive,
      {with_verdict(hanging_schedule(), Verdict::kInconclusive, "the machine was too busy")});
  undecided.requirements = {"TEAR-40"};
  undecided.reason = "No answer within the calibrated patience, and no fence exists.";
  run.instances.push_back(undecided);

  InstanceResult known = instance("rejected-caller", "A rejected caller is refused", "setup",
                                  Verdict::kKnownFailure, {failing_schedule()});
  known.reason = "baseline: the layer answers WSAETIMEDOUT";
  known.requirements = {"ACC-09"};
  run.instances.push_back(known);

  InstanceResult better = instance("backlog-of-one", "A full backlog refuses", "setup",
                                   Verdict::kUnexpectedPass, {totals_schedule()});
  better.requirements = {"ACC-17"};
  run.instances.push_back(better);
  return run;
}

}  // namespace ws2conform::reports
